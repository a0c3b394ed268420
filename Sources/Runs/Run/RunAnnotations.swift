import Foundation
import Recipes

/// User annotations of a run, stored apart from its recorded data. They can change at any time, even while the run is
/// being written.
public struct RunAnnotations: Codable, Sendable, Equatable {
    /// Short tags for finding the run, in alphabetical order.
    public var tags: [String]
    /// A free-form note.
    public var note: String
    /// Whether lists omit the run by default.
    public var isHidden: Bool

    /// Creates empty annotations.
    public init() {
        tags = []
        note = ""
        isHidden = false
    }

    static let mostTags = 32
    static let longestTag = 64
    static let longestNote = 20_000

    /// Returns the annotations in the form in which they are stored: tags trimmed, deduplicated and sorted.
    ///
    /// - Throws: ``RunStoreError`` if a limit is exceeded.
    func checked() throws -> RunAnnotations {
        var checked = self
        checked.tags = Set(tags.map(\.trimmingWhitespace).filter { !$0.isEmpty }).sorted()
        guard checked.tags.count <= RunAnnotations.mostTags else {
            throw RunStoreError.failed("A run can have at most \(RunAnnotations.mostTags) tags; remove some.")
        }
        for tag in checked.tags {
            guard tag.utf8.count <= RunAnnotations.longestTag,
                tag.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
            else {
                throw RunStoreError.failed(
                    "A tag must be one line of at most \(RunAnnotations.longestTag) bytes; shorten “\(tag.prefix(40))”."
                )
            }
        }
        guard note.utf8.count <= RunAnnotations.longestNote else {
            throw RunStoreError.failed("A note can have at most \(RunAnnotations.longestNote) bytes; shorten it.")
        }
        return checked
    }

    private enum CodingKeys: String, CodingKey {
        case tags, note
        case isHidden = "hidden"
    }

    /// Decodes `{"tags": ["…"], "note": "…", "hidden": false}`; each key is optional.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        tags = try container.decodeIfPresent([String].self, forKey: .tags) ?? []
        note = try container.decodeIfPresent(String.self, forKey: .note) ?? ""
        isHidden = try container.decodeIfPresent(Bool.self, forKey: .isHidden) ?? false
    }
}

extension RunFolder {
    /// Reads the annotations of the run; returns empty ones if the file is missing or damaged.
    public func readAnnotations() -> RunAnnotations {
        guard let data = contents(of: annotations, mostBytes: 1 << 20) else { return RunAnnotations() }
        return (try? JSONDecoder().decode(RunAnnotations.self, from: data)) ?? RunAnnotations()
    }

    /// Replaces the annotations of the run atomically.
    ///
    /// - Throws: ``RunStoreError`` if a limit is exceeded or if the file cannot be written.
    @discardableResult public func write(_ new: RunAnnotations) throws -> RunAnnotations {
        guard exists else { throw RunStoreError.notARun(directory) }
        let checked = try new.checked()
        do {
            try JSONEncoder().encode(checked).write(to: annotations, options: .atomic)
        } catch {
            throw RunStoreError.failed(
                "The annotations cannot be saved in \(directory.path); check its permissions and the free space.")
        }
        return checked
    }
}
