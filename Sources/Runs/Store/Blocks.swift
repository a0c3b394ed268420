import GRDB

/// The stored summaries of 64 steps each.
enum Blocks {
    static let table = """
        CREATE TABLE block (
            series_id INTEGER NOT NULL REFERENCES series(id),
            number INTEGER NOT NULL,
            count INTEGER NOT NULL,
            total REAL,
            low REAL, low_step INTEGER,
            high REAL, high_step INTEGER,
            non_finite INTEGER NOT NULL,
            PRIMARY KEY (series_id, number)
        ) WITHOUT ROWID;
        """

    /// Recomputes one block of a series from its points.
    static func renew(_ number: Int, of series: Int64, _ database: Database) throws {
        let steps = PointBlock.steps(of: number)
        var block = PointBlock(number: number)
        let rows = try points(of: series, in: steps, database)
        while let row = try rows.next() { block.add((row[0], row[1] as Double? ?? .nan)) }
        guard block.count + block.nonFiniteCount > 0 else {
            try database.cachedStatement(sql: "DELETE FROM block WHERE series_id = ? AND number = ?")
                .execute(arguments: [series, number])
            return
        }
        try insert(block, of: series, database)
    }

    /// Computes all blocks, for a run written by a version without them.
    static func renewAll(_ database: Database) throws {
        for series in try Int64.fetchAll(database, sql: "SELECT CAST(id AS INTEGER) FROM series") {
            for block in try summarized(series, in: 0...Int.max, database) { try insert(block, of: series, database) }
        }
    }

    /// Computes the blocks of a series that overlap a range of steps from its points.
    static func summarized(_ series: Int64, in range: ClosedRange<Int>, _ database: Database) throws -> [PointBlock] {
        var blocks: [PointBlock] = []
        let rows = try points(of: series, in: range, database)
        while let row = try rows.next() {
            let step: Int = row[0]
            let number = PointBlock.number(of: step)
            if blocks.last?.number != number { blocks.append(PointBlock(number: number)) }
            blocks[blocks.count - 1].add((step, row[1] as Double? ?? .nan))
        }
        return blocks
    }

    /// Reads the stored blocks of a series that overlap a range of steps.
    static func stored(_ series: Int64, in range: ClosedRange<Int>, _ database: Database) throws -> [PointBlock] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT CAST(number AS INTEGER), CAST(IFNULL(count, 0) AS INTEGER), CAST(total AS REAL), CAST(low AS REAL),
                    CAST(low_step AS INTEGER), CAST(high AS REAL), CAST(high_step AS INTEGER),
                    CAST(IFNULL(non_finite, 0) AS INTEGER)
                FROM block
                WHERE series_id = ? AND number BETWEEN ? AND ? ORDER BY number
                """,
            arguments: [
                series, PointBlock.number(of: max(0, range.lowerBound)),
                PointBlock.number(of: min(range.upperBound, mostSteps)),
            ])
        var blocks: [PointBlock] = []
        while let row = try rows.next() {
            var block = PointBlock(number: row[0])
            block.count = row[1]
            // The sum of huge values may be NaN, which is stored as NULL.
            block.total = row[2] as Double? ?? .nan
            block.low = (row[4] as Int? ?? 0, row[3] as Double? ?? .infinity)
            block.high = (row[6] as Int? ?? 0, row[5] as Double? ?? -.infinity)
            block.nonFiniteCount = row[7]
            blocks.append(block)
        }
        return blocks
    }

    /// The largest step that a run can have, which a Double still represents exactly. Larger steps are ignored.
    static let mostSteps = 1 << 53

    static func points(of series: Int64, in range: ClosedRange<Int>, _ database: Database) throws -> RowCursor {
        try Row.fetchCursor(
            database,
            sql: """
                SELECT CAST(step AS INTEGER), CAST(value AS REAL) FROM point
                WHERE series_id = ? AND step BETWEEN ? AND ? ORDER BY point.step
                """,
            arguments: [series, max(0, range.lowerBound), min(range.upperBound, mostSteps)])
    }

    private static func insert(_ block: PointBlock, of series: Int64, _ database: Database) throws {
        let isEmpty = block.count == 0
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO block
                (series_id, number, count, total, low, low_step, high, high_step, non_finite)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                series, block.number, block.count, block.total.isNaN ? nil : block.total,
                isEmpty ? nil : block.low.value, isEmpty ? nil : block.low.step, isEmpty ? nil : block.high.value,
                isEmpty ? nil : block.high.step, block.nonFiniteCount,
            ])
    }
}
