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
}
