import GRDB
public import Measurements

extension RunReader {
    /// Returns series reduced for plotting; see ``SeriesReduction``. A series of a million points takes a few
    /// milliseconds.
    ///
    /// - Parameters:
    ///   - series: the series; those that the run does not have are omitted.
    ///   - range: the range of steps; all steps by default.
    ///   - buckets: the number of intervals, at least 1.
    public func reductions(
        of series: [SeriesName], in range: ClosedRange<Int>? = nil, buckets: Int
    ) throws -> [SeriesName: SeriesReduction] {
        try read { database in
            let identifiers = try RunReader.identifiers(database)
            var reductions: [SeriesName: SeriesReduction] = [:]
            for name in series {
                guard let identifier = identifiers[name] else { continue }
                reductions[name] = try RunReader.reduction(of: identifier, in: range, buckets: buckets, database)
            }
            return reductions
        }
    }

    /// Returns the means of a series on a grid; `nil` if the run does not have the series.
    public func means(of series: SeriesName, in range: ClosedRange<Int>, buckets: Int) throws -> SeriesMeans? {
        try read { database in
            guard let identifier = try RunReader.identifiers(database)[series] else { return nil }
            if range.count / max(1, buckets) >= 2 * PointBlock.length {
                let blocks = try RunReader.blocks(of: identifier, in: range, database)
                return SeriesMeans(
                    range, buckets: buckets,
                    blocks.map { (Double($0.number * PointBlock.length + PointBlock.length / 2), $0.total, $0.count) })
            }
            var parts: [(step: Double, total: Double, count: Int)] = []
            let rows = try Blocks.points(of: identifier, in: range, database)
            while let row = try rows.next() {
                if let value = row[1] as Double?, value.isFinite { parts.append((Double(row[0] as Int), value, 1)) }
            }
            return SeriesMeans(range, buckets: buckets, parts)
        }
    }

    /// Returns evenly spaced steps of the run with their epochs, images seen and times, for plotting a series over
    /// these instead of steps.
    public func milestones(_ count: Int) throws -> [SeriesPoint] {
        try read { database in
            guard
                let first = try Int.fetchOne(
                    database, sql: "SELECT CAST(MIN(step) AS INTEGER) FROM step WHERE step >= 0"),
                let last = try Int.fetchOne(
                    database,
                    sql: "SELECT CAST(MAX(step) AS INTEGER) FROM step WHERE step <= \(Blocks.mostSteps)"),
                first <= last
            else { return [] }
            let (start, length) = (Double(first), Double(last) - Double(first))
            let wanted = (0...count).map { Int(start + (length * Double($0) / Double(count)).rounded(.down)) }
            var found: [SeriesPoint] = []
            for step in wanted {
                guard let milestone = try RunReader.milestone(atOrAfter: step, database),
                    found.last?.step != milestone.step
                else { continue }
                found.append(milestone)
            }
            return found
        }
    }

    static func milestone(atOrAfter step: Int, _ database: Database) throws -> SeriesPoint? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT CAST(step AS INTEGER), CAST(IFNULL(epoch, 0) AS INTEGER),
                    CAST(IFNULL(images_seen, 0) AS INTEGER), CAST(IFNULL(wall_time, 0) AS REAL)
                FROM step WHERE step >= ? ORDER BY step.step LIMIT 1
                """, arguments: [step]
        ).map { SeriesPoint(step: $0[0], epoch: $0[1], imagesSeen: $0[2], wallTime: $0[3], value: 0) }
    }

    static func identifiers(_ database: Database) throws -> [SeriesName: Int64] {
        Dictionary(uniqueKeysWithValues: try RunReader.series(database).map { ($0.name, $0.identifier) })
    }

    private static func reduction(
        of series: Int64, in range: ClosedRange<Int>?, buckets: Int, _ database: Database
    ) throws -> SeriesReduction {
        let ends = try Row.fetchOne(
            database,
            sql: """
                SELECT CAST((SELECT MIN(step) FROM point WHERE series_id = ?1 AND step >= 0) AS INTEGER),
                    CAST((SELECT MAX(step) FROM point WHERE series_id = ?1 AND step <= ?2) AS INTEGER)
                """,
            arguments: [series, Blocks.mostSteps])
        guard let first = ends?[0] as Int?, let last = ends?[1] as Int?, first <= last else {
            return SeriesReduction(line: [], marks: [], buckets: buckets)
        }
        let range = range?.clamped(to: first...last) ?? first...last
        guard range.count / max(1, buckets) >= 2 * PointBlock.length else {
            var (line, marks): ([SeriesReduction.Point], [SeriesReduction.Point]) = ([], [])
            let rows = try Blocks.points(of: series, in: range, database)
            while let row = try rows.next() {
                let point: SeriesReduction.Point = (row[0], row[1] as Double? ?? .nan)
                if point.value.isFinite { line.append(point) } else { marks.append(point) }
            }
            return SeriesReduction(line: line, marks: marks.prefix(SeriesReduction.mostMarks), buckets: buckets)
        }
        let blocks = try blocks(of: series, in: range, database)
        return SeriesReduction(
            line: blocks.flatMap(\.extremes).filter { range.contains($0.step) },
            marks: try marks(of: series, in: blocks, database), buckets: buckets)
    }

    private static func marks(
        of series: Int64, in blocks: [PointBlock], _ database: Database
    ) throws -> [SeriesReduction.Point] {
        var marks: [SeriesReduction.Point] = []
        for block in blocks where block.nonFiniteCount > 0 && marks.count < SeriesReduction.mostMarks {
            let rows = try Blocks.points(of: series, in: PointBlock.steps(of: block.number), database)
            while let row = try rows.next() {
                let value = row[1] as Double? ?? .nan
                if !value.isFinite { marks.append((row[0], value)) }
            }
        }
        return marks
    }

    /// Returns the blocks that overlap a range; computes them for a run of a version that stored none.
    private static func blocks(
        of series: Int64, in range: ClosedRange<Int>, _ database: Database
    ) throws -> [PointBlock] {
        try database.tableExists("block")
            ? Blocks.stored(series, in: range, database) : Blocks.summarized(series, in: range, database)
    }
}
