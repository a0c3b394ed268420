public import Foundation

/// The user's folder of what can be made or fetched again.
public enum UserCache {
    /// `equipoise` in `XDG_CACHE_HOME`, or in `.cache` at home.
    ///
    /// A relative `XDG_CACHE_HOME` does not count, as the XDG base directory specification demands.
    ///
    /// - Parameter environment: the variables that decide.
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
