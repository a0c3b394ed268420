import Foundation
import GRDB
public import Measurements

extension RunReader {
    /// Returns the series of the run, in column order.
    public func seriesNames() throws -> [SeriesName] { try read { try RunReader.series($0).map(\.name) } }

    /// Returns the values of a series in step order; empty if the run has no such series.
    ///
    /// - Parameters:
    ///   - series: the series.
    ///   - step: return only values after this step, for a reader that already has the earlier ones.
    public func points(of series: SeriesName, after step: Int? = nil) throws -> [SeriesPoint] {
        try read { database in
            let cursor = try RunReader.points(of: series, after: step, database)
            var points: [SeriesPoint] = []
            while let row = try cursor.next() { points.append(RunReader.point(row)) }
            return points
        }
    }

    /// Returns all measurements, in step order.
    public func measurements() throws -> [StepRecord] {
        try read { database in
            var measurements: [Int: StepRecord] = [:]
            for series in try RunReader.series(database) {
                let cursor = try RunReader.points(of: series.name, after: nil, database)
                while let row = try cursor.next() {
                    let point = RunReader.point(row)
                    let empty = StepRecord(
                        step: point.step, epoch: point.epoch, imagesSeen: point.imagesSeen, wallTime: point.wallTime,
                        values: [])
                    measurements[point.step, default: empty].values.append((series.name, point.value))
                }
            }
            return measurements.values.sorted { $0.step < $1.step }
        }
    }

    /// Returns the exact mean of a series over the steps of each epoch.
    ///
    /// A NaN value is not skipped: it makes the mean of its epoch NaN.
    public func epochMeans(of series: SeriesName) throws -> [EpochMean] {
        try read { database in
            let cursor = try RunReader.points(of: series, after: nil, database)
            var means: [EpochMean] = []
            var sum = 0.0
            while let row = try cursor.next() {
                let point = RunReader.point(row)
                if means.last?.epoch != point.epoch {
                    means.append(EpochMean(epoch: point.epoch, lastStep: point.step, count: 0, mean: .nan))
                    sum = 0
                }
                sum += point.value
                means[means.count - 1].lastStep = point.step
                means[means.count - 1].count += 1
                means[means.count - 1].mean = sum / Double(means[means.count - 1].count)
            }
            return means
        }
    }

    /// Returns the newest value of every series.
    public func lastValues() throws -> [SeriesName: SeriesPoint] {
        try read(RunReader.lastValues)
    }

    static func lastValues(_ database: Database) throws -> [SeriesName: SeriesPoint] {
        // CROSS JOIN makes SQLite keep this order: one look-up per series instead of a scan of all points.
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(pointColumns), CAST(name AS TEXT) FROM series
                CROSS JOIN point ON series_id = series.id
                    AND point.step = (SELECT MAX(last.step) FROM point AS last WHERE last.series_id = series.id)
                JOIN step ON step.step = point.step
                """)
        var values: [SeriesName: SeriesPoint] = [:]
        while let row = try rows.next() { values[SeriesName(row[5] as String? ?? "")] = point(row) }
        return values
    }

    /// Returns the total time in seconds during which the run was stopped before it was resumed.
    static func pauses(_ database: Database) throws -> TimeInterval {
        try Double.fetchOne(
            database,
            sql: """
                SELECT CAST(SUM(event.wall_time - (SELECT MAX(wall_time) FROM step WHERE step.wall_time < event.wall_time)) AS REAL)
                FROM event WHERE kind = 'resumed'
                """) ?? 0
    }

    /// Returns the newest step; `nil` before the first.
    public func lastStep() throws -> Int? {
        try read { try Int.fetchOne($0, sql: "SELECT CAST(MAX(step) AS INTEGER) FROM step") }
    }

    static func series(_ database: Database) throws -> [(identifier: Int64, name: SeriesName)] {
        let all = try Row.fetchAll(
            database, sql: "SELECT CAST(id AS INTEGER), CAST(name AS TEXT) FROM series ORDER BY 1"
        )
        .map { (identifier: $0[0] as Int64, name: SeriesName($0[1] as String? ?? "")) }
        // Swift may consider two names equal that differ in SQLite (Unicode equivalence); use the first of them.
        var seen: Set<SeriesName> = []
        return all.filter { seen.insert($0.name).inserted }.sorted { SeriesName.stands($0.name, before: $1.name) }
    }

    /// The query uses CAST because SQLite stores values of any type in a column, and a run may come from an untrusted
    /// source.
    private static let pointsQuery = """
        SELECT \(pointColumns) FROM point JOIN step ON step.step = point.step
        WHERE series_id = ? AND point.step > ?
        """

    private static let pointColumns = """
        CAST(point.step AS INTEGER), CAST(IFNULL(epoch, 0) AS INTEGER), CAST(IFNULL(images_seen, 0) AS INTEGER),
        CAST(IFNULL(wall_time, 0) AS REAL), CAST(value AS REAL)
        """

    private static func points(of series: SeriesName, after step: Int?, _ database: Database) throws -> RowCursor {
        let identifier =
            try Int64.fetchOne(
                database, sql: "SELECT CAST(id AS INTEGER) FROM series WHERE name = ?", arguments: [series.rawValue])
            ?? -1
        return try Row.fetchCursor(
            database, sql: pointsQuery + " ORDER BY point.step", arguments: [identifier, step ?? Int.min])
    }

    /// Converts a row of the query; NULL represents NaN.
    private static func point(_ row: Row) -> SeriesPoint {
        SeriesPoint(
            step: row[0], epoch: row[1], imagesSeen: row[2], wallTime: row[3], value: row[4] as Double? ?? .nan)
    }
}
