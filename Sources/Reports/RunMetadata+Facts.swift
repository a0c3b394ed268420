import Foundation
public import Runs

extension RunMetadata {
    /// The origin of a run as pairs of a name and a text.
    public var facts: [[String]] {
        var facts = [
            ["started", start.formatted(.iso8601)], ["command", commandLine.joined(separator: " ")],
            ["machine", "\(hostName), \(operatingSystem)"], ["processor", "\(processor), \(processorCount) cores"],
            ["device", device],
            ["versions", "Equipoise \(equipoiseVersion), Swift \(swiftVersion), LibTorch \(torchVersion)"],
        ]
        if let gitCommit { facts.append(["commit", gitCommit + (gitDirty == true ? ", uncommitted changes" : "")]) }
        if let parent { facts.append(["retry of", parent.text]) }
        if let remedy { facts.append(["remedy", "\(remedy.title). Reason: \(remedy.reason)"]) }
        return facts
    }
}
