import Diagnostics
import Foundation
import Logs
import Measurements
import Testing

/// Kinds of logs that were met in public repositories, made up anew.
@Suite struct PublicLogTests {
    private let folder = LogFolder()

    private func columns(_ text: String, name: String = "train.log") throws -> [SeriesName: String] {
        try folder.log(text, name: name).mapping.columns
    }

    private func history(_ text: String, name: String = "train.log") throws -> LossLog.PlayersHistory {
        try #require(folder.log(text, name: name).histories(objective: nil).first)
    }

    /// Colab writes the state of its widgets before the cells.
    @Test func aNotebookWhoseCellsComeLate() throws {
        let widgets = String(repeating: "{\"state\": 1}, ", count: 2000)
        let lines = (0..<20).map { "\"Epoch \($0) d_loss: 0.6\($0) g_loss: 1.\($0)\\n\"" }.joined(separator: ", ")
        let text =
            "{\"nbformat\": 4, \"metadata\": {\"widgets\": [\(widgets)0]}, \"cells\": [{\"cell_type\": \"code\", \"outputs\": "
            + "[{\"output_type\": \"stream\", \"text\": [\(lines)]}]}]}"
        #expect(try columns(text, name: "gan.ipynb") == [.lossDiscriminator: "d_loss", .lossGenerator: "g_loss"])
    }

    /// `epoch_loss += loss`, never divided: the level tells nothing, and nothing has exploded.
    @Test func lossesThatAreSumsOverBatchesHaveNotExploded() throws {
        var noise = FixedNoise()
        let text = (1...100).map {
            "Epoch \($0) D loss: \(140 + 10 * noise.next()) G loss: \(280 + 20 * noise.next())\n"
        }.joined()
        let players = try history(text)
        #expect(!players.history.context.isObjectiveKnown)
        #expect(players.assumptions.contains { $0.contains("summed over batches") })
        #expect(Diagnosis(players.history).verdict == .undecided)
        // Losses that rise from a usual level have exploded.
        let exploding = (1...100).map {
            "Epoch \($0) D loss: \(0.7 + Double($0 * $0)) G loss: \(0.8 + Double($0 * $0))\n"
        }
        #expect(try Diagnosis(history(exploding.joined()).history).verdict == .failed)
    }

    @Test(arguments: [10, 50, 100])
    func aBatchThatStartsAgainCountsWithinAnEpoch(length: Int) throws {
        var noise = FixedNoise()
        let text =
            "batch,d_loss,g_loss\n"
            + (0..<2000).map { "\($0 % length),\(0.6 + 0.1 * noise.next()),\(1 + 0.1 * noise.next())\n" }.joined()
        let log = try folder.log(text, name: "losses.csv")
        #expect(log.rowCount == 2000)
        let steps = log.values("d_loss").map(\.step)
        #expect(steps.last == 1999 && Set(steps).count == 2000)
    }

    /// Six trainings of the same length, one after the other.
    @Test func equalTrainingsAreNotEpochs() throws {
        let rows = (0..<600).map { place in
            let fall = exp(-Double(place % 100) / 20)
            return "\(place % 100),\(0.6 + fall),\(1 + fall)\n"
        }
        #expect(try folder.log("step,d_loss,g_loss\n" + rows.joined(), name: "six.csv").rowCount == 100)
    }

    @Test(arguments: [2, 3, 4])
    func fewRowsAnEpochAreAllKept(rows: Int) throws {
        let text = (1...20).flatMap { epoch in
            (0..<rows).map { "[\(epoch)/20][\(1 + $0 * 300)/1200] Loss_D: 0.\(50 + epoch) Loss_G: 1.\($0)\(epoch)\n" }
        }
        let log = try folder.log(text.joined())
        #expect(log.rowCount == 20 * rows && log.values("Loss_D").count == 20 * rows)
    }

    /// Each of two losses in a line of its own belongs to one step.
    @Test func oneLossALine() throws {
        let text = (0..<30).map { "Epoch: \($0) Loss D.: 0.5\($0)\nEpoch: \($0) Loss G.: 1.2\($0)\n" }.joined()
        let log = try folder.log(text)
        #expect(log.rowCount == 30 && log.values("Loss D.").last?.step == 29)
    }

    @Test(arguments: [
        ("D(x) : 0.9\(rowMark), D(G(x)) : 0.1\(rowMark), d_loss: 0.5\(rowMark), g_loss: 1.1\(rowMark)", "D(G(x))"),
        ("d_loss: 0.5\(rowMark) g_loss: 1.1\(rowMark) D(x): 0.8 D(x_hat): 0.2\(rowMark)", "D(x_hat)"),
    ])
    func answersToAnything(line: String, fake: String) throws {
        let text = (10..<40).map { line.replacingOccurrences(of: rowMark, with: String($0)) + "\n" }.joined()
        let columns = try columns(text)
        #expect(columns[.probabilityFake] == fake && columns[.probabilityReal] == "D(x)")
        #expect(columns[.lossDiscriminator] == "d_loss" && columns[.lossGenerator] == "g_loss")
    }

    @Test(arguments: [
        ("Generator Loss: 3.6\(rowMark) --- Discrimator Loss: 0.1\(rowMark)", "Discrimator Loss", "Generator Loss"),
        ("epoch: \(rowMark) dicriminator loss: 1.2\(rowMark) gan loss:0.0\(rowMark)", "dicriminator loss", "gan loss"),
        ("\(rowMark):  [D loss: 0.69\(rowMark), acc: 0.527] [A loss: 1.29\(rowMark), acc: 0.000]", "D loss", "A loss"),
    ])
    func misspelledAndUnusualNames(line: String, discriminator: String, generator: String) throws {
        let text = (10..<40).map { line.replacingOccurrences(of: rowMark, with: String($0)) + "\n" }.joined()
        let columns = try columns(text)
        #expect(columns[.lossDiscriminator] == discriminator && columns[.lossGenerator] == generator)
    }

    @Test(arguments: ["%@ | d_loss: 0.5 | g_loss: 1.2\n", "Step %@: d_loss 0.5 g_loss 1.2\n"])
    func thousandsInCounters(line: String) throws {
        let text = (0..<20).map { number in
            line.replacingOccurrences(of: "%@", with: number == 0 ? "     0" : " \(number),000")
        }
        #expect(try folder.log(text.joined()).values("d_loss").last?.step == 19_000)
    }

    /// What Stable-Baselines3 and imitation print: a box for each row.
    @Test func boxesOfNamesAndValues() throws {
        let text = (1...20).map { step in
            """
            ---------------------------------
            | raw/                 |        |
            |    disc/disc_loss    | 0.6\(step) |
            |    gen/loss          | 1.2\(step) |
            |    time/total_steps  | \(step * 2048) |
            ---------------------------------

            """
        }
        let log = try folder.log(text.joined())
        #expect(log.rowCount == 20)
        #expect(log.mapping.columns == [.lossDiscriminator: "disc/disc_loss", .lossGenerator: "gen/loss"])
    }

    /// As Rich prints a table.
    @Test func tablesOfBoxCharacters() throws {
        let rows = (1...20).map { "│ \($0)     │ 1.2\($0)   │ 0.9\($0)   │" }.joined(separator: "\n")
        let text = """
            ┏━━━━━━━┳━━━━━━━━┳━━━━━━━━┓
            ┃ epoch ┃ d_loss ┃ g_loss ┃
            ┡━━━━━━━╇━━━━━━━━╇━━━━━━━━┩
            \(rows)
            └───────┴────────┴────────┘

            """
        let log = try folder.log(text, name: "train.txt")
        #expect(log.rowCount == 20 && log.unit == "epoch")
        #expect(log.mapping.columns == [.lossDiscriminator: "d_loss", .lossGenerator: "g_loss"])
        #expect(log.values("d_loss").first?.value == 1.21 && log.values("d_loss").last?.step == 20)
    }

    /// As tbparse and melted data frames hold them: a value a row, sorted by name or by step.
    @Test(arguments: [true, false]) func aValueARow(isSortedByName: Bool) throws {
        var rows = (1...30).flatMap { step in
            [("Loss/D", 1.2 + Double(step) / 100), ("Loss/G", 0.9)].map { (step * 10, $0.0, $0.1) }
        }
        if isSortedByName { rows.sort { ($0.1, $0.0) < ($1.1, $1.0) } }
        let text = "step,tag,value\n" + rows.map { "\($0.0),\($0.1),\($0.2)\n" }.joined()
        let log = try folder.log(text, name: "scalars.csv")
        #expect(log.rowCount == 30)
        #expect(log.mapping.columns == [.lossDiscriminator: "Loss/D", .lossGenerator: "Loss/G"])
        #expect(log.values("Loss/D").map(\.step) == (1...30).map { 10 * $0 })
        #expect(log.values("Loss/D").last?.value == 1.5)
    }

    /// The tutorials of Machine Learning Mastery: a critic's losses, and an auxiliary classifier's with its accuracy.
    @Test(arguments: [
        (">%@, c1=-3.7%@, c2=0.9%@ g=-3.4%@", "c1", "c2"),
        (">%@, dr[0.56%@,62], df[0.42%@,58], g[0.88%@,90]", "dr", "df"),
        (">%@, d1=0.56%@, d2=0.42%@ g=0.88%@", "d1", "d2"),
    ])
    func theTutorialsOfMachineLearningMastery(line: String, real: String, fake: String) throws {
        let text = (10..<40).map { line.replacing("%@", with: String($0)) + "\n" }.joined()
        #expect(
            try columns(text) == [.lossDiscriminatorReal: real, .lossDiscriminatorFake: fake, .lossGenerator: "g"])
    }

    /// Lists that were printed at the end of a training.
    @Test(arguments: [
        "G_losses = [%@]\nD_losses = [%@]\n", "{'G_losses': [%@], 'D_losses': [%@]}\n",
        "Using cuda\nG_losses: [%@]\nD_losses: [%@]\n",
    ])
    func aListOfEachLoss(text: String) throws {
        for wrapper in ["", "np.float64("] {
            func list(_ level: Double) -> String {
                (0..<30).map { "\(wrapper)\(level + Double($0) / 100)\(wrapper.isEmpty ? "" : ")")" }.joined(
                    separator: ", ")
            }
            let parts = text.components(separatedBy: "%@")
            let log = try folder.log(parts[0] + list(0.9) + parts[1] + list(1.2) + parts[2])
            #expect(log.mapping.columns == [.lossDiscriminator: "D_losses", .lossGenerator: "G_losses"])
            #expect(log.rowCount == 30 && log.values("D_losses").last?.value == 1.49)
        }
    }

    /// Lists of something else, or shorter than what the lines say, change nothing; values that are no numbers keep their places.
    @Test func listsBesideLines() throws {
        let lines = (1...60).map { "step \($0) D_loss: 1.2\($0) G_loss: 0.9\($0)\n" }.joined()
        let numbers = (1...20).map { String($0 * 10) }.joined(separator: ", ")
        for text in [
            "milestones = [\(numbers)]\n" + lines, lines + "FID per class: [\(numbers)]\n",
            lines + "G_losses: [\(numbers)]\n",
        ] {
            let log = try folder.log(text)
            #expect(log.rowCount == 60 && log.mapping.columns[.lossDiscriminator] == "D_loss", "\(log.mapping.columns)")
        }
        let losses = (0..<30).map { $0 % 10 == 3 ? "nan" : $0 % 10 == 4 ? "None" : "1.\($0)" }
        for wrap in [", ", ",\n    "] {
            let rows = stride(from: 0, to: 30, by: 10).map { losses[$0..<$0 + 10].joined(separator: ", ") }
            let list = rows.joined(separator: wrap)
            let log = try folder.log("G_losses = [\(list)]\nD_losses = [nan, \(list)]\n")
            #expect(log.rowCount == 31 && log.values("D_losses").first?.value.isNaN == true)
            #expect(log.values("G_losses").last?.value == 1.29 && log.values("G_losses")[3].value.isNaN)
        }
    }

    @Test(arguments: [
        ("第%@轮,判别器损失:1.1%@,生成器损失:0.9%@", "判别器损失", "生成器损失"),
        ("第%@轮 鉴别器损失：1.1%@ 生成器损失：0.9%@", "鉴别器损失", "生成器损失"),
        ("エポック %@ 生成器の損失: 0.9%@ 識別器の損失: 1.1%@", "識別器の損失", "生成器の損失"),
        (
            "Época %@ - pérdida_generador: 0.9%@ - pérdida_discriminador: 1.1%@", "pérdida_discriminador",
            "pérdida_generador"
        ),
    ])
    func otherLanguages(line: String, discriminator: String, generator: String) throws {
        let text = (10..<40).map { line.replacing("%@", with: String($0)) + "\n" }.joined()
        #expect(try columns(text) == [.lossDiscriminator: discriminator, .lossGenerator: generator])
    }

    /// What TensorBoard's page exports as JSON, and records of a name and a value.
    @Test func namesBesideValuesInJSON() throws {
        let files = try [("run-a-tag-Loss_D.json", 1.2), ("run-a-tag-Loss_G.json", 0.9)].map { name, level in
            let points = (0..<30).map { "[\(1_600_000_000 + $0).5, \($0 * 10), \(level + Double($0) / 100)]" }
            return try folder.file(name, Data("[\(points.joined(separator: ", "))]".utf8))
        }
        let exported = try LossLog(contentsOf: files)
        #expect(exported.mapping.columns == [.lossDiscriminator: "Loss_D", .lossGenerator: "Loss_G"])
        #expect(exported.rowCount == 30 && exported.values("Loss_D").last?.step == 290)

        let records = (0..<30).flatMap { step in
            ["d_loss", "g_loss"].map {
                "{\"event\": \"train\", \"data\": {\"step\": \(step * 10), \"name\": \"\($0)\", \"value\": 1.\(step)}}\n"
            }
        }
        let log = try folder.log(records.joined(), name: "train.jsonl")
        #expect(log.mapping.columns == [.lossDiscriminator: "d_loss", .lossGenerator: "g_loss"])
        #expect(log.rowCount == 30 && log.values("d_loss").last?.step == 290)
    }

    /// A table with a column for each loss may have columns called `name` and `value` as well; numbers may have decimal commas, and
    /// a step may come again.
    @Test func whatIsAValueARowAndWhatIsNot() throws {
        let wide = (0..<30).map { "\($0),dcgan,0.00,1.2\($0),0.9\($0)\n" }.joined()
        let log = try folder.log("epoch,name,value,d_loss,g_loss\n" + wide, name: "log.csv")
        #expect(log.mapping.columns == [.lossDiscriminator: "d_loss", .lossGenerator: "g_loss"] && log.rowCount == 30)
        let commas = (0..<30).flatMap { step in ["D", "G"].map { "\(step);Loss/\($0);1,2\(step % 10)\n" } }.joined()
        let german = try folder.log("step;tag;value\n" + commas, name: "log.csv")
        #expect(german.values("Loss/D").last?.value == 1.29)
        let steps = Array(0..<60) + Array(30..<90)
        let again = ["D", "G"].flatMap { name in
            steps.enumerated().map { "\($1),Loss/\(name),\($0 < 60 ? 1 : 2).5\($1)\n" }
        }
        let resumed = try folder.log("step,tag,value\n" + again.joined(), name: "log.csv")
        #expect(resumed.values("Loss/D").map(\.step) == Array(0..<90))
        #expect(resumed.values("Loss/D")[40].value == 2.54)
    }

    /// Rows that end with a separator, and ones with a cell too many.
    @Test func aSeparatorAtTheEndOfEachRow() throws {
        for separator in [",", "\t"] {
            let rows = (0..<30).map { ["\($0)", "0.9\($0)", "1.2\($0)", "\n"].joined(separator: separator) }
            let header = ["epoch", "g_loss", "d_loss\n"].joined(separator: separator)
            let log = try folder.log(header + rows.joined(), name: "log.csv")
            #expect(log.mapping.columns == [.lossDiscriminator: "d_loss", .lossGenerator: "g_loss"])
            #expect(log.values("d_loss").last?.value == 1.229 && log.unit == "epoch")
        }
        let odd = (0..<30).map { "\($0),0.9,1.2,7\n" }.joined()
        #expect(throws: LogError.self) { try folder.log("epoch,g_loss,d_loss\n" + odd, name: "log.csv") }
    }

    /// The letters of the tutorials mean nothing beside real names, or in tables of other sciences.
    @Test func terseNamesElsewhere() throws {
        let named = (1...30).map { ">\($0), d_loss: 1.2\($0) g_loss: 0.9\($0) g: 0.1 dr: 0.5 df: 0.3\n" }.joined()
        #expect(try columns(named) == [.lossDiscriminator: "d_loss", .lossGenerator: "g_loss"])
        let swarm = (1...30).map { "\($0),2.0\($0),1.5\($0),0.1\($0)\n" }.joined()
        #expect(throws: LogError.self) { try folder.log("iter,c1,c2,g\n" + swarm, name: "log.csv") }
    }

    /// Sentences above a table, and row numbers without a name in the header.
    @Test(arguments: [
        "run: dcgan-3\nseed: 4\n\nepoch,g_loss,d_loss\n%@,0.9,1.2\n",
        "Using device cuda:0\nLoaded 60000 images\n\nepoch    g_loss    d_loss\n%@      0.9    1.2\n",
        "g_loss,d_loss\n%@,0.9,1.2\n",
    ])
    func tablesBelowSentences(text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let row = String(lines[lines.count - 2])
        let head = lines.dropLast(2).joined(separator: "\n") + "\n"
        let rows = (0..<30).map { row.replacing("%@", with: String($0)).replacing("1.2", with: "1.2\($0)") + "\n" }
        let log = try folder.log(head + rows.joined(), name: "log.csv")
        #expect(log.mapping.columns == [.lossDiscriminator: "d_loss", .lossGenerator: "g_loss"])
        #expect(log.rowCount == 30 && log.values("d_loss").last?.value == 1.229)
    }

    /// Each of two discriminators logs its loss on reals and its loss on fakes.
    @Test func pairsOfPlayersWithHalves() throws {
        let text = (1...60).map { step in
            "iter \(step): D_A_real: 0.2\(step) D_A_fake: 0.3\(step) G_A: 0.4\(step) D_B_real: 0.25 D_B_fake: 0.3\(step) G_B: 0.5\(step)\n"
        }
        let players = try folder.log(text.joined()).mapping.players.sorted { ($0.part ?? "") < ($1.part ?? "") }
        #expect(players.map(\.part) == ["A", "B"])
        for (player, part) in zip(players, ["A", "B"]) {
            #expect(
                player.columns == [
                    .lossDiscriminatorReal: "D_\(part)_real", .lossDiscriminatorFake: "D_\(part)_fake",
                    .lossGenerator: "G_\(part)",
                ])
        }
    }

    /// A logger names the source file and line of each message; neither is a loss.
    @Test func aSourceLineIsNoColumn() throws {
        let text = (1...20).map { "(gan_trainer:202) INFO: step \($0) D loss: 1.3\($0) G loss: 0.7\($0)\n" }
        let log = try folder.log(text.joined())
        #expect(log.mapping.columns == [.lossDiscriminator: "D loss", .lossGenerator: "G loss"])
        #expect(!log.names.contains { $0.contains("trainer") })
    }

    @Test func boldCellsOfMarkdown() throws {
        let rows = (1...12).map { "| \($0) | 0.7\($0) | 1.1\($0) | **1.14\($0)** |\n" }
        let text = "| Epoch | D Loss | G Loss | Score |\n|---|---|---|---|\n" + rows.joined()
        #expect(try columns(text, name: "README.md") == [.lossDiscriminator: "D Loss", .lossGenerator: "G Loss"])
    }

    /// Sixty of the 937 batches of the first epoch are no training yet; as many epochs are.
    @Test func theFirstBatchesDecideNothing() throws {
        func verdict(_ place: (Int) -> String) throws -> (Diagnosis.Verdict, String) {
            let text = (0..<60).map { row in
                let wobble = sin(Double(row) * 1.7)
                return "\(place(row)) Loss_D: \(1.2 + 0.1 * wobble) Loss_G: \(1.1 + 0.2 * wobble)\n"
            }
            let log = try folder.log(text.joined(), name: "train.log")
            let diagnosis = Diagnosis(try #require(log.histories(objective: nil, configuration: nil).first).history)
            return (diagnosis.verdict, diagnosis.judged.losses)
        }
        #expect(try verdict { "[0/1][\($0)/937]" } == (.undecided, "not judged: the training has only begun"))
        #expect(try verdict { "[\($0 / 30)/25][\($0 % 30 * 20)/600]" }.0 == .healthy)
        #expect(try verdict { "[\($0)/100]" }.0 == .healthy)
        #expect(try verdict { "Epoch \($0):" }.0 == .healthy)
    }

    /// Poor scores whose newest is the best still get better.
    @Test func aScoreThatIsBestAtTheEndHasNotStalled() throws {
        func verdict(_ scores: [Double]) throws -> Diagnosis.Verdict {
            let text = "step,d_loss,g_loss,FID\n" + scores.enumerated().map { "\($0 * 5),0.6,1.\($0),\($1)\n" }.joined()
            return try Diagnosis(history(text, name: "scores.csv").history).verdict
        }
        #expect(try verdict([458, 282, 262, 270, 249, 274, 260, 237]) != .failed)
        #expect(try verdict([458, 282, 262, 237, 249, 274, 260, 268]) == .failed)
    }

    @Test func impossibleScoresAreLeftOut() throws {
        let text =
            "step,d_loss,g_loss,FID\n"
            + (1...12).map { "\($0),0.6,1.\($0),\($0 % 2 == 0 ? "-3.1e68" : "35.\($0)")\n" }.joined()
        let players = try history(text, name: "scores.csv")
        #expect(players.assumptions.contains { $0.contains("6 of 12") && $0.contains("impossible for FID") })
        #expect(players.history.windows(Score.frechet.series).allSatisfy { $0.mean > 30 })
    }
}

/// Stands for the number of a row in the lines of the tests.
private let rowMark = "\u{1}"
