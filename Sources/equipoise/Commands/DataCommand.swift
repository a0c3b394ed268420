import ArgumentParser
import DatasetFiles
import Foundation

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "List, fetch and verify the data sets known by name.",
        discussion: """
            Examples:
              equipoise data list
              equipoise data fetch mnist
            """,
        subcommands: [List.self, Fetch.self, Verify.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say which data sets there are, and where they lie.")

        func run() throws {
            let locator = DatasetLocator()
            let rows = DatasetCatalog.all.map { dataset in
                [
                    dataset.name, dataset.summary,
                    (try? locator.locate(dataset).folder.path) ?? "not here; equipoise data fetch \(dataset.name)",
                ]
            }
            let synthetic = [
                ["ring", "8 normal distributions on a circle", "made when needed"],
                ["grid", "25 normal distributions on a grid", "made when needed"],
            ]
            try TextTable(header: ["name", "what it is", "where"], rows: rows + synthetic).lines.forEach {
                try emit($0)
            }
        }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Download a data set into the cache.")

        @Argument(help: ArgumentHelp("mnist or fashion-mnist.", valueName: "name")) var name: String

        func run() throws {
            let dataset = try DatasetCatalog.dataset(named: name)
            let folder = DatasetLocator().downloadFolder(for: dataset)
            let console = Console()
            try Downloader().fetch(dataset, to: folder) { console.status($0.summary) }
            console.line("\(name) is in \(folder.path)")
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check a data set's files, counts and checksums.")

        @Argument(help: ArgumentHelp("mnist or fashion-mnist.", valueName: "name")) var name: String

        func run() throws {
            let report = DatasetVerifier.verify(try DatasetLocator().locate(DatasetCatalog.dataset(named: name)))
            try emit(report.folder.path)
            try report.files.forEach { try emit("  \($0.summary)") }
            if !report.isValid { throw ExitCode(1) }
        }
    }
}
