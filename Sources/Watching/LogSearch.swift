import Foundation
import Logs

/// Finds the logs in a folder and its subfolders, again and again.
struct LogSearch {
    let folder: URL
    /// Only files changed since then are logs of the watched program; `nil` for all files.
    let since: Date?

    /// The greatest depth of subfolders, the greatest number of folders, and of logs in a folder, that are looked at.
    private static let deepest = 6
    private static let most = 5_000
    private static let mostPerFolder = 1_000
    /// Folders that hold other things than logs.
    private static let others: Set<String> = ["node_modules", "site-packages", "__pycache__", "venv", "wandb"]

    /// The files that may be logs, newest first. Links to folders are not followed, and run folders of Equipoise are
    /// left out.
    func files() -> [URL] {
        var found: [(url: URL, date: Date)] = []
        var left = LogSearch.most
        // Resolved, because the folder itself may be named by a link.
        search(folder.resolvingSymlinksInPath(), depth: 0, &found, &left)
        return found.sorted { $0.date > $1.date }.map(\.url)
    }

    private func search(_ folder: URL, depth: Int, _ found: inout [(url: URL, date: Date)], _ left: inout Int) {
        let keys: Set<URLResourceKey> = [
            .isRegularFileKey, .isDirectoryKey, .isSymbolicLinkKey, .contentModificationDateKey,
        ]
        let entries = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
        guard let entries, !entries.contains(where: { $0.lastPathComponent == "run.sqlite" }) else { return }
        // Logs first: a data set in the same folder must not use up what may be looked at.
        let logs = entries.filter(GrowingLogs.mayBeLog)
        for entry in logs.prefix(LogSearch.mostPerFolder) {
            guard let values = try? entry.resourceValues(forKeys: keys), values.isSymbolicLink != true,
                values.isRegularFile == true, isRecent(values.contentModificationDate)
            else { continue }
            found.append((entry, values.contentModificationDate ?? .distantPast))
        }
        for entry in entries where entry.pathExtension.isEmpty || entry.hasDirectoryPath {
            left -= 1
            guard left > 0, depth < LogSearch.deepest else { return }
            guard !LogSearch.others.contains(entry.lastPathComponent),
                let values = try? entry.resourceValues(forKeys: keys), values.isSymbolicLink != true,
                values.isDirectory == true
            else { continue }
            search(entry, depth: depth + 1, &found, &left)
        }
    }

    private func isRecent(_ date: Date?) -> Bool {
        guard let since else { return true }
        return (date ?? .distantPast) >= since
    }
}
