import Foundation
import Recipes

/// What people noted of a run, beside what it recorded: it can change at any time, whoever writes to the run.
public struct RunAnnotations: Codable, Sendable, Equatable {
    /// Short words to find the run by, in alphabetical order.
    public var tags: [String]
    /// Some lines of text.
    public var note: String
    /// Whether lists leave the run out unless they are asked for everything.
    public var isHidden: Bool

    /// No tags, no note, not hidden.
    public init() {
        tags = []
        note = ""
        isHidden = false
    }

    static let mostTags = 32
    static let longestTag = 64
    static let longestNote = 20_000

    /// The annotations as they may be kept: tags trimmed, without doubles, in order.
    ///
    /// - Throws: ``RunStoreError`` if there is too much of something.
    func checked() throws -> RunAnnotations {
        var checked = self
        checked.tags = Set(tags.map(\.trimmingWhitespace).filter { !$0.isEmpty }).sorted()
        guard checked.tags.count <= RunAnnotations.mostTags else {
            throw RunStoreError.failed("A run takes at most \(RunAnnotations.mostTags) tags; remove some.")
        }
        for tag in checked.tags {
            guard tag.utf8.count <= RunAnnotations.longestTag,
                tag.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
            else {
                throw RunStoreError.failed(
                    "A tag is one line of at most \(RunAnnotations.longestTag) bytes; shorten “\(tag.prefix(40))”.")
            }
        }
        guard note.utf8.count <= RunAnnotations.longestNote else {
            throw RunStoreError.failed("A note has at most \(RunAnnotations.longestNote) bytes; shorten it.")
        }
        return checked
    }

    private enum CodingKeys: String, CodingKey {
        case tags, note
        case isHidden = "hidden"
    }

    /// Decodes `{"tags": ["…"], "note": "…", "hidden": false}`, each of which may be missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        tags = try container.decodeIfPresent([String].self, forKey: .tags) ?? []
        note = try container.decodeIfPresent(String.self, forKey: .note) ?? ""
        isHidden = try container.decodeIfPresent(Bool.self, forKey: .isHidden) ?? false
    }
}

extension RunFolder {
    /// What people noted of the run; nothing if the file is missing or damaged.
    public func readAnnotations() -> RunAnnotations {
        guard let data = contents(of: annotations, mostBytes: 1 << 20) else { return RunAnnotations() }
        return (try? JSONDecoder().decode(RunAnnotations.self, from: data)) ?? RunAnnotations()
    }

    /// Replaces what people noted of the run, at once and whole.
    ///
    /// - Throws: ``RunStoreError`` if there is too much of something, or if the file cannot be written.
    @discardableResult public func write(_ new: RunAnnotations) throws -> RunAnnotations {
        guard exists else { throw RunStoreError.notARun(directory) }
        let checked = try new.checked()
        do {
            try JSONEncoder().encode(checked).write(to: annotations, options: .atomic)
        } catch {
            throw RunStoreError.failed(
                "The note cannot be saved in \(directory.path); check its permissions and the space left.")
        }
        return checked
    }
}
