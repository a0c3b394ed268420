import ArgumentParser
import DataFiles
import Exporters
import Foundation
import Recipes
import Runs

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Export a run's series (values per step) and sheets (grids of samples) for other programs.",
        discussion: """
            Examples:
              equipoise export latest --format csv -o losses.csv
              equipoise export latest --format tensorboard -o logs/first
              equipoise export latest --format mlflow --url http://127.0.0.1:5000
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, tensorboard, mlflow }

    @Argument(help: ArgumentHelp("An id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String
    @Option(
        help: """
            csv: one row per step, one column per series. tensorboard: an event file with all series and sheets. mlflow: everything that \
            the server does not have yet.
            """)
    var format: Format
    @Option(
        name: [.customShort("o"), .long],
        help: "csv: a file (default: standard output). tensorboard: a folder (default: tensorboard/ in the run folder)."
    )
    var output: String?
    @Option(help: "mlflow: the address of the server.") var url: String?
    @Option(help: "mlflow: the experiment name.") var experiment = "equipoise"
    @OptionGroup var runs: RunsOption

    func validate() throws {
        if format == .mlflow {
            guard let url else { throw ValidationError("--format mlflow needs --url, such as http://127.0.0.1:5000.") }
            try check(server: url)
            guard output == nil else { throw ValidationError("-o cannot be combined with --format mlflow.") }
        } else if url != nil {
            throw ValidationError("--url needs --format mlflow.")
        }
    }

    func run() throws {
        let reader = try runs.reader(runName)
        switch format {
        case .csv: try writeCSV(reader)
        case .tensorboard: try writeEvents(reader)
        case .mlflow: try send(reader)
        }
    }

    private func writeCSV(_ reader: RunReader) throws {
        guard let output else {
            try reader.csv { try writeToStandardOutput(Data($0.utf8)) }
            return
        }
        let file = try OutputFile(URL(fileURLWithPath: output))
        try reader.csv { try file.write(Data($0.utf8)) }
        try file.finish()
    }

    private func writeEvents(_ reader: RunReader) throws {
        let folder = output.map { URL(fileURLWithPath: $0) } ?? reader.folder.tensorBoard
        let console = Console()
        do {
            let file = try TensorBoardExport.write(reader, to: folder) { console.warning($0) }
            console.line("Written to \(file.path); view it with: tensorboard --logdir \(folder.path)")
        } catch let error as CocoaError {
            throw CommandError("Cannot write to \(folder.path): \(plainReason(error)).")
        }
    }

    private func send(_ reader: RunReader) throws {
        guard let url else { return }
        let console = Console()
        let client = try MLflowClient(server: url)
        let run = try MLflowRun.export(reader, to: client, experiment: experiment) { console.warning($0) }
        console.line("Sent to \(url), experiment \(run.link.experiment), run \(run.link.runIdentifier).")
    }
}
