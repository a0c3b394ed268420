import ArgumentParser
import DatasetFiles
import Foundation
import Runs

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a run's series to a file for other programs.",
        discussion: """
            Example:
              equipoise export latest --format csv -o losses.csv
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case csv }

    @Argument(help: ArgumentHelp("An id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String
    @Option(help: "csv: a row a step, a column a series.") var format: Format
    @Option(name: [.customShort("o"), .long], help: "A file; standard output without it.") var output: String?
    @OptionGroup var runs: RunsOption

    func run() throws {
        let reader = try runs.reader(runName)
        guard let output else {
            try reader.csv { try writeToStandardOutput(Data($0.utf8)) }
            return
        }
        let file = try OutputFile(URL(fileURLWithPath: output))
        try reader.csv { try file.write(Data($0.utf8)) }
        try file.finish()
    }
}
