import Foundation
import GRDB

/// The tables of a run's database, as named migrations; new ones are only ever appended.
enum RunSchema {
    /// The number of migrations, stored as `user_version` in databases of this version.
    static let version = 5

    /// The migrations. A released migration never changes; every change of the tables is a new migration.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 run, series and samples") { database in
            try database.execute(sql: firstTables)
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2 findings") { database in
            try database.execute(
                sql: """
                    CREATE TABLE finding (
                        pattern TEXT NOT NULL,
                        opened_step INTEGER NOT NULL,
                        closed_step INTEGER,
                        document TEXT NOT NULL,
                        PRIMARY KEY (pattern, opened_step)
                    ) WITHOUT ROWID;
                    PRAGMA user_version = 2;
                    """)
        }
        migrator.registerMigration("3 blocks and bins") { database in
            try database.execute(sql: Blocks.table + bins + "PRAGMA user_version = 3;")
            try Blocks.renewAll(database)
        }
        migrator.registerMigration("4 diagnosis") { database in
            try database.execute(sql: diagnosis + "PRAGMA user_version = 4;")
        }
        migrator.registerMigration("5 classes") { database in
            try database.execute(sql: classes + "PRAGMA user_version = 5;")
        }
        return migrator
    }

    /// Throws if a database is not that of a run or was written by a newer version.
    static func check(_ database: Database, at file: URL) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else { throw RunStoreError.newerSchema(file, found: found, known: version) }
        guard found > 0 else { throw RunStoreError.damaged(file, reason: "it does not contain the tables of a run") }
    }

    private static let bins = "CREATE TABLE bins (step INTEGER PRIMARY KEY, document TEXT NOT NULL);"

    private static let diagnosis = """
        CREATE TABLE diagnosis (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            is_final INTEGER NOT NULL,
            rules INTEGER NOT NULL,
            document TEXT NOT NULL
        );
        """

    private static let classes = "CREATE TABLE classes (step INTEGER PRIMARY KEY, document TEXT NOT NULL);"

    /// NaN is stored as NULL, because SQLite has no NaN; a missing value is a missing row. The points of a series are
    /// stored together and in order, so that reading one series, or its newest points, touches no other.
    private static let firstTables = """
        CREATE TABLE metadata (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            document TEXT NOT NULL
        );
        CREATE TABLE configuration (
            path TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE step (
            step INTEGER PRIMARY KEY,
            epoch INTEGER NOT NULL,
            images_seen INTEGER NOT NULL,
            wall_time REAL NOT NULL
        );
        CREATE TABLE point (
            series_id INTEGER NOT NULL REFERENCES series(id),
            step INTEGER NOT NULL,
            value REAL,
            PRIMARY KEY (series_id, step)
        ) WITHOUT ROWID;
        CREATE TABLE sample_sheet (
            file TEXT PRIMARY KEY,
            step INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            images_seen INTEGER NOT NULL,
            wall_time REAL NOT NULL
        );
        CREATE INDEX sample_sheet_step ON sample_sheet(step);
        CREATE TABLE checkpoint (
            folder TEXT PRIMARY KEY,
            step INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            wall_time REAL NOT NULL
        );
        CREATE TABLE event (
            id INTEGER PRIMARY KEY,
            wall_time REAL NOT NULL,
            step INTEGER,
            kind TEXT NOT NULL,
            message TEXT NOT NULL
        );
        """
}
