import CSQLiteSettings
import GRDB

extension DatabaseQueue {
    /// Opens a database, after SQLite was told, once, not to count its memory: it would do so under a lock, and several threads would be
    /// no faster than one.
    static func open(_ path: String, _ options: GRDB.Configuration) throws -> DatabaseQueue {
        _ = settings
        return try DatabaseQueue(path: path, configuration: options)
    }

    private static let settings: Void = sqlite_settings_uncount_memory()
}
