import Diagnostics
import Foundation
import Measurements
import UserFolders

/// A cache of the summaries of a library's completed runs, in one file in the user's cache folder, so that a thousand
/// runs can be listed without opening a thousand databases. A summary is valid only while its run's stamp is unchanged.
public struct SummaryCache: Sendable {
    /// The cache file of one library.
    let file: URL

    /// Fewer runs than this are as fast to read again.
    static let fewestRuns = 20

    /// Increase this whenever the same files would give a different summary.
    private static let format = 3

    /// Creates the cache of the library in a folder.
    ///
    /// - Parameter folder: the folder of cache files; by default `equipoise/lists` in the user's cache.
    init(of library: URL, in folder: URL = UserCache.folder().appending(path: "lists")) {
        // If the hashes of two libraries collide, they overwrite each other's file; the stamps prevent wrong summaries.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in library.path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        file = folder.appending(path: String(hash, radix: 16) + ".json")
    }

    /// A run's summary, with the stamp of the files that it was read from.
    public struct Entry: Sendable {
        /// The stamp, taken before the summary was read.
        public var stamp: RunStamp
        /// The summary read from the files.
        public var summary: RunSummary
    }

    /// Returns the cached summaries of runs with these stamps; empty if there is no file of this format.
    func load(_ runs: [(folder: RunFolder, stamp: RunStamp)]) -> [Entry] {
        guard let data = try? Data(contentsOf: file),
            let contents = try? SummaryCache.decoder.decode(Contents.self, from: data),
            contents.format == SummaryCache.format, contents.rules == DiagnosisRecord.currentRules
        else { return [] }
        return runs.compactMap { folder, stamp in
            guard let run = contents.runs[folder.name], run.stamp == stamp else { return nil }
            return Entry(stamp: stamp, summary: run.summary(of: folder, common: contents.common))
        }
    }

    /// Saves the summaries of completed runs. A failure, for example on a full disk, only costs time.
    func save(_ entries: [Entry]) {
        let entries = entries.filter(SummaryCache.isOver)
        let common = entries.first?.summary.parameters ?? [:]
        let runs = Dictionary(
            entries.map { ($0.summary.id, Run($0, common: common)) }, uniquingKeysWith: { first, _ in first })
        let contents = Contents(
            format: SummaryCache.format, rules: DiagnosisRecord.currentRules, common: common, runs: runs)
        guard let data = try? SummaryCache.encoder.encode(contents) else { return }
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try? data.write(to: file, options: .atomic)
    }

    /// Whether the summary depends only on the files: that of a running run also depends on the time.
    static func isOver(_ entry: Entry) -> Bool {
        !entry.stamp.isHeld && entry.summary.problem == nil && entry.summary.status.map { $0 != .running } == true
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }()

    private static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }()
}

extension SummaryCache {
    private struct Contents: Codable {
        let format: Int
        /// The version of the rules that judged the runs.
        let rules: Int
        /// The parameters of one of the runs; only differences from them are stored for the others.
        let common: [String: String]
        let runs: [String: Run]
    }

    private struct Run: Codable {
        let stamp: RunStamp
        let label: String?
        let status: RunOutcome?
        let start: Date?
        let duration: TimeInterval?
        let recipe: String?
        let parent: String?
        let lastStep: Int?
        let lastValues: [String: Double]
        let judgment: RunSummary.Judgment?
        /// The parameters that differ from the common ones; `nil` for those that the run does not have.
        let parameters: [String: String?]
        let course: [Double]
        let annotations: RunAnnotations

        init(_ entry: Entry, common: [String: String]) {
            let summary = entry.summary
            stamp = entry.stamp
            (label, status) = (summary.label, summary.status)
            (start, duration, recipe) = (summary.start, summary.duration, summary.recipe)
            (parent, lastStep, judgment) = (summary.parent, summary.lastStep, summary.judgment)
            lastValues = Dictionary(uniqueKeysWithValues: summary.lastValues.map { ($0.key.rawValue, $0.value) })
            var parameters: [String: String?] = summary.parameters.filter { common[$0.key] != $0.value }
            for path in common.keys where summary.parameters[path] == nil { parameters.updateValue(nil, forKey: path) }
            self.parameters = parameters
            (course, annotations) = (summary.course, summary.annotations)
        }

        func summary(of folder: RunFolder, common: [String: String]) -> RunSummary {
            var summary = RunSummary(empty: folder)
            (summary.label, summary.status) = (label, status)
            (summary.start, summary.duration, summary.recipe) = (start, duration, recipe)
            (summary.parent, summary.lastStep, summary.judgment) = (parent, lastStep, judgment)
            for (name, value) in lastValues { summary.lastValues[SeriesName(name)] = value }
            summary.parameters = common
            for (path, value) in parameters { summary.parameters[path] = value }
            (summary.course, summary.annotations) = (course, annotations)
            return summary
        }
    }
}
