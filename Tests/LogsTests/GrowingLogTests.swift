import Diagnostics
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
        // The counters of a DCGAN, which begin like an array of JSON.
        rows { "[\($0 / 50)/4][\($0 % 50)/50] Loss_D: 0.5\($0) Loss_G: 0.8\($0)\n" },
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
        expectEqual(try growing.log(), whole)
        #expect(growing.isReadInParts)
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

/// Interpretations that grow with their logs.
@Suite struct GrowingInterpretationTests {
    /// How the steps of a log are counted.
    private static let shapes: [String] = [
        "[%e/99][%b/50] Loss_D: %d Loss_G: %g D(x): 0.6 D(G(z)): 0.4 / 0.3\n",
        "step %s D_loss: %d G_loss: %g\n",
        "{\"step\": %s, \"d_loss\": %d, \"g_loss\": %g, \"acc_real\": 80.5, \"acc_fake\": 70}\n",
        "d_loss: %d g_loss: %g\n",
        "batch %b d_loss: %d g_loss: %g real logits: %g fake logits: -%g\n",
        "epoch %e D_A: %d G_A: %g D_B: %g G_B: %d\n",
    ]

    private func line(_ shape: String, _ row: Int) -> String {
        var noise = FixedNoise()
        for _ in 0...(row % 97) { _ = noise.next() }
        let (d, g) = (1.2 + 0.2 * noise.next(), 0.9 + 0.1 * noise.next())
        return shape.replacing("%s", with: "\(row)").replacing(
            "%e", with: shape.contains("%b") ? "\(row / 50)" : "\(row)"
        )
        .replacing("%b", with: "\(row % 50)").replacing("%d", with: "\(d)").replacing("%g", with: "\(g)")
    }

    @Test(arguments: shapes.indices) func extendingEqualsReadingAnew(_ index: Int) throws {
        let shape = GrowingInterpretationTests.shapes[index]
        let source = URL(filePath: "/tmp/train.log")
        var logs = GrowingLogs()
        func add(_ rows: Range<Int>) {
            logs.append(rows.map { line(shape, $0) }.joined().utf8, of: source, isNew: true)
        }
        add(0..<3000)
        var growing = ForeignLog(try logs.log(), objective: nil, facts: Facts())
        var extended = 0
        for start in stride(from: 3000, to: 3600, by: 37) {
            add(start..<start + 37)
            if logs.extend(&growing) { extended += 1 }
        }
        #expect(extended >= 16, "\(extended)")
        let anew = ForeignLog(try logs.log(), objective: nil, facts: Facts())
        #expect(growing.log.rowCount == anew.log.rowCount)
        #expect(growing.lastStep == anew.lastStep)
        #expect(growing.diagnosis() == anew.diagnosis())
        #expect(growing.players.count == anew.players.count)
        for (own, other) in zip(growing.players, anew.players) {
            #expect(Set(own.series.keys) == Set(other.series.keys))
            for (name, points) in other.series {
                #expect(own.series[name]?.map(\.step) == points.map(\.step), "\(name)")
                #expect(own.series[name]?.map(\.value) == points.map(\.value), "\(name)")
            }
        }
    }

    /// A restart changes what earlier rows mean.
    @Test func aRestartIsInterpretedAnew() throws {
        let source = URL(filePath: "/tmp/train.log")
        var logs = GrowingLogs()
        func add(_ rows: Range<Int>) {
            logs.append(rows.map { line("step %s D_loss: %d G_loss: %g\n", $0) }.joined().utf8, of: source, isNew: true)
        }
        add(0..<3000)
        var growing = ForeignLog(try logs.log(), objective: nil, facts: Facts())
        add(2500..<2600)
        let isExtended = logs.extend(&growing)
        #expect(!isExtended)
        #expect(growing.lastStep == 2999)
        let anew = ForeignLog(try logs.log(), objective: nil, facts: Facts())
        #expect(anew.lastStep == 2599)
    }
}
