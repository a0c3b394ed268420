import Exporters
import Foundation
import Logs
import Measurements
import Recipes
import Testing

@Suite struct EventFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "equipoise-events-\(UUID().uuidString)")

    private func measurement(_ step: Int, _ values: [(SeriesName, Double)]) -> StepRecord {
        StepRecord(step: step, epoch: 1, imagesSeen: step, wallTime: 1000 + Double(step), values: values)
    }

    @Test func whatIsWrittenReadsBack() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try EventFileWriter(folder: folder, now: 1_234_567_890)
        try writer.write(TrainingConfiguration(), wallTime: 1_234_567_890)
        #expect(writer.url.lastPathComponent.hasPrefix("events.out.tfevents.1234567890."))
        for step in 1...50 {
            try writer.write(
                measurement(step, [(.lossGenerator, Double(step) / 4), (.diversity, step == 7 ? .nan : 1)]))
        }
        try writer.finish()
        let log = try LossLog(contentsOf: folder)
        let losses = log.values("loss_generator")
        #expect(losses.map(\.step) == Array(1...50) && losses.map(\.value) == (1...50).map { Double($0) / 4 })
        #expect(log.values("diversity")[6].value.isNaN)
        // Texts are no series.
        #expect(!log.names.contains("objective") && !log.names.contains("configuration"))
    }

    @Test func twoWritersNeverShareAFile() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try EventFileWriter(folder: folder, now: 5)
        let second = try EventFileWriter(folder: folder, now: 5)
        #expect(first.url != second.url)
    }

    @Test func onlyPNGFilesAreImages() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try EventFileWriter(folder: folder)
        #expect(throws: ExportError.self) {
            try writer.write(png: Data("no image".utf8), tag: "a", step: 1, wallTime: 1)
        }
    }

    @Test func checksumsAreTheStandards() {
        // RFC 3720, B.4: thirty-two zeros have the checksum 8a9136aa.
        let value: UInt32 = 0x8A91_36AA
        #expect(CRC32C.masked([UInt8](repeating: 0, count: 32)) == (value >> 15 | value << 17) &+ 0xA282_EAD8)
    }
}
