import Diagnostics
import Foundation
import Measurements
import UserFolders

/// The summaries of a library's runs that are over, kept in one file in the user's cache folder, so that a thousand runs are listed
/// without opening a thousand databases. Each counts only while its run's stamp is what it was.
public struct SummaryCache: Sendable {
    /// The file of one library.
    let file: URL

    /// Fewer runs than this are read again as fast.
    static let fewestRuns = 20

    /// To be raised whenever a summary comes to say something else of the same files.
    private static let format = 3

    /// The cache of the library in a folder.
    ///
    /// - Parameter folder: where caches lie; by default `equipoise/lists` in the user's.
    init(of library: URL, in folder: URL = UserCache.folder().appending(path: "lists")) {
        // Two libraries whose names collide would take turns: their runs' stamps tell them apart.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in library.path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        file = folder.appending(path: String(hash, radix: 16) + ".json")
    }

    /// A run's summary, and the stamp of the files that it was read from.
    public struct Entry: Sendable {
        /// The stamp, taken before the summary was read.
        public var stamp: RunStamp
        /// What the files say.
        public var summary: RunSummary
    }

    /// What is kept of runs with these stamps; nothing if there is no file of this format.
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

    /// Keeps the summaries of runs that are over. That it cannot be written, as in a home without room, costs time only.
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

    /// Whether the summary says the same as long as the files do: of a run that trains it also tells the time.
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
        /// The version of the rules that judged them.
        let rules: Int
        /// The parameters of one of the runs; of the others only what differs is stored.
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
        let judgement: RunSummary.Judgement?
        /// The parameters that are not the common ones; `nil` for those that it does not have.
        let parameters: [String: String?]
        let course: [Double]
        let annotations: RunAnnotations

        init(_ entry: Entry, common: [String: String]) {
            let summary = entry.summary
            stamp = entry.stamp
            (label, status) = (summary.label, summary.status)
            (start, duration, recipe) = (summary.start, summary.duration, summary.recipe)
            (parent, lastStep, judgement) = (summary.parent, summary.lastStep, summary.judgement)
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
            (summary.parent, summary.lastStep, summary.judgement) = (parent, lastStep, judgement)
            for (name, value) in lastValues { summary.lastValues[SeriesName(name)] = value }
            summary.parameters = common
            for (path, value) in parameters { summary.parameters[path] = value }
            (summary.course, summary.annotations) = (course, annotations)
            return summary
        }
    }
}
