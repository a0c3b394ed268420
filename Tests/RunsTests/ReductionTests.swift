import Foundation
import GRDB
import Measurements
import TestSupport
import Testing

@testable import Runs

@Suite struct ReductionTests {
    let runs: TemporaryFolder

    init() throws { runs = try TemporaryFolder() }

    /// 40,000 points with two spikes and three values that are not finite, committed in uneven batches.
    private func longRun() throws -> (writer: RunWriter, values: [Double]) {
        var values = (0..<40_000).map { sin(Double($0) / 900) }
        (values[12_345], values[30_001]) = (50, -60)
        (values[99], values[20_000], values[39_999]) = (.nan, .infinity, -.infinity)
        let writer = try RunWriter.sample(in: runs)
        for (index, value) in values.enumerated() {
            writer.record(.losses(index + 1, value))
            if index % 7001 == 7000 { try writer.flush() }
        }
        try writer.flush()
        return (writer, values)
    }

    @Test func longSeriesAreDrawnFromBlocksAndLoseNoSpike() throws {
        let (writer, values) = try longRun()
        let reader = try RunReader(writer.folder)
        let reduced = try #require(try reader.reductions(of: [.lossGenerator], buckets: 100)[.lossGenerator])
        #expect(reduced.steps.count <= 200 && reduced.values.max() == 50 && reduced.values.min() == -60)
        for (step, value) in zip(reduced.steps, reduced.values) { #expect(values[step - 1] == value) }
        #expect(
            reduced.marks.map(\.step) == [100, 20_001, 40_000]
                && reduced.marks.map(\.value) == ["NaN", "Infinity", "-Infinity"])
        #expect(try reader.reductions(of: ["nothing"], buckets: 100).isEmpty)
    }

    @Test func zoomedInEveryPointIsThere() throws {
        let (writer, values) = try longRun()
        let reader = try RunReader(writer.folder)
        let reduced = try #require(
            try reader.reductions(of: [.lossGenerator], in: 12_300...12_400, buckets: 100)[.lossGenerator])
        #expect(reduced.steps == Array(12_300...12_400) && reduced.values == reduced.steps.map { values[$0 - 1] })
        // A range beyond the run's ends is cut.
        let beyond = try reader.reductions(of: [.lossGenerator], in: 39_990...Int.max, buckets: 100)[.lossGenerator]
        #expect(beyond?.steps == Array(39_990...39_999) && beyond?.marks.count == 1)
        #expect(
            try reader.reductions(of: [.lossGenerator], in: 50_000...60_000, buckets: 9)[.lossGenerator]?.steps == [])
    }

    @Test(arguments: [50, 4000]) func meansAreOfAllFiniteValues(buckets: Int) throws {
        let (writer, values) = try longRun()
        let means = try #require(
            try RunReader(writer.folder).means(of: .lossGenerator, in: 1...40_000, buckets: buckets))
        #expect(means.steps.count == buckets)
        let width = 40_000 / buckets
        // Of blocks, up to one at each end may fall to the neighbor: 128 of 800 values within 1, and a spike.
        for (bucket, mean) in means.means.enumerated() {
            let finite = values[bucket * width..<(bucket + 1) * width].filter(\.isFinite)
            let expected = finite.reduce(0, +) / Double(finite.count)
            #expect(abs((mean ?? .nan) - expected) < (buckets == 50 ? 0.3 : 1e-9), "\(bucket)")
        }
    }

    @Test func aResumedRunHasNoBlocksOfWhatWasDeleted() throws {
        let (writer, values) = try longRun()
        try writer.finish(.stopped)
        let again = try RunWriter.reopen(writer.folder) { 30_000 }
        #expect(
            try RunReader(writer.folder).reductions(of: [.lossGenerator], buckets: 50)[.lossGenerator]?.steps.last
                == 30_000)
        again.record(.losses(30_001, 7))
        try again.flush()
        let reduced = try RunReader(writer.folder).reductions(of: [.lossGenerator], buckets: 50)[.lossGenerator]
        #expect(reduced?.steps.last == 30_001 && reduced?.values.min() == values[..<30_000].filter(\.isFinite).min())
    }

    /// A database of the version before, which had no blocks: read as it is, and brought up to date by a resume.
    @Test func anOlderRunIsDrawnToo() throws {
        let (writer, _) = try longRun()
        let reader = try RunReader(writer.folder)
        let expected = try reader.reductions(of: [.lossGenerator], buckets: 100)
        try writer.finish(.finished)
        try DatabaseQueue(path: writer.folder.database.path).write {
            try $0.execute(
                sql: """
                    DROP TABLE block; DROP TABLE bins; PRAGMA user_version = 2;
                    DELETE FROM grdb_migrations WHERE identifier LIKE '3 %';
                    """)
        }
        #expect(try reader.reductions(of: [.lossGenerator], buckets: 100) == expected)
        #expect(try reader.binSteps().isEmpty)
        let again = try RunWriter.reopen(writer.folder) { 40_000 }
        try again.finish(.finished)
        #expect(try reader.reductions(of: [.lossGenerator], buckets: 100) == expected)
        let count = try reader.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM block") }
        #expect(count == 626)
    }

    @Test func milestonesSpreadOverTheRun() throws {
        let (writer, _) = try longRun()
        let milestones = try RunReader(writer.folder).milestones(10)
        #expect(milestones.map(\.step).first == 1 && milestones.map(\.step).last == 40_000 && milestones.count == 11)
        #expect(milestones.allSatisfy { $0.imagesSeen == $0.step * 10 })
    }
}

@Suite struct AnnotationTests {
    let runs: TemporaryFolder

    init() throws { runs = try TemporaryFolder() }

    @Test func notesAndTagsReadBackWhileTheRunIsWritten() throws {
        let writer = try RunWriter.sample(in: runs)
        #expect(writer.folder.readAnnotations() == RunAnnotations())
        var annotations = RunAnnotations()
        annotations.tags = [" good ", "baseline", "good", ""]
        annotations.note = "It learnt\nto draw ones."
        annotations.isHidden = true
        let kept = try writer.folder.write(annotations)
        #expect(kept.tags == ["baseline", "good"] && writer.folder.readAnnotations() == kept)
        #expect(RunSummary(writer.folder).annotations == kept)
    }

    @Test func tooMuchIsRefused() throws {
        let writer = try RunWriter.sample(in: runs)
        for spoil: (inout RunAnnotations) -> Void in [
            { $0.tags = (0..<33).map(String.init) }, { $0.tags = [String(repeating: "x", count: 65)] },
            { $0.tags = ["a\nb"] }, { $0.note = String(repeating: "é", count: 10_001) },
        ] {
            var annotations = RunAnnotations()
            spoil(&annotations)
            #expect(throws: RunStoreError.self) { try writer.folder.write(annotations) }
        }
        #expect(writer.folder.readAnnotations() == RunAnnotations())
    }

    @Test func aDamagedFileIsNothing() throws {
        let writer = try RunWriter.sample(in: runs)
        try Data("{\"tags\": 3".utf8).write(to: writer.folder.annotations)
        #expect(writer.folder.readAnnotations() == RunAnnotations())
    }

    @Test func aRunIsDeletedUnlessItIsWritten() throws {
        let library = RunLibrary(directory: runs.url)
        let writer = try RunWriter.sample(in: runs)
        #expect(throws: RunStoreError.self) { try library.delete(writer.folder) }
        #expect(writer.folder.exists)
        try writer.finish(.finished)
        try library.delete(writer.folder)
        #expect(!writer.folder.exists && library.list().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: runs.url.path).isEmpty)
    }
}
