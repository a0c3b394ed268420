import Diagnostics
import EventFiles
import Foundation
import Logs
import Measurements
import Recipes
import Testing

/// Logs of other programs, read and judged.
@Suite struct LogTests {
    private let folder = LogFolder()

    private func csv(_ text: String) throws -> LossLog { try folder.log(text, name: "losses.csv") }

    private func diagnosis(_ log: LossLog, _ objective: Objective? = .nonSaturating) throws -> Diagnosis {
        Diagnosis(try #require(log.histories(objective: objective).first).history)
    }

    /// The three events that `SummaryWriter` of PyTorch 2.13 and TensorBoard 2.20 wrote for
    /// `add_scalar("loss/G", 1.5, 7)` and `add_scalar("loss/G", nan, 9)`; made by `Scripts/make_event_file.py`.
    private func eventFile() throws -> Data { try Data(contentsOf: LogFolder.fixture("events.out.tfevents.1")) }

    @Test func tensorBoardsEvents() throws {
        let log = try LossLog(contentsOf: folder.file("events.out.tfevents.1", eventFile()))
        let losses = log.values("loss/G")
        #expect(losses.map(\.step) == [7, 9] && losses[0].value == 1.5 && losses[1].value.isNaN)
        #expect(log.values("loss/D").first?.value == 0.25 && log.warnings.isEmpty)
    }

    /// What was written as 0.3 is 0.3 again, not the 0.30000001 of 32 bits.
    @Test func numbersOf32BitsAreReadAsTheirShortestDecimals() throws {
        let values = [0.3, 12.1, 1e-7, -0.7, 1e30, 16_777_216, .infinity]
        let file = EventFixture.file(tag: "loss/G", values: values.map { Float($0) })
        let log = try LossLog(contentsOf: folder.file("events.out.tfevents.1", file))
        #expect(log.values("loss/G").map(\.value) == values)
    }

    @Test func aTagInSeveralFoldersTakesTheirNames() throws {
        let directory = folder.directory.appending(path: "runs")
        for name in ["loss_D", "loss_G"] {
            let writer = directory.appending(path: name)
            try FileManager.default.createDirectory(at: writer, withIntermediateDirectories: true)
            try EventFixture.file(tag: "loss", values: [0.5, 0.25]).write(
                to: writer.appending(path: "events.out.tfevents.1.x"))
        }
        let log = try LossLog(contentsOf: directory)
        #expect(log.mapping.columns == [.lossGenerator: "loss_G/loss", .lossDiscriminator: "loss_D/loss"])
    }

    @Test func aRestartReplacesLaterSteps() throws {
        let directory = folder.directory.appending(path: "restart")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try EventFixture.file(tag: "D_loss", values: [5, 6, 7, 8]).write(
            to: directory.appending(path: "events.out.tfevents.1.x"))
        try EventFixture.file(tag: "D_loss", values: [1], from: 2).write(
            to: directory.appending(path: "events.out.tfevents.2.x"))
        let log = try LossLog(contentsOf: directory)
        #expect(log.values("D_loss").map(\.value) == [5, 6, 1] && log.notes.contains { $0.contains("go back once") })
    }

    @Test func eventFilesThatAreDamaged() throws {
        let whole = try eventFile()
        // Cut anywhere, what is whole before the cut is read, or it is said that there is none.
        for count in stride(from: 0, to: whole.count, by: 7) {
            let url = try folder.file("events.out.tfevents.1", whole.prefix(count))
            if let log = try? LossLog(contentsOf: url) { #expect(!log.names.isEmpty) }
        }
        // One bit anywhere is noticed, or it cuts the file short; what came before it counts.
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0x10
            let url = try folder.file("events.out.tfevents.1", damaged)
            if let log = try? LossLog(contentsOf: url) { #expect(!log.warnings.isEmpty, "byte \(index)") }
        }
    }

    /// What PyTorch wrote of four trainings at rates that are too high; made by `Scripts/make_stuck_runs.py`.
    @Test(arguments: [
        ("generated", Pattern.discriminatorFrozen, "everything generated"),
        ("wrong", .discriminatorFrozen, "everything wrong"), ("real", .discriminatorFrozen, "everything real"),
        ("exploded", .explodingLosses, "have exploded"),
    ])
    func discriminatorsThatAreStuck(_ name: String, _ pattern: Pattern, _ words: String) throws {
        let diagnosis = try diagnosis(LossLog(contentsOf: LogFolder.fixture("stuck-\(name).csv")))
        let finding = try #require(diagnosis.findings.first { $0.pattern == pattern }, "\(diagnosis)")
        #expect(diagnosis.verdict == .failed && finding.severity >= 0.5 && finding.summary.contains(words))
    }

    @Test func scoresThatLeaveZeroToOneAreLogits() throws {
        let log = try csv(
            "step,G_loss,score_real,score_fake\n" + (1...400).map { "\($0),0.9\($0),0.3,-0.9\n" }.joined())
        let players = try #require(log.histories(objective: .nonSaturating).first)
        #expect(players.assumptions.contains { $0.contains("logits") })
        #expect(abs((players.history.windows(.probabilityReal).first?.mean ?? 0) - 0.5744) < 1e-4)
        #expect(Diagnosis(players.history).findings.isEmpty)
    }

    /// Losses alone do not tell answers that are all wrong from a few that cost much.
    @Test func answersAreNotDerivedFromLossesThatAreBothHigh() throws {
        func judged(real: Double, fake: Double, generator: Double) throws -> Diagnosis {
            // A little noise, so that the losses have not stopped.
            var noise = FixedNoise()
            let rows = (1...400).map { step in
                let wobble = 1 + 0.001 * noise.next()
                return "\(step),\(real * wobble),\(fake * wobble),\(generator * wobble)\n"
            }
            return try diagnosis(csv("step,errD_real,errD_fake,errG\n" + rows.joined()))
        }
        #expect(try judged(real: 5, fake: 5, generator: 4).findings.isEmpty)
        #expect(try judged(real: 5, fake: 50, generator: 4).findings.map(\.pattern) == [.explodingLosses])
        #expect(try judged(real: 100, fake: 0, generator: 100).findings.first?.pattern == .discriminatorFrozen)
        // Not cross-entropies: a critic's, and a generator's with other terms.
        #expect(try judged(real: -120, fake: 90, generator: 300).findings.isEmpty)
        #expect(try judged(real: 0.6, fake: 0.6, generator: 300).findings.isEmpty)
    }

    private func rows(_ count: Int, _ row: (Int, Double) -> (generator: Double, discriminator: Double)) -> String {
        var noise = FixedNoise()
        return "step,g_loss,d_loss\n"
            + (1...count).map { step in
                let (generator, discriminator) = row(step, noise.next())
                return "\(step),\(generator),\(discriminator)\n"
            }.joined()
    }

    @Test func lossesAloneTellADiscriminatorThatWon() throws {
        let log = try csv(rows(500) { step, noise in (8 + Double(step) / 100 + noise, 0.0003 * (1 + 0.5 * noise)) })
        let players = try #require(log.histories(objective: nil).first)
        let diagnosis = Diagnosis(players.history)
        #expect(diagnosis.findings.contains { $0.pattern == .discriminatorWins } && diagnosis.verdict == .failed)
        #expect(players.assumptions.contains { $0.contains("d_loss") })
        #expect(diagnosis.findings.allSatisfy { $0.remedies.allSatisfy { $0.change.isEmpty } })
        #expect(diagnosis.unseen.contains { $0.contains("only losses") })
    }

    /// Sound trainings and collapsed ones have such losses.
    @Test func aDiscriminatorThatIsAheadDecidesNothing() throws {
        let diagnosis = try diagnosis(csv(rows(500) { _, noise in (9 + noise, 0.03 * (1 + 0.5 * noise)) }), nil)
        #expect(diagnosis.verdict == .undecided && diagnosis.unseen.contains { $0.contains("far ahead") })
    }

    /// With smoothed labels, the discriminator's loss stays at 0.325; the generator's shows who is ahead.
    @Test func aDiscriminatorThatIsAheadWithSmoothedLabels() throws {
        let ahead = try diagnosis(csv(rows(500) { _, noise in (9 + noise, 0.325 + 0.001 * noise) }), nil)
        #expect(ahead.verdict == .undecided && ahead.unseen.contains { $0.contains("far ahead") })
        let balanced = try diagnosis(csv(rows(500) { _, noise in (2 + noise, 0.6 + 0.01 * noise) }), nil)
        #expect(balanced.verdict == .healthy)
    }

    @Test func lossesThatVanishInFewRows() throws {
        let log = try csv(rows(15) { step, noise in step < 8 ? (0.9, 1.2 + 0.1 * noise) : (0.001, 0.001) })
        #expect(try diagnosis(log, nil).findings.map(\.pattern) == [.bothPlayersWin])
    }

    @Test(arguments: [
        (Objective.nonSaturating, 1.0, 1.2), (.leastSquares, 0.45, 0.35), (.wasserstein, 0.5, -1.1),
        (.hinge, -0.4, 1.6),
    ])
    func theObjectiveIsToldByTheLosses(_ objective: Objective, _ generator: Double, _ discriminator: Double) throws {
        let log = try csv(rows(200) { _, noise in (generator * (1 + 0.1 * noise), discriminator * (1 + 0.1 * noise)) })
        let players = try #require(log.histories(objective: nil).first)
        #expect(players.history.objective == objective && players.history.context.isObjectiveKnown)
        #expect(players.assumptions.contains { $0.contains("--objective") })
    }

    @Test func onlyOneOfTwoPairsFails() throws {
        var noise = FixedNoise()
        let rows = (1...400).map { step in
            "iter: \(step) D_A: \(0.3 + 0.05 * noise.next()) G_A: \(0.4 + 0.05 * noise.next()) D_B: 0.0001 G_B: \(0.99 + 0.009 * noise.next())\n"
        }
        let judged = try folder.log(rows.joined()).histories(objective: nil).map {
            ($0.part ?? "", Diagnosis($0.history))
        }
        #expect(judged.map(\.1.verdict) == [.healthy, .failed])
        let both = Diagnosis(players: judged)
        #expect(
            both.verdict == .warning && both.findings.allSatisfy { $0.severity < 0.5 && $0.summary.hasPrefix("B: ") })
        #expect(Diagnosis(players: [judged[1], judged[1]]).verdict == .failed)
    }
}

/// Event files as TensorBoard's writers make them.
enum EventFixture {
    /// A file of scalars with steps that count up.
    static func file(tag: String, values: [Float], from step: Int = 0) -> Data {
        var data = record(field(3, Array("brain.Event:2".utf8)))
        for (offset, value) in values.enumerated() {
            let bits = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
            let scalar = field(1, Array(tag.utf8)) + [0x15] + bits
            data += record([0x10, UInt8(step + offset)] + field(5, field(1, scalar)))
        }
        return data
    }

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }

    private static func record(_ bytes: [UInt8]) -> Data {
        let length = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) }
        func sum(_ bytes: [UInt8]) -> [UInt8] { withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian) { Array($0) } }
        return Data(length + sum(length) + bytes + sum(bytes))
    }
}
