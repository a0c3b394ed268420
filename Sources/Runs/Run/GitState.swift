import Foundation
import Recipes

/// The commit of a Git repository, and whether tracked files differ from it.
struct GitState: Equatable, Sendable {
    var commit: String
    var isDirty: Bool?

    /// Returns the state of the repository that contains a folder; `nil` without a repository, a commit or Git.
    ///
    /// - Parameter limit: the total time limit for all Git commands in seconds.
    static func around(_ directory: URL, limit: TimeInterval = 2) -> GitState? {
        let deadline = Date().addingTimeInterval(limit)
        guard let root = root(above: directory),
            let answer = ask(["rev-parse", "--verify", "HEAD"], in: root, until: deadline), answer.status == 0
        else { return nil }
        let commit = answer.output.trimmingWhitespace
        guard commit.count >= 40, commit.allSatisfy(\.isHexDigit) else { return nil }
        let difference = ask(["diff", "--quiet", "--no-ext-diff", "HEAD"], in: root, until: deadline)
        return GitState(commit: commit, isDirty: difference.flatMap { [0: false, 1: true][$0.status] })
    }

    /// Finds the nearest enclosing folder with a `.git`, to avoid starting Git where there is no repository.
    private static func root(above directory: URL) -> URL? {
        var folder = directory.standardizedFileURL
        for _ in 0..<64 {
            if FileManager.default.fileExists(atPath: folder.appendingPathComponent(".git").path) { return folder }
            let parent = folder.deletingLastPathComponent().standardizedFileURL
            guard parent.path != folder.path else { return nil }
            folder = parent
        }
        return nil
    }

    private static func ask(_ arguments: [String], in root: URL, until deadline: Date) -> (
        status: Int32, output: String
    )? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "--no-optional-locks"] + arguments
        process.currentDirectoryURL = root
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        guard (try? process.run()) != nil else { return nil }
        guard ended.wait(timeout: .now() + max(0, deadline.timeIntervalSinceNow)) == .success else {
            process.terminate()
            return nil
        }
        // Both commands print less than a pipe buffer holds, so Git could not have blocked before this read.
        let output = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
