import Foundation
import Logs

/// Finds the logs in a folder and its subfolders, again and again.
struct LogSearch {
    let folder: URL
    /// Only files changed since then are logs of the watched program; `nil` for all files.
    let since: Date?

    /// The greatest depth of subfolders, and the greatest number of files and folders that are looked at.
    private static let deepest = 6
    private static let most = 20_000
    /// Folders that hold other things than logs.
    private static let others: Set<String> = ["node_modules", "site-packages", "__pycache__", "venv", "wandb"]

    /// The files that may be logs, sorted by path. Links to folders are not followed, and run folders of Equipoise are
    /// left out.
    func files() -> [URL] {
        var found: [URL] = []
        var left = LogSearch.most
        search(folder, depth: 0, &found, &left)
        return found.sorted { $0.path < $1.path }
    }

    private func search(_ folder: URL, depth: Int, _ found: inout [URL], _ left: inout Int) {
        let keys: [URLResourceKey] = [
            .isRegularFileKey, .isDirectoryKey, .isSymbolicLinkKey, .contentModificationDateKey,
        ]
        let entries = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: keys, options: .skipsHiddenFiles)
        guard let entries, !entries.contains(where: { $0.lastPathComponent == "run.sqlite" }) else { return }
        for entry in entries {
            left -= 1
            guard left > 0 else { return }
            guard let values = try? entry.resourceValues(forKeys: Set(keys)), values.isSymbolicLink != true else {
                continue
            }
            if values.isDirectory == true {
                guard depth < LogSearch.deepest, !LogSearch.others.contains(entry.lastPathComponent) else { continue }
                search(entry, depth: depth + 1, &found, &left)
            } else if values.isRegularFile == true, GrowingLogs.mayBeLog(entry),
                isRecent(values.contentModificationDate)
            {
                found.append(entry)
            }
        }
    }

    private func isRecent(_ date: Date?) -> Bool {
        guard let since else { return true }
        return (date ?? .distantPast) >= since
    }
}
