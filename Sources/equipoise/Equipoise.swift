import ArgumentParser
import Foundation
import Runs

@main
struct Equipoise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "equipoise",
        abstract: "Trains generative adversarial networks and watches every step.",
        discussion: """
            Example:
              equipoise train quick
              equipoise show latest
            """,
        version: EquipoiseVersion.current,
        subcommands: [
            TrainCommand.self, ResumeCommand.self, RetryCommand.self, SampleCommand.self, ListCommand.self,
            ShowCommand.self, CompareCommand.self, ExportCommand.self, ReportCommand.self, DashboardCommand.self,
            DiagnoseCommand.self, EvaluateCommand.self, NDBCommand.self, DataCommand.self, ZooCommand.self,
            LeftOutCommand.self, BenchmarkCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot(KeyFlags.expanded(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch let code as ExitCode {
            exit(withError: code)
        } catch  where isFromArgumentParser(error) {
            exit(withError: error)
        } catch {
            complain("\(error)")
            exit(withError: ExitCode(1))
        }
    }

    /// Whether it is the parser's own: wrong usage, or a request for help.
    private static func isFromArgumentParser(_ error: any Error) -> Bool {
        exitCode(for: error) != .failure || error is ValidationError || error is CleanExit
    }
}

/// Writes one line to standard error.
func complain(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\(line)\n".utf8))
}
