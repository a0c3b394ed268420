import Foundation
import Logs
import Testing

/// Logs that are read while they are written.
@Suite struct GrowingLogTests {
    private let folder = LogFolder()

    private static func rows(_ row: (Int) -> String) -> String { (1...200).map(row).joined() }

    private static let texts: [String] = [
        "step,d_loss,g_loss\n" + rows { "\($0),0.5\($0),0.8\($0)\n" },
        // Missing cells, and a header that is repeated after a restart.
        "step,d_loss,g_loss,fid\n"
            + rows {
                "\($0),0.5\($0),\($0 % 3 == 0 ? "" : "0.8\($0)"),NA\n\($0 == 150 ? "step,d_loss,g_loss,fid\n" : "")"
            },
        "d_loss;g_loss\n" + rows { "0,5\($0);0,8\($0)\n" },
        rows { "{\"step\": \($0), \"d_loss\": 0.5\($0), \"g_loss\": 0.8\($0)}\n" },
        rows {
            "{\"Loss/G/loss\": {\"num\": 4, \"mean\": 0.\($0), \"std\": 1}, \"Loss/D/loss\": {\"num\": 4, \"mean\": 1.\($0), \"std\": 1}, \"Progress/kimg\": {\"num\": 1, \"mean\": \($0), \"std\": 0}}\n"
        },
        // Losses that begin late.
        rows { "loading file number \($0) of the data\n" } + rows { "step \($0) D_loss: 0.5\($0) G_loss: 0.8\($0)\n" },
        // A heading that holds for the lines below it.
        rows { "Epoch \($0)\nGenerator:\n  loss: 0.5\($0)\nDiscriminator:\n  loss: 0.8\($0)\n" },
    ]

    @Test(arguments: texts.indices, [1, 13, 4000])
    func partsReadLikeTheWhole(_ index: Int, size: Int) throws {
        let text = GrowingLogTests.texts[index]
        let whole = try folder.log(text, name: "log.txt")
        var growing = GrowingLog(source: URL(filePath: "log.txt"), enoughBytes: 1500)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            growing.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        let log = try growing.log()
        #expect(log.names == whole.names)
        #expect(log.mapping == whole.mapping)
        for name in whole.names {
            #expect(log.values(name).map(\.step) == whole.values(name).map(\.step))
            #expect(log.values(name).map(\.value) == whole.values(name).map(\.value))
        }
    }

    /// The log can be interpreted at any time, without the line that is being written.
    @Test func everyCompleteLineCounts() throws {
        var growing = GrowingLog(source: URL(filePath: "log.txt"), enoughBytes: 300)
        #expect(throws: LogError.self) { try growing.log() }
        for step in 1...50 {
            growing.append("step \(step) D_loss: 0.5\(step) G_loss: 0.8".utf8)
            if step > 2 { #expect(try growing.log().values("G_loss").last?.step == step - 1) }
            growing.append("\(step)\n".utf8)
            if step > 1 { #expect(try growing.log().values("G_loss").last?.step == step) }
        }
    }
}
