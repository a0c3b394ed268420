import Foundation
import Logs
import Testing

/// A folder of its own for each test, and logs in it.
final class LogFolder {
    let directory = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: directory) }

    func file(_ name: String, _ data: Data) throws -> URL {
        let folder = directory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let url = folder.appending(path: name)
        try data.write(to: url)
        return url
    }

    func log(_ text: String, name: String = "train.log", _ assignments: [String] = []) throws -> LossLog {
        try LossLog(contentsOf: file(name, Data(text.utf8)), assignments: assignments)
    }

    /// The message of a log that cannot be read.
    func problem(_ text: String, name: String = "losses.csv") -> String {
        do {
            _ = try log(text, name: name)
            return ""
        } catch {
            return "\(error)"
        }
    }

    static func fixture(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/\(name)")
    }
}

/// The same numbers in every run, about evenly between −1 and 1.
struct FixedNoise {
    private var state: UInt64 = 1
    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 33) / Double(1 << 30) - 1
    }
}

/// Expects that two logs were read alike.
func expectEqual(_ log: LossLog, _ whole: LossLog) {
    #expect(log.names == whole.names)
    #expect(log.mapping == whole.mapping)
    for name in whole.names {
        #expect(log.values(name).map(\.step) == whole.values(name).map(\.step))
        #expect(log.values(name).map(\.value) == whole.values(name).map(\.value))
    }
}
