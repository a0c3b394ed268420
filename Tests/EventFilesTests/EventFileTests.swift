import EventFiles
import Foundation
import Measurements
import Testing

@Suite struct EventFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "equipoise-events-\(UUID().uuidString)")

    private func measurement(_ step: Int, _ values: [(SeriesName, Double)]) -> StepRecord {
        StepRecord(step: step, epoch: 1, imagesSeen: step, wallTime: 1000 + Double(step), values: values)
    }

    /// The values of a tag by step.
    private func read(_ file: URL) throws -> [String: [Int: Double]] {
        var reader = EventFileReader([UInt8](try Data(contentsOf: file)), source: file.path)
        var values: [String: [Int: Double]] = [:]
        while let scalars = try reader.next() {
            for (tag, value) in scalars.values { values[tag, default: [:]][scalars.step] = value }
        }
        #expect(!reader.isCutShort)
        return values
    }

    @Test func whatIsWrittenReadsBack() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try EventFileWriter(folder: folder, now: 1_234_567_890)
        try writer.write(text: "non-saturating", tag: "objective", step: 0, wallTime: 1_234_567_890)
        #expect(writer.url.lastPathComponent.hasPrefix("events.out.tfevents.1234567890."))
        for step in 1...50 {
            try writer.write(
                measurement(step, [(.lossGenerator, Double(step) / 4), (.diversity, step == 7 ? .nan : 0.3)]))
        }
        try writer.finish()
        let values = try read(writer.url)
        #expect(values["loss_generator"] == Dictionary(uniqueKeysWithValues: (1...50).map { ($0, Double($0) / 4) }))
        #expect(values["diversity"]?[7]?.isNaN == true)
        // The decimal that was written, not the one in single precision.
        #expect(values["diversity"]?[8] == 0.3)
        // Texts are no scalars.
        #expect(values.count == 2)
    }

    /// The tail of a file that is being written, and one in which a byte was changed.
    @Test func everythingBeforeTheDamageIsRead() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try EventFileWriter(folder: folder)
        for step in 1...3 { try writer.write(measurement(step, [(.lossGenerator, 1)])) }
        try writer.finish()
        let whole = [UInt8](try Data(contentsOf: writer.url))
        for cut in [1, 4, 20] {
            var reader = EventFileReader(Array(whole.dropLast(cut)), source: "file")
            var steps: [Int] = []
            while let scalars = try reader.next() { if !scalars.values.isEmpty { steps.append(scalars.step) } }
            #expect(steps == [1, 2])
            #expect(reader.isCutShort)
        }
        var damaged = whole
        damaged[whole.count - 8] ^= 1
        var reader = EventFileReader(damaged, source: "file")
        #expect(throws: EventFileError.self) { while try reader.next() != nil {} }
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
        #expect(throws: EventFileError.self) {
            try writer.write(png: Data("no image".utf8), tag: "a", step: 1, wallTime: 1)
        }
    }

    @Test func checksumsAreTheStandards() {
        // RFC 3720, B.4: thirty-two zeros have the checksum 8a9136aa.
        let value: UInt32 = 0x8A91_36AA
        #expect(CRC32C.masked([UInt8](repeating: 0, count: 32)) == (value >> 15 | value << 17) &+ 0xA282_EAD8)
    }
}
