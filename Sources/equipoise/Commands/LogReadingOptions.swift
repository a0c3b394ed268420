import ArgumentParser
import Diagnostics
import Recipes

/// How another program's log is to be read, where its own text does not tell.
struct LogReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Map a series to a column of the log; may be repeated.", valueName: "series=column"))
    var column: [String] = []
    @Option(help: "The training objective. Default: inferred from the losses.") var objective: String?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting of that run, such as learningRate=0.02, so that the remedies fit; may be repeated.",
            valueName: "key=value"))
    var settings: [String] = []

    func validate() throws {
        if let objective, Objective(rawValue: objective) == nil {
            let names = Objective.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--objective takes one of \(names).")
        }
    }

    /// The training objective; `nil` to infer it.
    var trainingObjective: Objective? { objective.flatMap(Objective.init) }

    func facts() throws -> Facts { try Facts(settings) }
}
