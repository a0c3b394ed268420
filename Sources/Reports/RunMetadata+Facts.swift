import Foundation
public import Runs

extension RunMetadata {
    /// Where a run came from, in words: a name and a text each.
    public var facts: [[String]] {
        var facts = [
            ["started", start.formatted(.iso8601)], ["command", commandLine.joined(separator: " ")],
            ["machine", "\(hostName), \(operatingSystem)"], ["processor", "\(processor), \(processorCount) cores"],
            ["device", device],
            ["versions", "Equipoise \(equipoiseVersion), Swift \(swiftVersion), LibTorch \(torchVersion)"],
        ]
        if let gitCommit { facts.append(["commit", gitCommit + (gitDirty == true ? ", with changes" : "")]) }
        if let parent { facts.append(["repeats", parent.text]) }
        if let remedy { facts.append(["remedy", "\(remedy.title), since: \(remedy.reason)"]) }
        return facts
    }
}
