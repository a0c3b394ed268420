import Diagnosis
import Foundation
import Logs
import Runs
import Testing

@Suite final class LogTests {
    private let directory = FileManager.default.temporaryDirectory.appendingPathComponent("logs-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func file(_ name: String, _ data: Data) throws -> URL {
        let folder = directory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let url = folder.appendingPathComponent(name)
        try data.write(to: url)
        return url
    }

    private func csv(_ text: String) throws -> LossLog { try LossLog(contentsOf: file("log.csv", Data(text.utf8))) }

    private func problem(_ text: String) -> String {
        do {
            _ = try csv(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func aTableOfLosses() throws {
        let log = try csv("step,G_loss,\"D, loss\",note\n10,1.5,0.5,a\r\n20,nan,,b\n30,-inf,0.25,c\n")
        #expect(log.names == ["step", "G_loss", "D, loss"])
        let losses = try #require(log.columns["G_loss"])
        #expect(losses.map(\.step) == [10, 20, 30] && losses[0].value == 1.5 && losses[1].value.isNaN)
        #expect(losses[2].value == -.infinity)
        #expect(log.columns["D, loss"]?.map(\.step) == [10, 30])
    }

    @Test(arguments: ["epoch;g_loss;d_loss\n1;1.0;0.5\n1;1.1;0.4\n", "\u{FEFF}batch\tg_loss\td_loss\n0\t1\t2\n0\t1\t2"])
    func otherSeparatorsAndRowsWithoutASteppingColumn(_ text: String) throws {
        #expect(try csv(text).columns["g_loss"]?.map(\.step) == [1, 2])
    }

    @Test(arguments: [
        "# made by a script\n# seed 3\nstep;g_loss;d_loss\n1;1,5;0,5\n2;1,25;0,25\n",
        "step,g_loss,d_loss\r1,1.5,0.5\r2,1.25,0.25\r", "step\tg_loss\td_loss\r\n1\t1,5\t0,5\r\n\r\n2\t1,25\t0,25",
        "# step,g_loss,d_loss\n1.0e0,1.5,0.5\n# resumed\n2,1.25,0.25\n",
        "# run 7\n\nstep,g_loss,d_loss\n1,1.5,0.5\n2,1.25,0.25\n",
    ])
    func tablesOfOtherPrograms(_ text: String) throws {
        let log = try csv(text)
        #expect(log.columns["g_loss"]?.map(\.value) == [1.5, 1.25])
        #expect(log.columns["d_loss"]?.map(\.value) == [0.5, 0.25])
        #expect(log.columns["g_loss"]?.map(\.step) == [1, 2])
    }

    @Test func numbersThatCannotBeReadAreToldOf() throws {
        let log = try csv("step\tg_loss\td_loss\tnote\n1\t1,200\t0.5\twarm\n2\t1,250\t0.25\tcold\n")
        #expect(log.names == ["step", "d_loss"])
        #expect(log.warnings.count == 1 && log.warnings[0].contains("g_loss") && log.warnings[0].contains("1,200"))
    }

    @Test func whatIsNoTableIsSaid() {
        #expect(problem("").contains("empty"))
        #expect(problem("1,2\n3,4\n").contains("no header"))
        #expect(problem("a,b\n").contains("no row"))
        #expect(problem("a,b\n1,2\n3\n").contains("line 3"))
        #expect(problem("a,a\n1,2\n").contains("twice"))
        #expect(problem("step;g_loss\n1;1,200\n2;1,300\n").contains("thousand"))
        #expect(problem("step;g_loss\n1;1,200.5\n2;1.5\n3;1.25\n").contains("1,200.5"))
        #expect(problem("# only\n").contains("empty") && problem("#").contains("no row"))
        #expect(problem("g_loss\n1\n2\nbroken\n4\n").contains("“broken” in line 4"))
        #expect((try? csv("g_loss,x\nNone,1\n2,n/a\n"))?.columns["g_loss"]?.count == 1)
        #expect(throws: LogError.self) { _ = try LossLog(contentsOf: file("x.csv", Data([0xFF, 0xFE, 0x00]))) }
        #expect(throws: LogError.self) { _ = try LossLog(contentsOf: URL(fileURLWithPath: "/nowhere.csv")) }
    }

    @Test func columnsAreKnownByTheirUsualNames() throws {
        let mapping = try ColumnMapping(["iter", "errG", "errD_real", "errD_fake", "D(x)", "D(G(z))"])
        #expect(
            mapping.columns == [
                .lossGenerator: "errG", .lossDiscriminatorReal: "errD_real", .lossDiscriminatorFake: "errD_fake",
                .probabilityReal: "D(x)", .probabilityFake: "D(G(z))",
            ])
        #expect(try ColumnMapping(["a", "b"], assignments: ["loss_generator=b"]).columns == [.lossGenerator: "b"])
        for assignments in [
            ["loss_generator"], ["losses=b"], ["loss_generator=c"], ["loss_generator=b", "loss_discriminator=b"],
            ["loss_generator=a", "loss_generator=b"],
        ] {
            #expect(throws: LogError.self) { _ = try ColumnMapping(["a", "b"], assignments: assignments) }
        }
        #expect(throws: LogError.self) { _ = try ColumnMapping(["a", "b"]) }
    }

    /// The three events that `SummaryWriter` of PyTorch 2.13 and TensorBoard 2.20 wrote for
    /// `add_scalar("loss/G", 1.5, 7)` and `add_scalar("loss/G", nan, 9)`; made by `Scripts/make_event_file.py`.
    private func eventFile() throws -> Data {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/events.out.tfevents.1")
        return try Data(contentsOf: url)
    }

    @Test func tensorBoardsEvents() throws {
        let log = try LossLog(contentsOf: file("events.out.tfevents.1", eventFile()))
        let losses = try #require(log.columns["loss/G"])
        #expect(losses.map(\.step) == [7, 9] && losses[0].value == 1.5 && losses[1].value.isNaN)
        #expect(log.columns["loss/D"]?.first?.value == 0.25 && log.warnings.isEmpty)
    }

    /// What PyTorch wrote of four trainings at rates that are too high; made by `Scripts/make_stuck_runs.py`.
    @Test(arguments: [
        ("generated", Pattern.discriminatorFrozen, "everything generated"),
        ("wrong", .discriminatorFrozen, "the wrong way round"), ("real", .discriminatorFrozen, "everything real"),
        ("exploded", .explodingLosses, "have exploded"),
    ])
    func discriminatorsThatAreStuck(_ name: String, _ pattern: Pattern, _ words: String) throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/stuck-\(name).csv")
        let log = try LossLog(contentsOf: url)
        let diagnosis = Diagnosis(try log.history(ColumnMapping(log.names), objective: .nonSaturating).history)
        let finding = try #require(diagnosis.findings.first, "\(diagnosis)")
        #expect(diagnosis.verdict == .failed && finding.pattern == pattern && finding.summary.contains(words))
    }

    @Test func scoresThatLeaveZeroToOneAreLogits() throws {
        let text = "step,G_loss,score_real,score_fake\n" + (1...400).map { "\($0),0.9,0.3,-0.9\n" }.joined()
        let log = try LossLog(contentsOf: file("scores.csv", Data(text.utf8)))
        let (history, assumptions) = try log.history(ColumnMapping(log.names), objective: .nonSaturating)
        #expect(assumptions.count == 1 && assumptions[0].contains("logits"))
        #expect(abs((history.windows(.probabilityReal).first?.mean ?? 0) - 0.5744) < 1e-4)
        #expect(Diagnosis(history).findings.isEmpty)
    }

    /// Losses alone do not tell answers that are all wrong from a few that cost much.
    @Test func answersAreNotDerivedFromLossesThatAreBothHigh() throws {
        func diagnosis(real: Double, fake: Double, generator: Double) throws -> Diagnosis {
            let text =
                "step,errD_real,errD_fake,errG\n" + (1...400).map { "\($0),\(real),\(fake),\(generator)\n" }.joined()
            let log = try LossLog(contentsOf: file("losses.csv", Data(text.utf8)))
            return Diagnosis(try log.history(ColumnMapping(log.names), objective: .nonSaturating).history)
        }
        #expect(try diagnosis(real: 5, fake: 5, generator: 4).findings.isEmpty)
        #expect(try diagnosis(real: 5, fake: 50, generator: 4).findings.map(\.pattern) == [.explodingLosses])
        #expect(try diagnosis(real: 100, fake: 0, generator: 100).findings.first?.pattern == .discriminatorFrozen)
        // Not cross-entropies: a critic's, and a generator's with other terms.
        #expect(try diagnosis(real: -120, fake: 90, generator: 300).findings.isEmpty)
        #expect(try diagnosis(real: 0.6, fake: 0.6, generator: 300).findings.isEmpty)
    }

    @Test func eventFilesThatAreDamaged() throws {
        let whole = try eventFile()
        // Cut anywhere, what is whole before the cut is read, or it is said that there is none.
        for count in stride(from: 0, to: whole.count, by: 7) {
            let url = try file("events.out.tfevents.1", whole.prefix(count))
            if let log = try? LossLog(contentsOf: url) { #expect(!log.columns.isEmpty) }
        }
        // One bit anywhere is noticed, or it cuts the file short.
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0x10
            let url = try file("events.out.tfevents.1", damaged)
            if let log = try? LossLog(contentsOf: url) { #expect(!log.warnings.isEmpty, "byte \(index)") }
        }
    }

    @Test func lossesAloneTellADiscriminatorThatWon() throws {
        let rows = (1...500).map { "\($0),\(5 + Double($0) / 100),0.01" }
        let log = try csv("step,g_loss,d_loss\n" + rows.joined(separator: "\n"))
        let (history, assumptions) = log.history(try ColumnMapping(log.names), objective: .nonSaturating)
        let diagnosis = Diagnosis(history)
        #expect(diagnosis.findings.contains { $0.pattern == .discriminatorWins } && diagnosis.verdict == .failed)
        #expect(assumptions.count == 1 && assumptions[0].contains("d_loss"))
        #expect(diagnosis.findings.allSatisfy { $0.remedies.allSatisfy { $0.change.isEmpty } })
        #expect(diagnosis.unseen.contains { $0.contains("only losses") })
    }
}
