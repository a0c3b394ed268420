import ArgumentParser
import Recipes

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List the keys of a recipe: meaning, range and default.",
        discussion: """
            Set a key in a recipe file, with --set key=value, or with a flag of its name, such as --network.latent 64.

            Examples:
              equipoise keys
              equipoise keys penalties
              equipoise keys learningRate --json
            """)

    @Argument(help: "List only keys whose path or meaning contains this text.") var filter: String?
    @Flag(help: "Print JSON only.") var json = false

    func run() throws {
        let defaults = TrainingConfiguration()
        let all = (TrainingConfiguration.sharedKeys + TrainingConfiguration.keys).map { Entry($0, defaults) }
        let entries = filter.map { filter in all.filter { $0.matches(filter) } } ?? all
        guard !entries.isEmpty else {
            throw CommandError("No key contains “\(filter ?? "")”; equipoise keys lists all of them.")
        }
        guard !json else { return try emit(JSONText.encode(entries)) }
        for entry in entries {
            try emit("\(entry.key): \(entry.value)")
            try emit("    \(entry.meaning)")
            try emit("    \(entry.takes)")
        }
    }

    private struct Entry: Encodable {
        let key: String
        let value: ConfigurationValue
        let takes: String
        let meaning: String

        init(_ key: ConfigurationKey, _ defaults: TrainingConfiguration) {
            self.key = key.path
            value = key.read(defaults)
            takes = key.allowed
            meaning = key.summary
        }

        func matches(_ filter: String) -> Bool {
            [key, meaning].contains { $0.lowercased().contains(filter.lowercased()) }
        }

        private enum CodingKeys: String, CodingKey {
            case key, takes, meaning
            case value = "default"
        }
    }
}
