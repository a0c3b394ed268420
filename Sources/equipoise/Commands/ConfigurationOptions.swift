import ArgumentParser
import Recipes

/// Flags that override single keys of a recipe. Their values are checked where the keys are defined.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "mnist, fashion-mnist, stacked-mnist, ring, grid, an IDX file, or a folder of pictures or IDX files.")
    var data: String?
    @Option(parsing: .unconditional, help: "Resize and crop pictures to 28, 32, 64 or 128 pixels.") var imageSize:
        String?
    @Option(parsing: .unconditional, help: "1 for grey, 3 for colour.") var channels: String?
    @Flag(help: "Leave broken pictures of a folder out.") var skipBroken = false
    @Option(parsing: .unconditional, help: "What the players strive for; brings its penalties and optimisers along.")
    var objective: String?
    @Option(parsing: .unconditional, help: "Passes through the data.") var epochs: String?
    @Option(parsing: .unconditional, help: "Stop after this many steps; 0 for no limit.") var maxSteps: String?
    @Option(parsing: .unconditional, help: "Real examples in a step.") var batchSize: String?
    @Option(parsing: .unconditional, help: "The length of the generator's input.") var latent: String?
    @Option(parsing: .unconditional, help: "Of both optimisers.") var learningRate: String?
    @Option(parsing: .unconditional, help: "What all random numbers start from.") var seed: String?
    @Option(parsing: .unconditional, help: "auto, cpu, cuda, cuda:N or mps.") var device: String?
    @Option(parsing: .unconditional, help: "float32 or bfloat16.") var precision: String?
    @Option(parsing: .unconditional, help: "Processor threads; 0 for all cores.") var threads: String?
    @Option(parsing: .unconditional, help: "How many checkpoints are kept.") var keep: String?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Any key of the recipe; may be repeated. Every key is a flag too: --training.packing 2.",
            valueName: "key=value"))
    var assignments: [String] = []

    /// The configuration of a recipe or file, with the flags applied.
    func configuration(_ recipe: String) throws -> TrainingConfiguration {
        var configuration = try RecipeCatalog.configuration(recipe)
        let flags: [(String, String?)] = [
            ("data.source", data), ("data.imageSize", imageSize), ("data.channels", channels),
            ("data.skipBroken", skipBroken ? "true" : nil), ("objective", objective), ("training.epochs", epochs),
            ("training.maxSteps", maxSteps), ("training.batchSize", batchSize), ("network.latent", latent),
            ("optimizer.learningRate", learningRate), ("seed", seed), ("device", device), ("precision", precision),
            ("threads", threads), ("checkpoints.keep", keep),
        ]
        let given = flags.compactMap { path, value in value.map { "\(path)=\($0)" } }
        try configuration.set(assignments: given + assignments)
        return try configuration.validated()
    }
}
