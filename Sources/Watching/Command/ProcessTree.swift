import Foundation

/// The processes of the machine, by who started them.
enum ProcessTree {
    /// A process and all that it started, directly or not, as far as they can be found in `/proc`.
    static func members(of root: Int32) -> [Int32] {
        var children: [Int32: [Int32]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let process = Int32(name), let parent = parent(of: process) else { continue }
            children[parent, default: []].append(process)
        }
        var members = [root]
        var place = 0
        while place < members.count {
            members += children[members[place]] ?? []
            place += 1
        }
        return members
    }

    private static func parent(of process: Int32) -> Int32? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The name, in parentheses, may contain anything.
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].split(separator: " ").dropFirst().first.flatMap { Int32($0) }
    }
}
