import Foundation
public import Runs

extension RunMetadata {
    /// The origin of a run as pairs of a name and a text.
    public var facts: [[String]] {
        var facts = [["started", start.formatted(.iso8601)]]
        if let program { facts.append(["program", program.name]) }
        if !commandLine.isEmpty { facts.append(["command", commandLine.joined(separator: " ")]) }
        facts += [
            ["machine", "\(hostName), \(operatingSystem)"], ["processor", "\(processor), \(processorCount) cores"],
        ]
        if !device.isEmpty { facts.append(["device", device]) }
        facts.append(["versions", versions])
        if let gitCommit { facts.append(["commit", gitCommit + (gitDirty == true ? ", uncommitted changes" : "")]) }
        if let parent { facts.append(["retry of", parent.text]) }
        if let remedy { facts.append(["remedy", "\(remedy.title). Reason: \(remedy.reason)"]) }
        return facts
    }

    /// The versions of the software that recorded the run; LibTorch's only if it trained it.
    public var versions: String {
        "Equipoise \(equipoiseVersion), Swift \(swiftVersion)"
            + (torchVersion.isEmpty ? "" : ", LibTorch \(torchVersion)")
    }
}
