import Foundation
import Recipes

extension RunLibrary {
    /// Finds the run that a text refers to: `latest`, an identifier, a label, the beginning of an identifier or of its
    /// word pair (`brisk`), or a path.
    ///
    /// - Throws: ``RunStoreError/ambiguous(_:candidates:)`` if several runs match,
    ///   ``RunStoreError/notFound(_:looked:count:nearest:)`` if none does.
    public func find(_ text: String) throws -> RunFolder {
        let folders = folders()
        if text == "latest" {
            guard let latest = list().first(where: { $0.problem == nil }) else {
                throw RunStoreError.notFound(text, looked: directory, count: folders.count, nearest: [])
            }
            return latest.folder
        }
        if text.contains("/") || text == "." || text == ".." {
            let folder = RunFolder(URL(fileURLWithPath: text, isDirectory: true))
            guard folder.exists else { throw RunStoreError.notARun(folder.directory) }
            return folder
        }
        if let exact = folders.first(where: { $0.name == text }) { return exact }
        guard !text.isEmpty else {
            throw RunStoreError.notFound(text, looked: directory, count: folders.count, nearest: [])
        }
        let labels = Dictionary(
            folders.map { ($0, (try? RunReader($0).metadata())?.label) }, uniquingKeysWith: { first, _ in first })
        let labeled = folders.filter { labels[$0] == text }
        let begun = folders.filter { folder in
            folder.name.hasPrefix(text) || RunIdentifier(folder.name)?.words?.hasPrefix(text) == true
        }
        for matches in [labeled, begun] where !matches.isEmpty {
            guard matches.count == 1 else {
                throw RunStoreError.ambiguous(text, candidates: matches.map(\.name).sorted())
            }
            return matches[0]
        }
        let folder = RunFolder(URL(fileURLWithPath: text, isDirectory: true))
        if folder.exists { return folder }
        throw RunStoreError.notFound(
            text, looked: directory, count: folders.count, nearest: nearest(to: text, labels: labels))
    }

    /// Returns up to three identifiers and labels that a misspelled text may refer to.
    private func nearest(to text: String, labels: [RunFolder: String?]) -> [String] {
        let limit = max(2, text.count / 3)
        let scored = labels.flatMap { folder, label -> [(distance: Int, name: String)] in
            let words = RunIdentifier(folder.name)?.words
            let distances = [folder.name, words].compactMap { $0.map { editDistance(text, $0) } }
            let ofLabel = label.map { (distance: editDistance(text, $0), name: $0) }
            return [(distance: distances.min() ?? .max, name: folder.name)] + [ofLabel].compactMap { $0 }
        }
        return scored.filter { $0.distance <= limit }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3).map(\.name)
    }
}
