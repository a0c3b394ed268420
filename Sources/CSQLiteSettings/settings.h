#include <sqlite3.h>

/// Has SQLite not count its memory, which it does under a lock that threads wait for. Only before the first database is opened.
/// (Swift cannot call `sqlite3_config`, whose arguments vary.)
static inline void sqlite_settings_uncount_memory(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
