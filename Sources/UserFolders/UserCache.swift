public import Foundation

/// The user's cache folder, for files that can be created or downloaded again.
public enum UserCache {
    /// Returns `equipoise` inside `XDG_CACHE_HOME`, or inside `.cache` in the home folder.
    ///
    /// A relative `XDG_CACHE_HOME` is ignored, as the XDG base directory specification requires.
    ///
    /// - Parameter environment: supplies `XDG_CACHE_HOME` and `HOME`.
    public static func folder(in environment: [String: String] = ProcessInfo.processInfo.environment) -> URL {
        let cache =
            if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") { folder(at: path) } else {
                home(in: environment).appending(path: ".cache", directoryHint: .isDirectory)
            }
        return cache.appending(path: "equipoise", directoryHint: .isDirectory)
    }

    private static func home(in environment: [String: String]) -> URL {
        environment["HOME"].flatMap { $0.hasPrefix("/") ? folder(at: $0) : nil }
            ?? FileManager.default.homeDirectoryForCurrentUser
    }

    private static func folder(at path: String) -> URL { URL(filePath: path, directoryHint: .isDirectory) }
}
