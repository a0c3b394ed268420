import ArgumentParser
import Foundation
import Runs

@main
struct Equipoise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "equipoise",
        abstract: "Train GANs, and find out when and why training fails.",
        discussion: """
            Examples:
              equipoise train quick
              equipoise diagnose latest
              equipoise diagnose --losses train.log
            """,
        version: EquipoiseVersion.current,
        subcommands: [
            TrainCommand.self, ResumeCommand.self, RetryCommand.self, SampleCommand.self, ListCommand.self,
            ShowCommand.self, CompareCommand.self, ExportCommand.self, ReportCommand.self, DashboardCommand.self,
            DiagnoseCommand.self, WatchCommand.self, EvaluateCommand.self, NDBCommand.self, DataCommand.self,
            KeysCommand.self,
            ZooCommand.self,
            LeftOutCommand.self, BenchmarkCommand.self,
        ])

    static func main() {
        do {
            let arguments = WatchCommand.marked(KeyFlags.expanded(Array(CommandLine.arguments.dropFirst())))
            var command = try parseAsRoot(arguments)
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

    /// Whether the error comes from the argument parser: wrong usage, or a request for help.
    private static func isFromArgumentParser(_ error: any Error) -> Bool {
        exitCode(for: error) != .failure || error is ValidationError || error is CleanExit
    }
}

/// Writes one line to standard error.
func complain(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\(line)\n".utf8))
}
