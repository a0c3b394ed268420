import Foundation
import Logs

/// The log files that are followed: given ones, and those that appear in given folders.
struct LogFiles {
    /// What is new in a file.
    struct News {
        let bytes: [UInt8]
        let isRestart: Bool
        /// Whether it was written after the file was read for the first time.
        let isRecent: Bool
    }

    private struct Followed {
        let file: FollowedFile
        /// Whether the file was read to its end before, so that whatever follows is recent.
        var isCaughtUp: Bool
    }

    private let searches: [LogSearch]
    private let onlyNew: Bool
    private var followed: [URL: Followed] = [:]
    private var nextSearch = ContinuousClock.now

    /// The time between two searches for new files, at least; a search may take a fiftieth of the time.
    private static let searchInterval = Duration.seconds(1)
    /// The number of files that are followed; in a folder, the newest ones are.
    private static let most = 200

    /// - Parameters:
    ///   - places: files and folders.
    ///   - date: files in folders that were not changed since then are left out; `nil` for none.
    init(_ places: [URL], since date: Date?) {
        func isFolder(_ url: URL) -> Bool {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
        }
        searches = places.filter(isFolder).map { LogSearch(folder: $0, since: date) }
        onlyNew = date != nil
        for url in places where !isFolder(url) { followed[url] = Followed(file: FollowedFile(url), isCaughtUp: false) }
    }

    /// Reads what is new in all files.
    mutating func news() -> [(url: URL, news: News)] {
        if !searches.isEmpty, .now >= nextSearch {
            let start = ContinuousClock.now
            for url in searches.flatMap({ $0.files() }) where followed[url] == nil && followed.count < LogFiles.most {
                followed[url] = Followed(file: FollowedFile(url), isCaughtUp: onlyNew)
            }
            nextSearch = .now + max(LogFiles.searchInterval, (.now - start) * 50)
        }
        var all: [(url: URL, news: News)] = []
        for (url, entry) in followed.sorted(by: { $0.key.path < $1.key.path }) {
            var isCaughtUp = entry.isCaughtUp
            while let news = entry.file.read() {
                all.append((url, News(bytes: news.bytes, isRestart: news.isRestart, isRecent: isCaughtUp)))
                if news.bytes.isEmpty { break }
            }
            isCaughtUp = true
            followed[url]?.isCaughtUp = isCaughtUp
        }
        return all
    }
}
