import ArgumentParser
import Foundation
import Measurements
import Recipes
import Runs

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare runs: where their configurations differ, and how they ended.",
        discussion: """
            Example:
              equipoise compare latest baseline
            """)

    @Argument(help: ArgumentHelp("Two or more runs.", valueName: "runs")) var names: [String]
    @OptionGroup var runs: RunsOption
    @Flag(help: "Print JSON only.") var json = false

    func validate() throws {
        guard names.count >= 2 else { throw ValidationError("Name at least two runs to compare.") }
    }

    func run() throws {
        let readers = try names.map(runs.reader)
        let configurations = try readers.map { try $0.configuration() }
        let last = try readers.map { try $0.lastValues() }
        let paths = TrainingConfiguration.keys.map(\.path).filter { path in
            Set(configurations.map { try? $0.value(of: path) }).count > 1
        }
        let series = SeriesName.perStep.filter { name in last.contains { $0[name] != nil } }
        if json {
            try emit(
                try JSONText.encode(
                    try zip(readers, last).map { reader, last in
                        Entry(
                            run: reader.folder.name,
                            configuration: Dictionary(
                                uniqueKeysWithValues: try paths.map { ($0, try reader.configuration().value(of: $0)) }),
                            lastStep: try reader.lastStep(),
                            lastValues: Dictionary(
                                uniqueKeysWithValues: series.compactMap { name in
                                    last[name].map { (name.rawValue, JSONNumber($0.value)) }
                                }))
                    }))
            return
        }
        var rows = try paths.map { path in [path] + (try configurations.map { try $0.value(of: path).description }) }
        if rows.isEmpty { rows.append(["(same configuration)"] + configurations.map { _ in "" }) }
        rows.append(["state"] + (try readers.map { try $0.status().name }))
        rows.append(["last step"] + (try readers.map { try $0.lastStep().map(String.init) ?? "" }))
        rows += series.map { name in [name.rawValue] + last.map { $0[name].map { threeDecimals($0.value) } ?? "" } }
        try TextTable(header: [""] + readers.map(\.folder.name), rows: rows).lines.forEach { try emit($0) }
    }

    private struct Entry: Encodable {
        let run: String
        let configuration: [String: ConfigurationValue]
        let lastStep: Int?
        let lastValues: [String: JSONNumber]
    }
}
