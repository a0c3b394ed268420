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

    /// The shortest time between two searches for new files, and how many times as long as a search it must be.
    private static let (searchInterval, searchShare) = (Duration.seconds(1), 50)
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

    /// Reads what is new in all files, about a megabyte at a time.
    mutating func read(_ take: (URL, News) -> Void) {
        findFiles()
        for (url, entry) in followed.sorted(by: { $0.key.path < $1.key.path }) {
            while let news = entry.file.read() {
                take(url, News(bytes: news.bytes, isRestart: news.isRestart, isRecent: entry.isCaughtUp))
            }
            followed[url]?.isCaughtUp = true
        }
    }

    private mutating func findFiles() {
        guard !searches.isEmpty, .now >= nextSearch else { return }
        let start = ContinuousClock.now
        for url in searches.flatMap({ $0.files() }) where followed[url] == nil && followed.count < LogFiles.most {
            followed[url] = Followed(file: FollowedFile(url), isCaughtUp: onlyNew)
        }
        nextSearch = .now + max(LogFiles.searchInterval, (.now - start) * LogFiles.searchShare)
    }
}
