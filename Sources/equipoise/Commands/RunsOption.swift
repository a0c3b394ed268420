import ArgumentParser
import Foundation
import Runs

/// Where the runs lie.
struct RunsOption: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The folder of all runs.", valueName: "dir"))
    var runs = "runs"

    /// The library of those who do not say where.
    static var standard: RunLibrary { RunLibrary(directory: URL(fileURLWithPath: "runs", isDirectory: true)) }

    var library: RunLibrary { RunLibrary(directory: URL(fileURLWithPath: runs, isDirectory: true)) }

    func reader(_ name: String) throws -> RunReader { try RunReader(library.find(name)) }

    /// What to write to name a run again: its id, with the folder of runs if it is not the usual one, or its path.
    func arguments(for folder: RunFolder) -> String {
        guard (try? library.find(folder.name)) == folder else { return RunsOption.quoted(folder.directory.path) }
        return folder.name + flags
    }

    /// What to write to mean these runs again.
    var flags: String { runs == "runs" ? "" : " --runs \(RunsOption.quoted(runs))" }

    private static func quoted(_ path: String) -> String { path.contains(" ") ? "'\(path)'" : path }
}
