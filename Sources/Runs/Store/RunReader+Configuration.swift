import Diagnostics
import Foundation
import GRDB
public import Recipes

extension RunReader {
    /// Returns the run's configuration, without the keys that this version does not know, see ``unknownKeys()``.
    ///
    /// - Throws: ``RunStoreError/foreign(folder:program:)`` if another program trained the run, and `ConfigurationError`
    ///   if a value is not allowed.
    public func configuration() throws -> TrainingConfiguration {
        let (program, rows) = try read { database in
            (
                try RunWriter.metadata(database).program,
                try RunReader.parameters(database).sorted { $0.key < $1.key }
            )
        }
        if let program { throw RunStoreError.foreign(folder: folder.directory, program: program.name) }
        var configuration = TrainingConfiguration()
        for (path, value) in rows {
            do {
                try configuration.set(path, to: value)
            } catch ConfigurationError.unknownKey {
                continue
            } catch let error as ConfigurationError {
                throw error.at(folder.database.path)
            }
        }
        return configuration
    }

    /// Whether Equipoise can train the run again: it has a configuration, and its networks and data are not those of
    /// another program.
    public func isRepeatable() throws -> Bool {
        guard try metadata().program == nil else { return false }
        return try !configuration().needsItsProgram
    }

    /// Returns the objective; `nil` if another program trained the run with an objective that is unknown.
    public func objective() throws -> Objective? {
        guard let program = try metadata().program else { return try configuration().objective }
        return program.players.first { $0.context.isObjectiveKnown }?.objective
    }

    /// Returns the keys of the run's configuration that this version does not know, because another version recorded
    /// the run.
    public func unknownKeys() throws -> [String] {
        try parameters().keys.sorted().filter { (try? TrainingConfiguration.key($0)) == nil }
    }

    /// Returns the stored settings by name: the keys of the configuration or, for a run of another program, that
    /// program's parameters. Keys that this version does not know are included.
    public func parameters() throws -> [String: String] { try read(RunReader.parameters) }

    /// Returns ``parameters()`` in the order in which to show them: the keys of a recipe in its order, then the others
    /// by name.
    public func orderedParameters() throws -> [(name: String, value: String)] {
        let stored = try parameters()
        let known = TrainingConfiguration.keys.map(\.path).filter { stored[$0] != nil }
        let others = Set(stored.keys).subtracting(known).sorted()
        return (known + others).map { ($0, stored[$0] ?? "") }
    }

    /// Returns the settings in which runs differ, each with its value in every run; empty where a run has no such
    /// setting.
    public static func differences(of readers: [RunReader]) throws -> [(name: String, values: [String])] {
        let parameters = try readers.map { try $0.orderedParameters() }
        let byName = parameters.map { Dictionary($0.map { ($0.name, $0.value) }) { first, _ in first } }
        var seen: Set<String> = []
        let names = parameters.joined().map(\.name).filter { seen.insert($0).inserted }
        return names.compactMap { name in
            let values = byName.map { $0[name] ?? "" }
            return Set(values).count > 1 ? (name, values) : nil
        }
    }

    /// Returns the settings as YAML: the recipe or, for a run of another program, its parameters.
    public func settingsText() throws -> String {
        guard try metadata().program != nil else { return try configuration().yaml }
        return RunWriter.yaml(try orderedParameters())
    }

    /// Reads the stored settings, including keys that this version does not know.
    static func parameters(_ database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT CAST(path AS TEXT), CAST(value AS TEXT) FROM configuration WHERE path IS NOT NULL")
        return Dictionary(rows.map { ($0[0], $0[1] ?? "") }) { first, _ in first }
    }
}
