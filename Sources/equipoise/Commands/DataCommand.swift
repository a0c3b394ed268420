import ArgumentParser
import DatasetFiles
import Datasets
import Foundation
import Torch
import Training

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "List, download and verify the named datasets.",
        discussion: """
            Examples:
              equipoise data list
              equipoise data fetch mnist
            """,
        subcommands: [List.self, Fetch.self, Verify.self, Classifiers.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the named datasets and where they are stored.")

        func run() throws {
            let locator = DatasetLocator()
            let rows = DatasetCatalog.all.map { dataset in
                [
                    dataset.name, dataset.summary,
                    (try? locator.locate(dataset).folder.path)
                        ?? "not downloaded; equipoise data fetch \(dataset.name)",
                ]
            }
            let synthetic = [
                ["ring", "8 normal distributions on a circle", "generated when needed"],
                ["grid", "25 normal distributions on a grid", "generated when needed"],
            ]
            try TextTable(header: ["name", "contents", "location"], rows: rows + synthetic).lines.forEach {
                try emit($0)
            }
        }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Download a dataset into the cache.")

        @Argument(help: ArgumentHelp("mnist or fashion-mnist.", valueName: "name")) var name: String

        func run() throws {
            let dataset = try DatasetCatalog.dataset(named: name)
            let folder = DatasetLocator().downloadFolder(for: dataset)
            let console = Console()
            try Downloader().fetch(dataset, to: folder) { console.status($0.summary) }
            console.line("\(name) is in \(folder.path)")
        }
    }

    struct Classifiers: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Retrain the built-in classifiers and write them as Swift files.",
            shouldDisplay: false)

        @Option(name: .shortAndLong, help: "The folder for the Swift files: Sources/Training/Classifiers.")
        var output: String
        @Argument(help: "mnist or fashion-mnist.") var names: [String] = ShippedClassifier.names

        func run() throws {
            let console = Console()
            try LibTorch.keepLargeAllocations()
            for name in names {
                let images = try DatasetLocator().locate(DatasetCatalog.dataset(named: name)).images(.train)
                let file = try ShippedClassifier.make(ImageDataset(images)) {
                    console.status(String(format: "%@: %.0f %%", name, $0 * 100))
                }
                let url = URL(fileURLWithPath: output, isDirectory: true)
                    .appending(path: ShippedClassifier.sourceFileName(name))
                try Data(ShippedClassifier.source(of: file, name: name).utf8).write(to: url, options: .atomic)
                console.line("\(url.path): \(file.metadata["held_out_accuracy"] ?? "") of the held-out images right")
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check a dataset's files, counts and checksums.")

        @Argument(help: ArgumentHelp("mnist or fashion-mnist.", valueName: "name")) var name: String

        func run() throws {
            let report = DatasetVerifier.verify(try DatasetLocator().locate(DatasetCatalog.dataset(named: name)))
            try emit(report.folder.path)
            try report.files.forEach { try emit("  \($0.summary)") }
            if !report.isValid { throw ExitCode(1) }
        }
    }
}
