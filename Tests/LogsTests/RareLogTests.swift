import DataFiles
import Diagnostics
import Foundation
import Logs
import Measurements
import Recipes
import Testing

/// Kinds of logs that few programs write, made up anew.
@Suite struct RareLogTests {
    private let folder = LogFolder()

    /// What an annotator of a loop over epochs prints beside its progress bar.
    @Test func lossesBesideABarAndATab() throws {
        let rows = (1...10).map {
            "  0%|          | \($0)/3000 [00:\($0 + 10)<13:40:35, 16.42s/it]dloss: 0.000\($0)\tg_loss: 16.11809539794922\n"
        }
        let log = try folder.log(rows.joined())
        #expect(log.mapping.columns == [.lossDiscriminator: "dloss", .lossGenerator: "g_loss"] && log.rowCount == 10)
    }

    /// Python 2 prints the arguments in parentheses as a tuple.
    @Test func tuplesOfNamesAndValues() throws {
        let rows = (1...6).map {
            "('dLossReal:', 0.\($0), 'dLossFake:', tensor(2.44e-\($0)), 'gLoss', \($0 == 6 ? "nan" : "1.\($0)"))\n"
        }
        #expect(
            try folder.log(rows.joined()).mapping.columns
                == [.lossDiscriminatorReal: "dLossReal", .lossDiscriminatorFake: "dLossFake", .lossGenerator: "gLoss"])
        #expect(try folder.log(rows.joined()).values("gLoss").last?.value.isNaN == true)
    }

    /// A list for each player has the losses of one game in each place; a list whose first value is the sum of the others has not.
    @Test func aListOfLossesForEachPlayer() throws {
        var noise = FixedNoise()
        func value() -> Double { (1000 * (0.2 + 0.1 * noise.next())).rounded() / 1000 }
        func text(_ list: () -> [Double]) -> String {
            func words(_ values: [Double]) -> String { values.map { String($0) }.joined(separator: ", ") }
            return (1...30).map {
                "(epoch: 1, iters: \($0)00, time: 0.291) D: \(words(list())) | G: \(words(list())) | Cyc: 0.09, 0.04, 0.05 | \n"
            }.joined()
        }
        let games = try folder.log(text { [value(), value(), value()] }).mapping.players
        #expect(games.map(\.part) == ["1", "2", "3"])
        #expect(games.last?.columns == [.lossDiscriminator: "D (3)", .lossGenerator: "G (3)"])
        let sums = try folder.log(
            text {
                let parts = [value(), value()]
                return [parts[0] + parts[1]] + parts
            }
        ).mapping.players
        #expect(sums.map(\.columns) == [[.lossDiscriminator: "D", .lossGenerator: "G"]])
    }

    /// Rows below a heading for validation are not of the training, though they look the same.
    @Test func validationBetweenRules() throws {
        let text = (1...20).map { epoch in
            let row = "(epoch: \(epoch), iters: 100, time: 0.1) G_GAN: 1.\(epoch) D_real: 0.5 D_fake: 0.6\n"
            return "===== Validation Loss (Wed May 22) =====\n" + row + "===== Model Saved (Wed May 22) =====\n" + row
        }
        let log = try folder.log("===== Training Loss (Wed May 22) =====\n" + text.joined())
        #expect(log.mapping.columns[.lossGenerator] == "G_GAN" && log.values("G_GAN").count == 20)
    }

    /// Other lines of `=` hide nothing, whatever stands between them.
    @Test(arguments: ["==== Saving test images ====", "====> Test set loss: 0.1", "==== Test ====", "======="])
    func otherRulesHideNothing(line: String) throws {
        let rows = (1...40).map { "Epoch \($0) D loss: 0.5\($0) G loss: 1.\($0)\n" + ($0 == 20 ? "\(line)\n" : "") }
        #expect(try folder.log(rows.joined()).values("D loss").count == 40)
    }

    /// The first of several values is the loss; metrics and series are no games.
    @Test(arguments: [
        ("D: [0.00001, 0.995, 0.993] G: [13.1, 0.15, 0.12]", 30), ("D: 0.61, 0.99, 0.98 | G: 0.9, 0.15, 0.12 |", 30),
    ])
    func metricsAfterALossAreNoGames(line: String, rows: Int) throws {
        let log = try folder.log((1...rows).map { "epoch \($0) \(line)\n" }.joined())
        #expect(log.mapping.players.map(\.columns) == [[.lossDiscriminator: "D", .lossGenerator: "G"]])
    }

    @Test(arguments: [9, 10, 14, 16])
    func shortSeriesAsLists(length: Int) throws {
        let list = (0..<length).map { "0.\(40 + $0)" }.joined(separator: ", ")
        #expect(try folder.log("D_losses = [\(list)]\nG_losses = [\(list)]\n").rowCount == length)
    }

    @Test func datesAreNoEpochs() throws {
        let rows = (1...30).map { "11-0\(1 + $0 / 10) INFO [epoch \($0)] d_loss: 0.5\($0) g_loss: 1.\($0)\n" }
        let log = try folder.log(rows.joined())
        #expect(log.unit == "epoch" && log.values("d_loss").last?.step == 30)
    }

    /// Three columns without names may be a time, a step and a loss.
    @Test func timesStepsAndLosses() throws {
        let files = try ["d_loss.csv", "g_loss.csv"].map { name in
            let rows = (0..<40).map { "\(1_700_000_000 + $0),\(100 * $0),0.\(50 + $0)\n" }
            return try folder.file(name, Data(rows.joined().utf8))
        }
        #expect(try LossLog(contentsOf: files).values("d_loss").last?.step == 3900)
    }

    @Test(arguments: ["Losses: [0.24, 0.21, 0.6, 0.25, 0.15]", "INFO [0.24, 0.21, 0.6, 0.25, 0.15, 0.1, 0.2]"])
    func listsOfDetectionLossesAreNotOfVITS(line: String) {
        let text = (1...30).map { "step \($0) \(line)\n" }.joined()
        #expect(folder.problem(text, name: "train.log").contains("does not look like"))
    }

    /// A training that was resumed within epochs repeats rows, which counts as no overlap of epochs.
    @Test func resumedWithinEpochs() throws {
        let steps =
            Array(stride(from: 0, through: 1250, by: 50)) + Array(stride(from: 1200, through: 1850, by: 50))
            + Array(stride(from: 1800, through: 2500, by: 50))
        let rows = steps.map { "epoch \($0 / 500) step \($0) d_loss: 0.5\($0) g_loss: 1.\($0)\n" }
        let log = try folder.log(rows.joined())
        #expect(log.values("d_loss").map(\.step) == Array(stride(from: 0, through: 2500, by: 50)), "\(log.notes)")
    }

    @Test(arguments: [
        "2024-04-04 12:55:31,821\t.\tINFO\t[2.90, 1.91, 5.49, 11.86, 2.74, 1.26, 200, 0.00029]",
        "2023-07-22 21:56:12,356\t44k\tINFO\t损失：[2.72, 2.72, 7.27, 30.23, 3.60]，步数：200，学习率：0.0001",
    ])
    func oneListWithoutNames(line: String) throws {
        let log = try folder.log(line + "\n")
        #expect(log.mapping.columns == [.lossDiscriminator: "loss_disc", .lossGenerator: "loss_gen"])
        #expect(log.values("loss_disc").map(\.step) == [200])
    }

    @Test func arraysOfStepsLossesAndAccuracies() throws {
        let steps = (0..<40).map(Double.init)
        let generator = NPYArray(steps.flatMap { [$0, 0.7 + 0.01 * $0] }, shape: [40, 2])
        let discriminator = NPYArray(
            steps.flatMap { [$0, 1.2, 0.5 + 0.01 * $0.truncatingRemainder(dividingBy: 7)] }, shape: [40, 3])
        let directory = try folder.file("G_loss.npy", Data(NPY.encode(generator))).deletingLastPathComponent()
        try Data(NPY.encode(discriminator)).write(to: directory.appending(path: "D_loss.npy"))
        let columns = try LossLog(contentsOf: directory).mapping.columns
        #expect(
            columns == [
                .lossDiscriminator: "D_loss", .lossGenerator: "G_loss", .accuracyDiscriminator: "D_loss accuracy",
            ])
    }

    /// Exports whose step is the epoch, of which each has many rows.
    @Test func seriesOfEqualRepeatedSteps() throws {
        let files = try [("disc_loss.csv", 1.1), ("gen_loss.csv", 0.9)].map { name, level in
            let rows = (0..<90).map { "\(1_632_341_570 + $0).5,\($0 / 30),\(level + Double($0) / 1000)\n" }
            return try folder.file(name, Data(("Wall time,Step,Value\n" + rows.joined()).utf8))
        }
        let log = try LossLog(contentsOf: files)
        #expect(log.rowCount == 90 && log.unit == "row")
        #expect(log.values("gen_loss").map(\.step) == Array(1...90))
    }

    @Test func aPickleIsNotRead() {
        #expect(folder.problem("(dp0\nS'D_losses'\np1\n(lp2\nF0.5\na.", name: "history.pkl").contains("pickle"))
    }

    @Test(arguments: [
        (["loss_seg", "loss_adv_p", "loss_D", "loss_semi"], "loss_adv_p", "loss_D"),
        (["loss_D", "loss_G_fake", "loss_perturb", "loss_adv"], "loss_G_fake", "loss_D"),
    ])
    func adversarialLossesAmongOthers(names: [String], generator: String, discriminator: String) throws {
        let rows = (1...30).map { row in "\(row)," + names.indices.map { "0.\($0 + 5)\(row)" }.joined(separator: ",") }
        let log = try folder.log(
            (["step," + names.joined(separator: ",")] + rows).joined(separator: "\n"), name: "log.csv")
        #expect(log.mapping.columns == [.lossGenerator: generator, .lossDiscriminator: discriminator])
    }

    /// Its discriminators see images of earlier steps too, so that its losses break the bounds between the players.
    @Test func aCycleGANWithAPoolOfImages() throws {
        var noise = FixedNoise()
        let rows = (1...200).map { step in
            let (a, b) = (0.5 + 0.3 * noise.next(), 0.5 + 0.3 * noise.next())
            return
                "(epoch: 1, iters: \(step)00) D_A: \(0.01 + 0.005 * noise.next()) G_A: \(a) cycle_A: 0.6 D_B: 0.02 G_B: \(b) cycle_B: 0.5\n"
        }
        let histories = try folder.log(rows.joined()).histories(objective: nil)
        #expect(histories.allSatisfy { $0.history.context.isObjectiveKnown && $0.history.objective == .leastSquares })
        #expect(histories.allSatisfy { $0.assumptions.contains { $0.contains("as the mean") } })
    }

    /// The second training has a row only; the epoch in every row shows that it is none of the first.
    @Test func aRestartWithinTheFirstEpoch() throws {
        let rows = (Array(1...29) + [1]).map { "(epoch: 1, iters: \($0)00) D_loss: 0.5 G_loss: 1.\($0)\n" }
        let log = try folder.log(rows.joined())
        #expect(log.rowCount == 29 && log.values("D_loss").last?.step == 2900, "\(log.notes)")
    }
}
