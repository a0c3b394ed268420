import Foundation
import GRDB
public import Measurements

extension RunReader {
    /// How the samples spread over the data's classes, in the order of steps; none in a run of an older version, or of data without labels.
    public func classes() throws -> [ClassRecord] {
        try read { database in
            guard try database.tableExists("classes") else { return [] }
            return try String.fetchAll(database, sql: "SELECT CAST(document AS TEXT) FROM classes ORDER BY step")
                .map { try JSONDecoder().decode(ClassRecord.self, from: Data($0.utf8)) }
        }
    }

    /// The same at the step nearest to this one, or the newest.
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
