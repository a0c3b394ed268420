import EventFiles
import Foundation

/// Reads the scalars of TensorBoard event files as a log.
enum EventFileLog {
    /// - Returns: `nil` if the folder has no event file.
    static func read(folder: URL) throws -> LogFile? {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        // Sort the files by their start time, which their names contain.
        let files = names.filter { ($0 as NSString).lastPathComponent.contains("tfevents") }.sorted {
            (($0 as NSString).lastPathComponent, $0) < (($1 as NSString).lastPathComponent, $1)
        }
        guard !files.isEmpty else { return nil }
        var log = try read(files.map { folder.appending(path: $0) })
        log.name = folder.path
        return log
    }

    static func read(_ files: [URL]) throws -> LogFile {
        var folders: [String: TagSeries] = [:]
        var warnings: [String] = []
        for file in files {
            let folder = file.deletingLastPathComponent().path
            try read(file, into: &folders[folder, default: TagSeries()], &warnings)
        }
        return try log(folders, name: files[0].path, warnings)
    }

    /// The tags of one or several folders as a log.
    static func log(_ folders: [String: TagSeries], name: String, _ warnings: [String]) throws -> LogFile {
        let series = try TagSeries.joined(folders)
        guard !series.isEmpty else {
            throw LogError("\(name) contains no scalars.\(warnings.first.map { " \($0)" } ?? "")")
        }
        var table = table(series)
        if let restarts = folders.values.compactMap({ $0.restarts.values.max() }).max() {
            table.notes.append(
                "The steps of the event files go back \(Restarts.times(restarts)): after a restart, new values replace "
                    + "the old ones from its first step on, as in TensorBoard."
            )
        }
        return LogFile(name: name, table: table, warnings: warnings)
    }

    /// Reads one file up to its end, or to where it is damaged; everything before that counts.
    private static func read(_ file: URL, into series: inout TagSeries, _ warnings: inout [String]) throws {
        var reader = EventFileReader([UInt8](try LogFile.bytes(of: file)), source: file.path)
        if let problem = series.read(&reader) { warnings.append(problem) }
        if reader.isCutShort {
            warnings.append("\(file.path) ends in the middle of a record (is it still being written?).")
        }
    }

    /// The tags as columns, with one row per step.
    private static func table(_ series: [String: [(step: Int, value: Double)]]) -> LogTable {
        var rows: [Int: Int] = [:]
        for step in Set(series.values.lazy.flatMap { $0.lazy.map(\.step) }).sorted() { rows[step] = rows.count }
        var table = LogTable()
        let step = table.column("step")
        for number in rows.keys.sorted() {
            table.beginRow()
            if let step { table.append(Double(number), to: step) }
        }
        for (tag, points) in series.sorted(by: { $0.key < $1.key }) {
            guard let column = table.column(tag == "step" ? "step (logged)" : tag) else { continue }
            table.columns[column].rows = points.map { Int32(truncatingIfNeeded: rows[$0.step] ?? 0) }
            table.columns[column].values = points.map(\.value)
        }
        return table
    }

    /// The scalars of a folder by tag.
    struct TagSeries {
        private(set) var points: [String: [(step: Int, value: Double)]] = [:]
        /// How often the steps of a tag went back.
        private(set) var restarts: [String: Int] = [:]

        /// Reads all complete events; answers with a sentence if the file is damaged from some event on.
        mutating func read(_ reader: inout EventFileReader) -> String? {
            do {
                while let scalars = try reader.next() {
                    for (tag, value) in scalars.values { append((tag, scalars.step, value)) }
                }
                return nil
            } catch {
                return "\(error) The rest of that file was left out."
            }
        }

        /// A repeated or earlier step begins a restart, which replaces what it repeats (TensorBoard's rule).
        mutating func append(_ scalar: (tag: String, step: Int, value: Double)) {
            if let last = points[scalar.tag]?.last, last.step >= scalar.step {
                if last.step > scalar.step { restarts[scalar.tag, default: 0] += 1 }
                while let last = points[scalar.tag]?.last, last.step >= scalar.step { points[scalar.tag]?.removeLast() }
            }
            points[scalar.tag, default: []].append((scalar.step, scalar.value))
        }

        /// Joins the tags of several folders. `add_scalars`, and programs with one writer per metric, give every series
        /// its own folder and the same tag. If folders share several tags, they are several runs.
        static func joined(_ folders: [String: TagSeries]) throws -> [String: [(step: Int, value: Double)]] {
            var counts: [String: Int] = [:]
            for tag in folders.values.flatMap(\.points.keys) { counts[tag, default: 0] += 1 }
            let shared = counts.filter { $0.value > 1 }
            if shared.count > 1 {
                let names = folders.keys.sorted().prefix(5).joined(separator: ", ")
                throw LogError(
                    "“\(shared.keys.sorted()[0])” and \(shared.count - 1) more tags are logged in several folders, so these are several runs; choose one of \(names)."
                )
            }
            var joined: [String: [(step: Int, value: Double)]] = [:]
            for (folder, series) in folders.sorted(by: { $0.key < $1.key }) {
                for (tag, points) in series.points {
                    joined[counts[tag] == 1 ? tag : "\((folder as NSString).lastPathComponent)/\(tag)"] = points
                }
            }
            return joined
        }
    }
}
