import GRDB
public import Measurements

extension RunReader {
    /// Writes the run as comma-separated values (RFC 4180, but with bare line feeds), one row per step.
    ///
    /// The columns are `step,epoch,images_seen` and the series. Numbers are written exactly; NaN and infinity are
    /// `nan`, `inf` and `-inf`; a missing value is an empty field. Rows are written as they are read, so memory use
    /// does not grow with the run.
    ///
    /// - Parameters:
    ///   - series: the series, in column order; by default all series of the run.
    ///   - steps: the range of steps to write.
    ///   - write: receives one line, including its line feed.
    /// - Throws: ``RunStoreError/unknownSeries(_:available:)``, or any error that `write` throws.
    public func csv(
        series: [SeriesName]? = nil, steps range: ClosedRange<Int> = 0...Int.max, _ write: (String) throws -> Void
    ) throws {
        try read { database in
            let all = try RunReader.series(database)
            let columns = try (series ?? all.map(\.name)).map { name in
                guard let found = all.first(where: { $0.name == name }) else {
                    throw RunStoreError.unknownSeries(name, available: all.map(\.name))
                }
                return try Column(found.identifier, range, database)
            }
            let names = (series ?? all.map(\.name)).map(\.rawValue)
            try write((["step", "epoch", "images_seen"] + names).map(\.csvField).joined(separator: ",") + "\n")
            let steps = try Row.fetchCursor(
                database,
                sql: """
                    SELECT CAST(step AS INTEGER), CAST(IFNULL(epoch, 0) AS INTEGER), CAST(IFNULL(images_seen, 0) AS INTEGER)
                    FROM step WHERE step BETWEEN ? AND ? ORDER BY step.step
                    """,
                arguments: [max(0, range.lowerBound), min(range.upperBound, Blocks.mostSteps)])
            while let row = try steps.next() {
                let step: Int = row[0]
                var line = "\(step),\(row[1] as Int),\(row[2] as Int)"
                for column in columns {
                    line += ","
                    if let value = try column.value(at: step) { line += value.csvText }
                }
                try write(line + "\n")
            }
        }
    }

    /// Returns the whole run as comma-separated values; see ``csv(series:_:)``.
    public func csv(series: [SeriesName]? = nil) throws -> String {
        var text = ""
        try csv(series: series) { text += $0 }
        return text
    }

    /// A series that is read in parallel with the others.
    private final class Column {
        private let cursor: RowCursor
        private var next: (step: Int, value: Double)?

        init(_ series: Int64, _ range: ClosedRange<Int>, _ database: Database) throws {
            cursor = try Blocks.points(of: series, in: range, database)
            try advance()
        }

        /// Returns the value at a step; steps must be ascending.
        func value(at step: Int) throws -> Double? {
            while let point = next, point.step <= step {
                try advance()
                if point.step == step { return point.value }
            }
            return nil
        }

        private func advance() throws {
            next = try cursor.next().map { (step: $0[0], value: $0[1] as Double? ?? .nan) }
        }
    }
}

extension Double {
    /// The shortest text that reads back as the same number; `nan`, `inf` or `-inf` otherwise.
    fileprivate var csvText: String { isNaN ? "nan" : "\(self)" }
}

extension String {
    /// The text as a CSV field, quoted if necessary.
    fileprivate var csvField: String {
        guard contains(where: { ",\"".contains($0) || $0.isNewline }) else { return self }
        return "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
