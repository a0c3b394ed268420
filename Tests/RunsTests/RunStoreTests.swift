import Foundation
import GRDB
import Measurements
import Recipes
import TestSupport
import Testing

@testable import Runs

@Suite struct RunStoreTests {
    let runs: TemporaryFolder

    init() throws { runs = try TemporaryFolder() }

    @Test func aRunReadsBackWhileItIsWrittenAndAfterwards() throws {
        var configuration = TrainingConfiguration()
        configuration.network.latent = 64
        configuration.optimizer.generator.epsilon = 1e-12
        let writer = try RunWriter.create(
            in: runs.url, configuration: configuration, metadata: .sample(), label: "first")
        let reader = try RunReader(writer.folder)
        #expect(try reader.status() == .running)
        #expect(try reader.configuration() == configuration)
        #expect(
            try TrainingConfiguration(
                yaml: String(contentsOf: writer.folder.configuration, encoding: .utf8), source: "")
                == configuration)
        writer.record(.losses(1, 0.5, 0.25))
        writer.record(.losses(2, 0.75))
        writer.record(SheetRecord(step: 2, epoch: 1, imagesSeen: 20, file: "samples/epoch-0001.png", wallTime: 5))
        writer.record(CheckpointRecord(step: 1, epoch: 1, folder: "checkpoints/1", wallTime: 4))
        writer.record(CheckpointRecord(step: 2, epoch: 1, folder: "checkpoints/2", wallTime: 5))
        writer.removeCheckpoint(folder: "checkpoints/1")
        writer.note("warning", "Something is odd.", step: 2)
        try writer.flush()
        #expect(try reader.points(of: .lossGenerator).map(\.value) == [0.5, 0.75])
        #expect(try reader.points(of: .lossGenerator, after: 1).map(\.step) == [2])
        #expect(try reader.points(of: "nothing").isEmpty)
        try writer.updateMetadata { $0.device = "GPU" }
        try writer.finish(.finished)
        let metadata = try reader.metadata()
        #expect(metadata.outcome == .finished && metadata.device == "GPU" && metadata.label == "first")
        #expect(metadata.end != nil && metadata.id.text == writer.folder.name)
        #expect(try reader.sheets().map(\.file) == ["samples/epoch-0001.png"])
        #expect(try reader.checkpoints().map(\.step) == [2])
        #expect(try reader.notes().map(\.message) == ["Something is odd."])
        #expect(try reader.lastValues()[.lossDiscriminatorReal]?.value == 0.25)
        #expect(try reader.lastStep() == 2)
        #expect(throws: RunStoreError.closed(writer.folder.directory)) { try writer.finish(.finished) }
    }

    @Test func afterTheEndEverythingIsInOneFile() throws {
        let writer = try RunWriter.sample(in: runs)
        writer.record(.losses(1, 0.5))
        try writer.finish(.failed("No memory."))
        let names = try FileManager.default.contentsOfDirectory(atPath: writer.folder.directory.path).sorted()
        #expect(names == [".lock", "checkpoints", "configuration.yaml", "run.sqlite", "samples"])
        let copy = runs.url.appendingPathComponent("copy")
        try FileManager.default.copyItem(at: writer.folder.directory, to: copy)
        let mode = FileManager.default
        try mode.setAttributes([.posixPermissions: 0o555], ofItemAtPath: copy.path)
        defer { try? mode.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy.path) }
        let reader = try RunReader(RunFolder(copy))
        #expect(try reader.status() == .failed("No memory."))
        #expect(try reader.points(of: .lossGenerator).count == 1)
    }

    @Test func aRunLeftInWriteAheadModeIsReadWithoutWritePermission() throws {
        let writer = try RunWriter.sample(in: runs)
        writer.record(.losses(1, 0.5))
        try writer.finish(.finished)
        // What stays if a reader kept the writer from leaving write-ahead mode.
        try DatabaseQueue(path: writer.folder.database.path).writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA journal_mode = WAL")
        }
        let path = writer.folder.directory.path
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
        #expect(try RunReader(writer.folder).points(of: .lossGenerator).count == 1)
    }

    @Test func theTimerCommitsByItself() async throws {
        let writer = try RunWriter.sample(in: runs)
        writer.record(.losses(1, 0.5))
        let reader = try RunReader(writer.folder)
        for _ in 0..<200 where try reader.lastStep() == nil { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try reader.lastStep() == 1)
    }

    @Test func nanAndInfinityAreValues() throws {
        let writer = try RunWriter.sample(in: runs)
        for (step, value) in [Double.nan, .infinity, -.infinity, -0.0, 1e-300].enumerated() {
            writer.record(.losses(step + 1, value))
        }
        try writer.finish(.stopped)
        let values = try RunReader(writer.folder).points(of: .lossGenerator).map(\.value)
        #expect(values.count == 5)
        #expect(values[0].isNaN && values[1] == .infinity && values[2] == -.infinity && values[4] == 1e-300)
    }

    @Test func epochMeansAreTrueMeans() throws {
        let writer = try RunWriter.sample(in: runs)
        let values: [(epoch: Int, value: Double)] = [
            (1, 1), (1, 2), (1, 6), (2, 4), (2, .nan), (3, .infinity), (4, 0.5),
        ]
        for (index, item) in values.enumerated() {
            writer.record(.losses(index + 1, epoch: item.epoch, item.value))
        }
        try writer.flush()
        let means = try RunReader(writer.folder).epochMeans(of: .lossGenerator)
        #expect(means.map(\.epoch) == [1, 2, 3, 4])
        #expect(means.map(\.count) == [3, 2, 1, 1] && means.map(\.lastStep) == [3, 5, 6, 7])
        #expect(means[0].mean == 3 && means[1].mean.isNaN && means[2].mean == .infinity && means[3].mean == 0.5)
    }

    @Test func csvIsExact() throws {
        let writer = try RunWriter.sample(in: runs)
        writer.record(.losses(1, .nan, 0.1))
        writer.record(.losses(2, epoch: 2, 1e-7))
        writer.record(.losses(4, epoch: 2, -.infinity, .infinity))
        writer.record(
            StepRecord(step: 4, epoch: 2, imagesSeen: 40, wallTime: 0, values: [("odd, \"name\"", 2), (.ndb, 7)]))
        try writer.flush()
        let reader = try RunReader(writer.folder)
        #expect(
            try reader.csv() == """
                step,epoch,images_seen,loss_generator,loss_discriminator_real,ndb,"odd, ""name""\"
                1,1,10,nan,0.1,,
                2,2,20,1e-07,,,
                4,2,40,-inf,inf,7.0,2.0

                """)
        #expect(try reader.csv(series: [.ndb]) == "step,epoch,images_seen,ndb\n1,1,10,\n2,2,20,\n4,2,40,7.0\n")
        #expect(
            message { _ = try reader.csv(series: ["nope"]) }.contains("has no series “nope”; it has loss_generator"))
    }

    @Test func reopeningTruncatesAndContinues() throws {
        let writer = try RunWriter.sample(in: runs)
        let folder = writer.folder
        for step in 1...10 {
            writer.record(.losses(step, Double(step), 1))
            let file = "samples/step-\(step).png"
            try Data([1]).write(to: #require(folder.file(relative: file)))
            writer.record(SheetRecord(step: step, epoch: 1, imagesSeen: step, file: file, wallTime: 0))
            writer.record(CheckpointRecord(step: step, epoch: 1, folder: "checkpoints/\(step)", wallTime: 0))
        }
        let outside = runs.url.appendingPathComponent("outside.png")
        try Data([1]).write(to: outside)
        writer.record(SheetRecord(step: 9, epoch: 1, imagesSeen: 9, file: "../outside.png", wallTime: 0))
        try writer.finish(.stopped)

        let second = try RunWriter.reopen(folder, goingOnAfter: { 6 })
        let reader = try RunReader(folder)
        #expect(try reader.status() == .running && reader.metadata().end == nil)
        second.record(.losses(7, 70))
        try second.finish(.finished)
        #expect(try reader.points(of: .lossGenerator).map(\.value) == [1, 2, 3, 4, 5, 6, 70])
        #expect(try reader.points(of: .lossDiscriminatorReal).count == 6)
        #expect(try reader.sheets().map(\.step) == Array(1...6))
        #expect(try reader.checkpoints().map(\.step) == Array(1...6))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.samples.path).count == 6)
        #expect(FileManager.default.fileExists(atPath: outside.path))
        #expect(try reader.notes().map(\.kind) == ["resumed"])
    }

    @Test func whereToGoOnIsAskedUnderTheLockAndMayRefuse() throws {
        struct Refused: Error {}
        let writer = try RunWriter.sample(in: runs)
        for step in 1...3 { writer.record(.losses(step, 1)) }
        try writer.finish(.stopped)
        var isLocked = false
        #expect(throws: Refused.self) {
            _ = try RunWriter.reopen(writer.folder) {
                isLocked = (try? RunWriter.reopen(writer.folder, goingOnAfter: { 0 })) == nil
                throw Refused()
            }
        }
        #expect(isLocked)
        let reader = try RunReader(writer.folder)
        #expect(try reader.status() == .stopped && reader.points(of: .lossGenerator).count == 3)
    }

    @Test func whatAKilledCreationLeftIsRemovedAfterAnHour() throws {
        let manager = FileManager.default
        func leftover(_ age: TimeInterval) throws -> String {
            let folder = runs.url.appendingPathComponent(".20260101-000000-calm-otter-\(UUID().uuidString)")
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
            try manager.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: folder.path)
            return folder.path
        }
        let (old, young) = (try leftover(7200), try leftover(60))
        _ = try RunWriter.sample(in: runs)
        #expect(!manager.fileExists(atPath: old) && manager.fileExists(atPath: young))
    }

    @Test func aSecondWriterIsRefused() throws {
        let writer = try RunWriter.sample(in: runs)
        let process = Int(ProcessInfo.processInfo.processIdentifier)
        #expect(throws: RunStoreError.inUse(folder: writer.folder.directory, process: process)) {
            _ = try RunWriter.reopen(writer.folder, goingOnAfter: { 0 })
        }
        #expect(try RunReader(writer.folder).status() == .running)
        try writer.finish(.finished)
        let next = try RunWriter.reopen(writer.folder, goingOnAfter: { 0 })
        #expect(try RunReader(next.folder).status() == .running)
    }

    @Test func aRunWhoseWriterIsGoneIsInterrupted() throws {
        var writer: RunWriter? = try RunWriter.sample(in: runs)
        let folder = try #require(writer?.folder)
        writer?.record(.losses(1, 0.5))
        try writer?.flush()
        writer = nil
        let reader = try RunReader(folder)
        #expect(try reader.status() == .interrupted)
        #expect(try reader.points(of: .lossGenerator).count == 1)
        #expect(try RunWriter.reopen(folder, goingOnAfter: { 1 }).currentProblem == nil)
    }

    @Test func whatAKilledProcessLeavesIsRead() throws {
        let writer = try RunWriter.sample(in: runs)
        writer.record(.losses(1, 0.5))
        try writer.flush()
        // A copy taken while the writer lives is what a kill leaves: no lock, and values only in the log.
        let copy = runs.url.appendingPathComponent("killed")
        try FileManager.default.copyItem(at: writer.folder.directory, to: copy)
        #expect(FileManager.default.fileExists(atPath: copy.path + "/run.sqlite-wal"))
        let reader = try RunReader(RunFolder(copy))
        #expect(try reader.status() == .interrupted)
        #expect(try reader.points(of: .lossGenerator).map(\.value) == [0.5])
    }

    @Test func aFullDiskLosesNothing() throws {
        let writer = try RunWriter.sample(in: runs)
        let heard = Heard()
        writer.observeProblems { heard.add($0) }
        writer.record(.losses(1, 1))
        try writer.flush()
        func limit(_ pages: String) throws {
            try writer.queue.sync {
                try #require(writer.database).writeWithoutTransaction {
                    try $0.execute(sql: "PRAGMA max_page_count = \(pages)")
                }
            }
        }
        try limit("1")
        for step in 2...5000 { writer.record(.losses(step, Double(step), 0.5)) }
        writer.note("warning", "Late.")
        #expect(message { try writer.flush() }.contains("free some disk space"))
        #expect(message { try writer.flush() }.contains("run.sqlite"))
        #expect(message { try writer.finish(.finished) } != "")
        #expect(writer.currentProblem?.contains("full") == true)
        writer.record(.losses(5001, 5001))
        try limit("1000000")
        try writer.flush()
        #expect(writer.currentProblem == nil)
        #expect(heard.all.count == 2 && heard.all.first??.contains("full") == true && heard.all.last == .some(nil))
        try writer.finish(.finished)
        let points = try RunReader(writer.folder).points(of: .lossGenerator)
        #expect(points.map(\.value) == (1...5001).map(Double.init))
        #expect(try RunReader(writer.folder).points(of: .lossDiscriminatorReal).count == 4999)
        #expect(try RunReader(writer.folder).notes().count == 1)
    }

    @Test func manyThreadsMayRecord() throws {
        let writer = try RunWriter.sample(in: runs)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for index in 0..<500 { writer.record(.losses(thread * 500 + index, 1)) }
        }
        try writer.finish(.finished)
        #expect(try RunReader(writer.folder).points(of: .lossGenerator).map(\.step) == Array(0..<4000))
    }

    @Test func aNewerSchemaIsRefused() throws {
        let writer = try RunWriter.sample(in: runs)
        try writer.finish(.finished)
        try DatabaseQueue(path: writer.folder.database.path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
        let expected = RunStoreError.newerSchema(writer.folder.database, found: 99, known: RunSchema.version)
        #expect(throws: expected) { _ = try RunReader(writer.folder) }
        #expect(throws: expected) { _ = try RunWriter.reopen(writer.folder, goingOnAfter: { 0 }) }
        #expect("\(expected)".contains("update Equipoise"))
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        let folder = RunFolder(runs.url)
        #expect(throws: RunStoreError.notARun(folder.directory)) { _ = try RunReader(folder) }
        try Data(repeating: 65, count: 5000).write(to: folder.database)
        #expect(message { _ = try RunReader(folder) }.contains("cannot be read"))
        try Data().write(to: folder.database)
        #expect(message { _ = try RunReader(folder) }.contains("the tables of a run"))
        #expect(message { _ = try RunWriter.reopen(folder, goingOnAfter: { 0 }) }.contains("the tables of a run"))
    }

    @Test func aRunsFolderThatCannotBeMadeIsAnError() throws {
        let file = runs.url.appendingPathComponent("file")
        try Data().write(to: file)
        let sentence = message {
            _ = try RunWriter.create(in: file, configuration: TrainingConfiguration(), metadata: .sample())
        }
        #expect(sentence.contains("cannot be created in"))
    }
}

/// What an observer heard.
private final class Heard: @unchecked Sendable {
    private let lock = NSLock()
    private var messages: [String?] = []
    var all: [String?] { lock.withLock { messages } }
    func add(_ message: String?) { lock.withLock { messages.append(message) } }
}
