import Foundation
import GRDB

extension RunWriter {
    /// Deletes all measurements, so that they can be recorded anew: earlier rows of a log may turn out to mean something
    /// else. Sheets, findings and notes are kept.
    ///
    /// Readers that follow the run start over, as after a resumption.
    ///
    /// - Throws: ``RunStoreError``
    public func discardMeasurements(reason: String) throws {
        try queue.sync {
            try commit()
            try write { database in
                for table in ["point", "block", "series", "step"] {
                    try database.execute(sql: "DELETE FROM \(table)")
                }
                try database.execute(
                    sql: "INSERT INTO event (wall_time, step, kind, message) VALUES (?, NULL, 'resumed', ?)",
                    arguments: [Date().timeIntervalSince1970, reason])
            }
            seriesIdentifiers = [:]
        }
    }
}
