import Foundation
import Measurements
import Recipes
import TestSupport
import Testing

@testable import Runs

@Suite struct ClassRecordTests {
    private let runs: TemporaryFolder

    init() throws { runs = try TemporaryFolder() }

    private func record(_ step: Int, lost: Bool) -> ClassRecord {
        ClassRecord(
            step: step, sampleCount: 512, trustedCount: 400,
            classes: [
                ClassRecord.Class(
                    name: "bag", due: 0.5, relativeShare: lost ? 0 : 1, lower: 0, upper: 0.1, samples: lost ? 0 : 200,
                    status: lost ? .lost : .present)
            ])
    }

    @Test func theClassesOfEvaluationsAreKept() throws {
        let writer = try RunWriter.create(in: runs.url, configuration: TrainingConfiguration(), metadata: .sample())
        let reader = try RunReader(writer.folder)
        #expect(try reader.classes().isEmpty && reader.classes(near: nil) == nil)
        for step in [10, 20, 40] { writer.record(record(step, lost: step > 10)) }
        try writer.flush()
        #expect(try reader.classes() == [record(10, lost: false), record(20, lost: true), record(40, lost: true)])
        #expect(try reader.classes(near: 26)?.step == 20)
        #expect(try reader.classes(near: 0)?.classes(.present).map(\.name) == ["bag"])
        #expect(try reader.classes(near: nil)?.classes(.lost).count == 1)
        try writer.finish(.finished)
    }
}
