import EventFiles
public import Foundation

/// The logs of one run that grow: what its program prints, and the files that it writes.
///
/// They may be the same series in several forms, or hold one series each. Logs that have grown while they were watched
/// take precedence over logs that have not, because those may be of an earlier run.
public struct GrowingLogs {
    private struct Source {
        var log: GrowingLog
        var hasGrown: Bool
        /// The interpretation of what was read so far; `nil` if it is due, and a failure if there is none.
        var file: Result<LogFile, any Error>?
    }

    private struct EventFile {
        var reader: EventFileReader
        var hasGrown: Bool
        var problem: String?
    }

    private var sources: [URL: Source] = [:]
    private var events: [URL: EventFile] = [:]
    /// The scalars of each folder of event files.
    private var folders: [String: EventFileLog.TagSeries] = [:]

    public init() {}

    /// Whether a file may be a log, by its name.
    public static func mayBeLog(_ url: URL) -> Bool {
        isEventFile(url) || textExtensions.contains(url.pathExtension.lowercased())
    }

    /// Arrays are written as a whole, and files without an extension may be anything.
    private static let textExtensions = LossLog.extensions.subtracting(["npy", "npz", ""])

    private static func isEventFile(_ url: URL) -> Bool { url.lastPathComponent.contains("tfevents") }

    /// Adds bytes of a source.
    ///
    /// - Parameter isNew: whether they were written while the source was watched.
    public mutating func append(_ bytes: some Collection<UInt8>, of url: URL, isNew: Bool) {
        if GrowingLogs.isEventFile(url) {
            appendEvents(bytes, of: url, isNew)
        } else {
            sources[url, default: Source(log: GrowingLog(source: url), hasGrown: false)].log.append(bytes)
            sources[url]?.file = nil
            if isNew { sources[url]?.hasGrown = true }
        }
    }

    private mutating func appendEvents(_ bytes: some Collection<UInt8>, of url: URL, _ isNew: Bool) {
        var file = events[url] ?? EventFile(reader: EventFileReader([], source: url.path), hasGrown: false)
        events[url] = nil
        file.hasGrown = file.hasGrown || isNew
        // Nothing after damage can be trusted.
        if file.problem == nil {
            file.reader.append(bytes)
            let folder = url.deletingLastPathComponent().path
            file.problem = folders[folder, default: EventFileLog.TagSeries()].read(&file.reader)
        }
        events[url] = file
    }

    /// Forgets what was read of a source, which was written anew.
    public mutating func restart(_ url: URL) {
        sources[url] = nil
        guard events.removeValue(forKey: url) != nil else { return }
        // The scalars of a folder come from all of its files; those of the others are in the log only once.
        let folder = url.deletingLastPathComponent().path
        if !events.keys.contains(where: { $0.deletingLastPathComponent().path == folder }) { folders[folder] = nil }
    }

    /// Ends the last line of each source, so that it counts.
    public mutating func endLines() {
        for url in Array(sources.keys) {
            sources[url]?.log.append([UInt8(ascii: "\n")])
            sources[url]?.file = nil
        }
    }

    /// Interprets everything added so far, up to the last complete lines.
    ///
    /// - Throws: ``LogError`` if nothing of it is the log of a GAN, or not yet.
    public mutating func log(assignments: [String] = []) throws -> LossLog {
        let haveGrown = sources.values.contains(where: \.hasGrown) || events.values.contains(where: \.hasGrown)
        if haveGrown, let log = try? LossLog(of: files { $0 }, assignments: assignments) { return log }
        return try LossLog(of: files { _ in true }, assignments: assignments)
    }

    /// Takes what was added into an interpretation made before.
    ///
    /// - Returns: false if the log must be interpreted anew, because the new rows may change the meaning of the earlier
    ///   ones or another log may be the better one now.
    public mutating func extend(_ log: inout ForeignLog) -> Bool {
        let url = URL(fileURLWithPath: log.log.source)
        guard sources.count == 1 || sources[url]?.hasGrown == true, events.isEmpty, let source = sources[url],
            let file = source.file ?? (try? Result.success(source.log.file()))
        else { return false }
        sources[url]?.file = file
        guard case .success(let file) = file else { return false }
        return log.extend(by: file)
    }

    /// The files that a predicate on whether they have grown chooses.
    private mutating func files(_ isChosen: (Bool) -> Bool) -> [LogFile] {
        var files: [LogFile] = []
        for (url, source) in sources.sorted(by: { $0.key.path < $1.key.path }) where isChosen(source.hasGrown) {
            let file = source.file ?? Result { try source.log.file() }
            sources[url]?.file = file
            if case .success(let file) = file { files.append(file) }
        }
        let chosen = events.filter { isChosen($0.value.hasGrown) }
        let names = Set(chosen.keys.map { $0.deletingLastPathComponent().path })
        let problems = chosen.values.compactMap(\.problem)
        let series = folders.filter { names.contains($0.key) }
        if let name = names.min(), let log = try? EventFileLog.log(series, name: name, problems) { files.append(log) }
        return files
    }
}
