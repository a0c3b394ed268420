import ArgumentParser
import Foundation
import Runs

/// The folder that holds the runs.
struct RunsOption: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The folder that holds the runs.", valueName: "dir"))
    var runs = "runs"

    /// The default library, `runs/` in the working directory.
    static var standard: RunLibrary { RunLibrary(directory: URL(fileURLWithPath: "runs", isDirectory: true)) }

    var library: RunLibrary { RunLibrary(directory: URL(fileURLWithPath: runs, isDirectory: true)) }

    func reader(_ name: String) throws -> RunReader { try RunReader(library.find(name)) }

    /// The arguments that name a run again: its id, with `--runs` if the folder is not the default one, or its path.
    func arguments(for folder: RunFolder) -> String {
        guard (try? library.find(folder.name)) == folder else { return RunsOption.quoted(folder.directory.path) }
        return folder.name + flags
    }

    /// The flag that names this folder again; empty for the default one.
    var flags: String { runs == "runs" ? "" : " --runs \(RunsOption.quoted(runs))" }

    private static func quoted(_ path: String) -> String { path.contains(" ") ? "'\(path)'" : path }
}
