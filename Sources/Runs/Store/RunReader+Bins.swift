import Foundation
import GRDB

extension RunReader {
    /// Returns the steps at which bins were recorded, in order; empty for a run of an older version.
    public func binSteps() throws -> [Int] {
        try read {
            try RunReader.hasBins($0) ? Int.fetchAll($0, sql: "SELECT CAST(step AS INTEGER) FROM bins ORDER BY 1") : []
        }
    }

    /// Returns the distribution of a step's samples over the bins.
    public func bins(at step: Int) throws -> BinRecord? {
        try read { database in
            guard try RunReader.hasBins(database) else { return nil }
            let document = try String.fetchOne(
                database, sql: "SELECT CAST(document AS TEXT) FROM bins WHERE step = ?", arguments: [step])
            return try document.map { try JSONDecoder().decode(BinRecord.self, from: Data($0.utf8)) }
        }
    }

    private static func hasBins(_ database: Database) throws -> Bool { try database.tableExists("bins") }
}
