public import Diagnostics
public import Recipes
public import Runs

/// A run trained again with a remedy of its diagnosis.
public struct Retry {
    /// The remedy, and the finding that it is for.
    public let remedy: Remedy
    public let reason: String
    /// The configuration of the new run.
    public let configuration: TrainingConfiguration
    /// The keys that differ from the old run.
    public let changes: [ConfigurationDifference]
    /// Links the new run to the old one.
    public let origin: TrainingSession.Origin

    /// - Parameters:
    ///   - diagnosis: of the run.
    ///   - number: the number of the remedy, from 1, among those that change the configuration.
    ///   - assignments: further changes, such as `training.epochs=20`.
    /// - Throws: `ConfigurationError` for assignments, ``RetryError`` if there is no such remedy or nothing is left of it, and
    ///   ``SessionError/unknownKeys(run:_:)``.
    public init(
        _ reader: RunReader, diagnosis: Diagnosis, remedy number: Int = 1, assignments: [String] = []
    ) throws {
        let (run, old) = (reader.folder.name, try reader.configuration())
        try TrainingSession.requireKnownKeys(reader)
        let remedies = diagnosis.changes
        guard !remedies.isEmpty else { throw RetryError.noRemedy(run: run) }
        guard remedies.indices.contains(number - 1) else {
            throw RetryError.outOfRange(run: run, number: number, count: remedies.count)
        }
        (remedy, reason) = remedies[number - 1]
        let remedied = try old.applying(remedy.change)
        var changed = remedied
        try changed.set(assignments: assignments)
        configuration = try changed.validated()
        changes = configuration.differences(from: old)
        let ofRemedy = remedied.differences(from: old)
        guard changes.contains(where: ofRemedy.contains) else { throw RetryError.undone(keys: ofRemedy.map(\.path)) }
        origin = TrainingSession.Origin(
            parent: try reader.metadata().id,
            remedy: AppliedRemedy(
                title: remedy.title, reason: reason,
                change: Dictionary(uniqueKeysWithValues: changes.map { ($0.path, $0.ours) })))
    }
}

/// Why a run cannot be retried.
public enum RetryError: Error, CustomStringConvertible {
    /// The diagnosis recommends no change.
    case noRemedy(run: String)
    /// The diagnosis has fewer remedies.
    case outOfRange(run: String, number: Int, count: Int)
    /// The assignments undo everything that the remedy changes.
    case undone(keys: [String])

    public var description: String {
        switch self {
        case .noRemedy(let run):
            "The diagnosis of \(run) recommends no change of the configuration."
        case .outOfRange(let run, let number, let count):
            "There is no remedy \(number): the diagnosis of \(run) has \(count) remedies."
        case .undone(let keys):
            "The given settings undo everything that the remedy changes (\(keys.joined(separator: ", "))); choose another remedy."
        }
    }
}
