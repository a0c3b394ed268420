import Foundation
import GRDB
public import Measurements

extension RunReader {
    /// Returns the distributions of samples over the data's classes, in step order; empty for a run of an older version
    /// or unlabeled data.
    public func classes() throws -> [ClassRecord] {
        try read { database in
            guard try database.tableExists("classes") else { return [] }
            return try String.fetchAll(database, sql: "SELECT CAST(document AS TEXT) FROM classes ORDER BY step")
                .map { try JSONDecoder().decode(ClassRecord.self, from: Data($0.utf8)) }
        }
    }

    /// Returns the distribution at the step nearest to the given one, or the newest distribution.
    public func classes(near step: Int?) throws -> ClassRecord? {
        try read { database in
            guard try database.tableExists("classes") else { return nil }
            let order = step == nil ? "step DESC" : "ABS(step - \(min(max(0, step ?? 0), Blocks.mostSteps)))"
            let document = try String.fetchOne(
                database, sql: "SELECT CAST(document AS TEXT) FROM classes ORDER BY \(order) LIMIT 1")
            return try document.map { try JSONDecoder().decode(ClassRecord.self, from: Data($0.utf8)) }
        }
    }
}
