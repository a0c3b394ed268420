public import Foundation

extension LossLog {
    /// Reads a log in any supported format: printed text, CSV and other tables, JSON, TensorBoard event files, NumPy
    /// arrays, a folder of those, or several files that hold one series each.
    ///
    /// - Parameters:
    ///   - urls: files or folders.
    ///   - assignments: such as `loss_generator=G_loss`; they override what the names suggest.
    /// - Throws: ``LogError``.
    public init(contentsOf urls: [URL], assignments: [String] = []) throws {
        try self.init(of: urls.flatMap(LossLog.files), assignments: assignments)
    }

    /// Reads the log of which these are the files: its series in one file each, or the same log in several forms.
    init(of files: [LogFile], assignments: [String]) throws {
        guard !files.isEmpty else { throw LogError("There is no log to read.") }
        var parts: [LogFile] = []
        var others: [LogFile] = []
        for file in files {
            if file.isOneSeries, parts.isEmpty || parts.allSatisfy(file.complements) {
                parts.append(file)
            } else {
                others.append(file)
            }
        }
        self = try LossLog.best(of: (parts.count > 1 ? [LogFile.joined(parts)] : parts) + others, assignments)
    }

    public init(contentsOf url: URL, assignments: [String] = []) throws {
        try self.init(contentsOf: [url], assignments: assignments)
    }

    /// Chooses the most informative of several logs, such as a program's printed output and its saved file.
    private static func best(of files: [LogFile], _ assignments: [String]) throws -> LossLog {
        guard files.count > 1 else { return try LossLog(files[0], assignments: assignments) }
        var logs: [LossLog] = []
        var problem: LogError?
        for file in files {
            do {
                logs.append(try LossLog(file, assignments: assignments))
            } catch let error as LogError {
                problem = problem ?? error
            }
        }
        func worth(_ log: LossLog) -> (Int, Int) {
            (log.mapping.players.map(\.columns.count).reduce(0, +) + log.mapping.scores.count, log.rowCount)
        }
        guard var best = logs.max(by: { worth($0) < worth($1) }) else {
            throw problem ?? LogError("None of the \(files.count) files contains losses of a GAN.")
        }
        let others = files.map(\.name).filter { $0 != best.source }.map { ($0 as NSString).lastPathComponent }
        best.notes.append(
            "Judged from \((best.source as NSString).lastPathComponent); ignored: "
                + "\(others.prefix(5).joined(separator: ", "))."
        )
        return best
    }

    static let extensions: Set<String> = [
        "csv", "tsv", "json", "jsonl", "ndjson", "log", "txt", "out", "html", "ipynb", "npy", "npz", "",
    ]

    private static func files(_ url: URL) throws -> [LogFile] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw LogError("There is no file or folder \(url.path).")
        }
        guard isFolder.boolValue else { return [try LogFile(url)] }
        if let events = try EventFileLog.read(folder: url) { return [events] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path))?.sorted() ?? []
        let candidates = names.filter { name in
            !name.hasPrefix(".") && extensions.contains((name as NSString).pathExtension.lowercased())
        }
        var problem: LogError?
        let files = candidates.compactMap { name -> LogFile? in
            do {
                return try LogFile(url.appending(path: name))
            } catch {
                problem = problem ?? error as? LogError
                return nil
            }
        }
        guard !files.isEmpty else {
            throw problem
                ?? LogError(
                    "\(url.path) contains no log: it has no TensorBoard event file, CSV, JSON, text file or NumPy array."
                )
        }
        return files
    }
}
