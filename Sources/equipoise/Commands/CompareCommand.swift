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
        let differences = try RunReader.differences(of: readers)
        let last = try readers.map { try $0.lastValues() }
        let series = SeriesName.perStep.filter { name in last.contains { $0[name] != nil } }
        if json {
            try emit(
                try JSONText.encode(
                    try readers.indices.map { index in
                        Entry(
                            run: readers[index].folder.name,
                            configuration: Dictionary(
                                uniqueKeysWithValues: differences.map {
                                    ($0.name, CompareCommand.typed($0.values[index], $0.name))
                                }),
                            lastStep: try readers[index].lastStep(),
                            lastValues: Dictionary(
                                uniqueKeysWithValues: series.compactMap { name in
                                    last[index][name].map { (name.rawValue, JSONNumber($0.value)) }
                                }))
                    }))
            return
        }
        var rows = differences.map { [$0.name] + $0.values }
        if rows.isEmpty { rows.append(["(same configuration)"] + readers.map { _ in "" }) }
        rows.append(["state"] + (try readers.map { try $0.status().name }))
        rows.append(["last step"] + (try readers.map { try $0.lastStep().map(String.init) ?? "" }))
        rows += series.map { name in [name.rawValue] + last.map { $0[name].map { threeDecimals($0.value) } ?? "" } }
        try TextTable(header: [""] + readers.map(\.folder.name), rows: rows).lines.forEach { try emit($0) }
    }

    /// A stored value in its type: a number or a flag for a key that this version knows, else a text.
    private static func typed(_ text: String, _ name: String) -> ConfigurationValue {
        var configuration = TrainingConfiguration()
        guard (try? configuration.set(name, to: text)) != nil, let value = try? configuration.value(of: name) else {
            return .text(text)
        }
        return value
    }

    private struct Entry: Encodable {
        let run: String
        let configuration: [String: ConfigurationValue]
        let lastStep: Int?
        let lastValues: [String: JSONNumber]
    }
}
