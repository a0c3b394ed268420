import CSQLiteSettings
import GRDB

extension DatabaseQueue {
    /// Opens a database after disabling SQLite's memory statistics, once per process. They are updated under a lock, so
    /// that several threads would be no faster than one.
    static func open(_ path: String, _ options: GRDB.Configuration) throws -> DatabaseQueue {
        _ = settings
        return try DatabaseQueue(path: path, configuration: options)
    }

    private static let settings: Void = sqlite_settings_uncount_memory()
}
