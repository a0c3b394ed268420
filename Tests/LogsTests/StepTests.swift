import Foundation
import Logs
import Testing

/// Steps, epochs and restarts.
@Suite struct StepTests {
    private let folder = LogFolder()

    private func steps(_ rows: [String]) throws -> (log: LossLog, steps: [Int]) {
        let log = try folder.log(rows.joined(separator: "\n"))
        return (log, log.values("D_loss").map(\.step))
    }

    private func line(_ counter: String, _ value: Double = 0.5) -> String { "\(counter) D_loss: \(value) G_loss: 1.5" }

    @Test func batchesOfEpochsAreCountedOn() throws {
        let rows = (1...3).flatMap { epoch in (0..<4).map { line("Epoch \(epoch)/3 batch \($0 * 10)/40") } }
        #expect(try steps(rows).steps == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110])
    }

    @Test func anEpochHeadsItsRows() throws {
        let rows = (1...3).flatMap { epoch in ["Epoch \(epoch)"] + [line("end:")] }
        let (log, steps) = try steps(rows)
        #expect(steps == [1, 2, 3] && log.unit == "epoch")
    }

    @Test func rowsAreCountedWhereNothingElseIs() throws {
        let (log, steps) = try steps([line(""), line(""), line("")])
        #expect(steps == [1, 2, 3] && log.unit == "row")
    }

    @Test func aResumedTrainingReplacesWhatItRepeats() throws {
        let (log, steps) = try steps(
            (1...10).map { line("step \($0)00", 0.5) } + (8...12).map { line("step \($0)00", 0.25) })
        #expect(steps == (1...12).map { $0 * 100 } && log.notes.contains { $0.contains("resumed") })
        #expect(log.values("D_loss").map(\.value).suffix(6) == [0.5, 0.25, 0.25, 0.25, 0.25, 0.25])
    }

    @Test func aSecondTrainingIsJudgedAlone() throws {
        let (log, steps) = try steps(
            (1...10).map { line("step \($0)", 1 - 0.08 * Double($0)) }
                + (1...8).map { line("step \($0)", 1 - 0.08 * Double($0)) })
        #expect(steps == Array(1...8) && log.notes.contains { $0.contains("2 runs") })
        // A false start at the end does not count.
        #expect(
            try self.steps((1...20).map { line("step \($0)") } + [line("step 1"), line("step 2")]).steps
                == Array(1...20))
    }

    @Test func aCounterThatStartsAgainWhileTheLossesGoOn() throws {
        let (log, steps) = try steps(
            (1...20).map { line("step \($0)", 2 / Double($0)) } + (1...5).map { line("step \($0)", 0.1 / Double($0)) })
        #expect(steps == Array(1...25) && log.notes.contains { $0.contains("counted on") })
    }

    @Test func severalProgramsInOneFile() throws {
        let rows = (1...200).flatMap { [line("step \($0)"), line("step \($0 + 500)")] }
        let (log, steps) = try steps(rows)
        #expect(steps == Array(1...400) && log.notes.contains { $0.contains("several programs") })
    }
}
