import Foundation
import Logs
import Measurements
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
        #expect(steps == Array(1...25) && log.notes.contains { $0.contains("numbered continuously") })
    }

    @Test func severalProgramsInOneFile() throws {
        let rows = (1...200).flatMap { [line("step \($0)"), line("step \($0 + 500)")] }
        let (log, steps) = try steps(rows)
        #expect(steps == Array(1...400) && log.notes.contains { $0.contains("several programs") })
    }

    @Test func aLineThatEndsAnEpochDoesNotCount() throws {
        let rows = (1...12).flatMap { epoch in
            (0..<3).map { line("[\(epoch)/12][\($0 * 50)/118]") } + ["Epoch \(epoch)/12 completed in 14.8 seconds."]
        }
        let (log, steps) = try steps(rows)
        #expect(log.rowCount == 36 && steps.last == 11 * 118 + 100)
    }

    /// Words before `Epoch` neither make another counter of it nor a player's column.
    @Test func wordsBeforeTheCounter() throws {
        let (log, steps) = try steps(
            (1...8).map { line("\($0 % 3 == 1 ? "Saved" : "Adversarial") Epoch \($0)/100 |") })
        #expect(
            steps == Array(1...8) && log.unit == "epoch" && log.mapping.columns.values.sorted() == ["D_loss", "G_loss"])
    }

    @Test func memoryIsNoCounter() throws {
        let (log, steps) = try steps((0...8).map { line("Epoch: \($0), GPU Memory: \(207 + 51 * $0)/8192 MiB,") })
        #expect(steps == Array(0...8) && log.unit == "epoch")
    }

    /// One player's losses may stay where they were in another training; those of the other tell.
    @Test func anotherTrainingByOnePlayersLosses() throws {
        func run(_ count: Int, _ loss: (Int) -> Double) -> [String] {
            (1...count).map { "step \($0) D_loss: \(loss($0)) G_loss: \(1 + 4 / Double($0))" }
        }
        let (log, _) = try steps(run(60) { 0.5 + 1 / Double($0) } + run(50) { _ in 0.52 })
        #expect(log.rowCount == 50 && log.notes.contains { $0.contains("2 runs") })
    }

    @Test func countersBehindALoggersName() throws {
        let rows = (1...4).flatMap { epoch in
            (0..<5).map { line("INFO:root:[epoch   \(epoch)/4] [step  \($0 * 10)/50]") }
        }
        let (log, steps) = try steps(rows)
        #expect(log.rowCount == 20 && steps.last == 190 && !log.notes.contains { $0.contains("resumed") })
    }

    @Test(arguments: [
        "Generator loss at epoch %@: %g\nDiscriminator loss at epoch %@: %d\n",
        "G loss after epoch %@: %g\nD loss after epoch %@: %d\n",
    ])
    func aLossNamedBeforeItsEpoch(line: String) throws {
        let log = try folder.log(
            (1...9).map {
                line.replacing("%@", with: "\($0)").replacing("%g", with: "1.\($0)").replacing("%d", with: "0.\($0)")
            }.joined())
        #expect(log.mapping.columns.count == 2)
        #expect(log.values(try #require(log.mapping.columns[.lossGenerator])).map(\.value).last == 1.9)
    }

    /// Drift of one player's loss does not make another training of a resumed one.
    @Test func driftDoesNotHideAResumption() throws {
        let run = (1...100).map { "step \($0) D_loss: \(0.5 + 0.9 / Double($0)) G_loss: \(1 + 0.003 * Double($0))" }
        let (log, _) = try steps(run + (1...100).map { "step \($0) D_loss: 0.5 G_loss: 1.05" })
        #expect(log.notes.contains { $0.contains("resumed") }, "\(log.notes)")
    }

    /// A record without a counter before the others, such as that of the untrained networks, hides none of their steps.
    @Test(arguments: [
        ("initial:", "step: %@,", 1, [0, 500, 1000, 1500]),
        ("[Sample]", "Epoch: [14] [ %@/9000]", 2, [499, 500, 1000, 1500]),
    ])
    func aFirstRecordWithoutStep(_ first: String, _ others: String, _ columns: Int, _ expected: [Int]) throws {
        let rows = [line(first)] + (1...3).map { line(others.replacing("%@", with: "\($0 * 500)")) }
        let (log, steps) = try steps(rows)
        #expect(log.unit == "step" && steps.count == 4 && zip(steps, expected).allSatisfy { columns == 2 || $0 == $1 })
        #expect(steps == steps.sorted() && Set(steps).count == 4, "\(steps)")
    }

    @Test func iterationsThatRunOnOverTheEpochs() throws {
        let rows = (1...60).map { line("(epoch: \(1 + $0 / 6), iters: \($0)00)") }
        #expect(try steps(rows).steps == (1...60).map { $0 * 100 })
    }

    /// A program that believes its data to be half as large counts each epoch's iterations from the middle of the one before.
    @Test func iterationsThatFallBackALittleAtEachEpoch() throws {
        let rows = (0..<30).flatMap { epoch in
            (1...4).map { line("(epoch: \(epoch + 1), iters: \(200 * epoch + 100 * $0))") }
        }
        let (log, steps) = try steps(rows + [line("(epoch: 1, iters: 100)")])
        #expect(steps.count == 120 && steps.last == 6200 && Set(steps).count == 120, "\(steps)")
        #expect(log.notes.contains { $0.contains("2 runs, of which number 1") }, "\(log.notes)")
    }

    /// Progressive growing calls its stages steps.
    @Test func stepsThatAreStages() throws {
        let rows = (0..<40).map { line("Step \($0 / 10), epoch \($0):") }
        let (log, steps) = try steps(rows)
        #expect(log.unit == "epoch" && steps == Array(0..<40), "\(steps)")
    }

    @Test(arguments: ["%d-%b ", "%d epoch,  %b0  batch, ", "%d epoch | %b0 iter | "])
    func epochsAndBatchesInOtherPlaces(_ form: String) throws {
        let rows = (0..<5).flatMap { epoch in
            (0..<8).map {
                "\(form.replacing("%d", with: "\(epoch)").replacing("%b", with: "\($0)"))[D_loss: 0.6\($0)] [G_loss: 0.9\(epoch)]"
            }
        }
        let (log, steps) = try steps(rows)
        #expect(
            log.unit == "step" && steps.count == 40 && steps == steps.sorted() && Set(steps).count == 40, "\(steps)")
        #expect(log.notes.contains { $0.contains("Steps were counted from") })
    }

    /// Lines of means without the counter of the other lines: the rows are counted, but the runs are told apart.
    @Test func epochsThatStartAgainPartRuns() throws {
        func run(_ epochs: Int) -> [String] {
            (0..<epochs).flatMap { epoch -> [String] in
                let level = 1.4 / Double(epoch + 1)
                let means = ["0/8299 |", "5000/8299 |"].map { line("Epoch \(epoch)/50 | Iter \($0)", level) }
                return means + [line("Epoch \(epoch)/50 |", level)]
            }
        }
        let (log, steps) = try steps(run(13) + run(8))
        #expect(
            steps == Array(1...24) && log.notes.contains { $0.contains("2 runs, of which number 2") }, "\(log.notes)")
    }

    /// Batches within epochs that are a little shorter than the interval between rows.
    @Test func batchesThatRiseFromEpochToEpoch() throws {
        let rows = (0..<49).map { line("Epoch \($0)/50, Batch \($0 * 4)/196") }
        #expect(try steps(rows).steps.last == 48 * 196 + 48 * 4)
    }

    /// A line about an earlier epoch, at the end or in the middle, is no restart.
    @Test(arguments: [140, 70])
    func aLineAboutAnEarlierEpoch(at place: Int) throws {
        var rows = (0..<140).map { line("Epoch \($0 / 7 + 1):", 1 / Double($0 + 1)) }
        rows.insert(line("Epoch 3:", 0.9), at: place)
        #expect(try steps(rows).log.rowCount == 141)
    }
}
