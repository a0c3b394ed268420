import Diagnostics
import Foundation
import Logs
import Measurements
import Recipes
import Testing

/// Losses as programs print them, in lines of many shapes.
@Suite struct PrintedTextTests {
    private let folder = LogFolder()

    private struct Shape: Sendable, CustomTestStringConvertible {
        let name: String
        /// The text of the row with this number, from 1.
        let row: @Sendable (Int) -> String
        let generator: String
        let discriminator: [String]
        var lastStep = 30
        var testDescription: String { name }
    }

    private static let shapes: [Shape] = [
        Shape(
            name: "PyTorch's DCGAN example",
            row: {
                "[\(($0 - 1) / 10)/3][\(($0 - 1) % 10)/10] Loss_D: 0.5\($0) Loss_G: 2.1\($0) D(x): 0.81 D(G(z)): 0.21 / 0.11\n"
            },
            generator: "Loss_G", discriminator: ["Loss_D"], lastStep: 29),
        Shape(
            name: "brackets with accuracies", row: { "\($0) [D loss: 0.5\($0), acc.: 60.00%] [G loss: 0.8\($0)]\n" },
            generator: "G loss", discriminator: ["D loss"]),
        Shape(
            name: "epochs and batches in words",
            row: {
                "[Epoch \(($0 - 1) / 10)/3] [Batch \(($0 - 1) % 10)/10] [D loss: 0.5\($0)] [G loss: 0.8\($0), adv: 0.7, cycle: 0.1]\n"
            },
            generator: "G loss adv", discriminator: ["D loss"], lastStep: 29),
        Shape(
            name: "assignments", row: { ">\($0), d1=0.65\($0), d2=0.71\($0) g=0.87\($0), a1=60, a2=59\n" },
            generator: "g",
            discriminator: ["d1", "d2"]),
        Shape(
            name: "bars", row: { "step \($0) | D: 0.5\($0) | G: 1.5\($0) | 12.1s\n" }, generator: "G",
            discriminator: ["D"]),
        Shape(
            name: "a logger's prefix and words for values",
            row: {
                "[INFO] 2021-01-15 14:48:48 > Step: \($0) Progress: 1.5% Elapsed: 0:10:10 ada_p: No Discriminator_loss: 0.7\($0) Generator_loss: -0.7\($0)\n"
            },
            generator: "Generator_loss", discriminator: ["Discriminator_loss"]),
        Shape(
            name: "two names before two values", row: { "Epoch \($0): G/D loss: 1.5\($0)/0.6\($0) 12.1s\n" },
            generator: "G loss", discriminator: ["D loss"]),
        Shape(
            name: "two lists on a line",
            row: { "Epoch \($0) lr G/D: 0.0001/0.0004 loss G/D: 1.5\($0)/0.6\($0) val loss G/D: 9.1/8.1\n" },
            generator: "loss G", discriminator: ["loss D"]),
        Shape(
            name: "two names before two tensors",
            row: {
                "Epoch \($0) g_loss, d_loss: tensor(1.5\($0), device='cuda:0', grad_fn=<NegBackward0>) tensor(0.6\($0))\n"
            },
            generator: "g_loss", discriminator: ["d_loss"]),
        Shape(
            name: "names in cells", row: { "epoch,\($0),g_loss,1.5\($0),d_loss,0.6\($0)\n" }, generator: "g_loss",
            discriminator: ["d_loss"]),
        Shape(
            name: "names in cells with blanks", row: { "Epoch, \($0), G loss, 1.5\($0), D loss, 0.6\($0)\n" },
            generator: "G loss", discriminator: ["D loss"]),
        Shape(
            name: "names of more words", row: { "\($0) Generator loss / Discriminator loss: 1.5\($0) / 0.6\($0)\n" },
            generator: "Generator loss", discriminator: ["Discriminator loss"]),
        Shape(
            name: "names and values in parentheses", row: { "Epoch \($0): (D, G) = (0.6\($0), 1.5\($0))\n" },
            generator: "G", discriminator: ["D"]),
        Shape(
            name: "a shared word before two names", row: { "Losses D / G: 0.6\($0) / 1.5\($0) (epoch \($0))\n" },
            generator: "Losses G", discriminator: ["Losses D"]),
        Shape(
            name: "players as headings",
            row: { "Epoch: \($0)\nDiscriminator:\n  loss: 0.6\($0)\nGenerator:\n  loss: 1.5\($0)\n\nFID: 3\($0)\n" },
            generator: "Generator loss", discriminator: ["Discriminator loss"]),
        Shape(
            name: "tensors of TensorFlow",
            row: {
                "Epoch: \($0) G: <tf.Tensor: shape=(), dtype=float32, numpy=1.5\($0)> D: <tf.Tensor: shape=(), dtype=float32, numpy=0.6\($0)>\n"
            },
            generator: "G numpy", discriminator: ["D numpy"]),
        Shape(
            name: "thousands of thousands",
            row: { "Step \($0),000 of 30,000: generator=1.5\($0), critic=0.6\($0)\n" },
            generator: "generator", discriminator: ["critic"], lastStep: 30_000),
        Shape(
            name: "records over several lines",
            row: { "step \($0) of 30\nLoss_D: 0.5\($0)\n  Loss_G: 2.1\($0)\nD(x): 0.81\n\nsaved\n" },
            generator: "Loss_G",
            discriminator: ["Loss_D"]),
        Shape(
            name: "a progress bar with carriage returns and colors",
            row: {
                "\u{1B}[32m\r  4%|████      | \($0)/30 [00:46<20:29,  3.19s/it, d_loss=0.5\($0), g_loss=1.\($0)]\u{1B}[0m"
            },
            generator: "g_loss", discriminator: ["d_loss"]),
        Shape(
            name: "Keras",
            row: { "Epoch \($0)/30\n500/500 ━━━━ 36s 73ms/step - d_acc: 0.44 - d_loss: 0.5\($0) - g_loss: 1.2\($0)\n" },
            generator: "g_loss", discriminator: ["d_loss"]),
        Shape(
            name: "pix2pix",
            row: {
                "(epoch: \(($0 - 1) / 10 + 1), iters: \((($0 - 1) % 10 + 1) * 100), time: 0.125, data: 0.002) G_GAN: 1.\($0) G_L1: 12.\($0) D_real: 0.6\($0) D_fake: 0.7\($0) \n"
            },
            generator: "G_GAN", discriminator: ["D_real", "D_fake"], lastStep: 3000),
        Shape(
            name: "a Python dictionary",
            row: { "{'step': \($0), 'loss/d': 0.5\($0), 'loss/g': 1.\($0), 'lr': 0.0002}\n" },
            generator: "loss/g", discriminator: ["loss/d"]),
        Shape(
            name: "tensors",
            row: {
                "iter \($0) errD: tensor(0.5\($0), device='cuda:0', grad_fn=<AddBackward0>) errG: tensor(1.\($0), device='cuda:0')\n"
            },
            generator: "errG", discriminator: ["errD"]),
        Shape(
            name: "thousands and exponents",
            row: { "iter: \($0 < 30 ? "\($0)" : "1,030"), loss_d: 5.\($0)e-01, loss_g: 1.\($0)E+00\n" },
            generator: "loss_g", discriminator: ["loss_d"], lastStep: 1030),
        Shape(
            name: "a player's name before its numbers", row: { "\($0) D: loss 0.5\($0) acc 0.6 | G: loss 1.\($0)\n" },
            generator: "G loss", discriminator: ["D loss"]),
        Shape(
            name: "full-width punctuation", row: { "第\($0)步 step：\($0)，D_loss：0.5\($0)，G_loss：1.\($0)\n" },
            generator: "G_loss",
            discriminator: ["D_loss"]),
    ]

    @Test(arguments: shapes)
    private func lossesInLines(_ shape: Shape) throws {
        let log = try folder.log(
            "Loading data ...\nGenerator(\n  (main): Conv2d(3, 64, stride=(2, 2))\n)\n"
                + (1...30).map(shape.row).joined())
        let columns = log.mapping.columns
        #expect(columns[.lossGenerator] == shape.generator)
        let halves = [SeriesName.lossDiscriminator, .lossDiscriminatorReal, .lossDiscriminatorFake].compactMap {
            columns[$0]
        }
        #expect(halves == shape.discriminator)
        #expect(log.rowCount == 30 && log.values(shape.generator).count == 30)
        #expect(log.values(shape.generator).last?.step == shape.lastStep)
        // The digits that differ from row to row are those of the right record.
        let first = try #require(log.values(shape.discriminator[0]).first).value
        #expect(abs(first - 0.5) < 0.25)
    }

    /// VITS, so-vits-svc and GPT-SoVITS, with their first lines.
    private static let listsOfLosses: [@Sendable (Int) -> String] = [
        { "2023-03-01 12:00:10,123\tbase\tINFO\t[2.3\($0), 2.6\($0), 5.1, 22.4, 1.5, 1.2, \($0 * 200), 0.0002]\n" },
        {
            "INFO:44k:Losses: [2.3\($0), 2.6\($0), 5.1, 22.4, 1.2], step: \($0 * 200), lr: 0.0001, reference_loss: 33.6\n"
        },
        { "INFO:base:[2.3\($0), 2.6\($0), 5.1, 22.4, 0.0, 1.2, \($0 * 200), 0.0001]\n" },
    ]

    private static func epochs(_ line: (Int) -> String) -> String {
        "INFO:base:{'model': {'upsample_rates': [8, 8, 2, 2, 2]}, 'spk': {'dis': 1, 'gen': 2}}\n"
            + (1...30).map { "INFO:base:Train Epoch: \(($0 + 9) / 10) [\($0 % 10 * 10)%]\n" + line($0) }.joined()
    }

    /// A program's output arrives in parts of any size.
    @Test(arguments: shapes)
    private func linesThatArriveInPartsReadTheSame(_ shape: Shape) throws {
        let text = "Generator:\n  (main): Conv2d(3, 64)\n" + (1...30).map(shape.row).joined()
        let whole = try folder.log(text)
        for size in [1, 7, 64, 500] {
            var growing = GrowingLog(source: URL(filePath: "train.py"), enoughBytes: 200)
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                growing.append(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            growing.append([UInt8(ascii: "\n")])
            expectEqual(try growing.log(), whole)
        }
    }

    @Test(arguments: listsOfLosses.indices)
    func listsWithoutNamesAreInTheOrderOfVITS(shape: Int) throws {
        let line = PrintedTextTests.listsOfLosses[shape]
        let log = try folder.log(PrintedTextTests.epochs(line))
        #expect(log.mapping.columns == [.lossDiscriminator: "loss_disc", .lossGenerator: "loss_gen"])
        #expect(log.mapping.auxiliaryLosses == ["loss_fm", "loss_mel"])
        #expect(try #require(log.values("loss_gen").last) == (6000, 2.63))
        #expect(log.notes.contains { $0.contains("in the order in which VITS prints them") })
        // Its squares are added up over several discriminators.
        let history = try #require(log.histories(objective: nil).first)
        #expect(!history.history.context.isObjectiveKnown)
        #expect(history.assumptions.contains { $0.contains("several discriminators") })
        #expect(log.histories(objective: .leastSquares).first?.history.context.isObjectiveKnown == true)
        // A training that breaks in the middle.
        let broken = try folder.log(
            PrintedTextTests.epochs {
                $0 < 15
                    ? line($0)
                    : line($0).replacing("2.3\($0), 2.6\($0), 5.1, 22.4", with: "nan, nan, nan, nan")
            })
        #expect(broken.values("loss_disc").count == 30 && broken.values("loss_gen").last?.value.isNaN == true)
    }

    @Test(
        arguments: [
            // The semantic stage of GPT-SoVITS; classifiers with a value a class; a detector.
            { "INFO:base:[2.3\($0), 2.6\($0), 5.1, \($0 * 200), 0.0002]\n" },
            { "loss: 2.3\($0) class acc: [0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98]\n" },
            { "Loss: 2.1\($0)\nConfusion: [12, 30, 41, 50, 6\($0)]\n" },
            { "mAP: [0.51, 0.49, 0.52, 0.5, 0.4\($0), 0.5]\n" },
        ] as [@Sendable (Int) -> String])
    func otherListsAreOfNoGAN(_ line: @Sendable (Int) -> String) {
        #expect(throws: LogError.self) { try folder.log(PrintedTextTests.epochs(line)) }
    }

    @Test(arguments: [
        "Generator,%,loss: 0.70\nDiscriminator,%,loss: 1.30\n",
        "lr,G,0.0002,D,0.0002\nEpoch % Discriminator loss: 1.3 Generator loss: 0.7\n",
        "cat_%,3\nEpoch % Discriminator loss: 1.3 Generator loss: 0.7\n",
        "% tensor(0.50), Discriminator loss: 1.3, Generator loss: 0.7\n",
    ])
    func commasBesideNamedLosses(_ row: String) throws {
        let log = try folder.log((1...30).map { row.replacing("%", with: "\($0)") }.joined())
        #expect(
            log.mapping.columns == [.lossDiscriminator: "Discriminator loss", .lossGenerator: "Generator loss"])
        #expect(log.values("Generator loss").map(\.value) == [Double](repeating: 0.7, count: 30))
    }

    @Test(arguments: ["d_loss,%,1.2\ng_loss,%,0.7\n", "loss_D,loss_G,1.3,0.%\n", "epoch,loss_D,loss_G,%,1.3,0.7\n"])
    func cellsWhoseNumbersDoNotFollowTheirNamesAreRefused(_ row: String) {
        #expect(throws: LogError.self) {
            try folder.log((1...30).map { row.replacing("%", with: "\($0)") }.joined(), name: "log.csv")
        }
    }

    @Test func answersOfTheSecondUpdateAreAValueOfTheirOwn() throws {
        let log = try folder.log("Loss_D: 0.5 Loss_G: 2.1 D(x): 0.81 D(G(z)): 0.21 / 0.11\n")
        #expect(log.mapping.columns[.probabilityReal] == "D(x)" && log.mapping.columns[.probabilityFake] == "D(G(z))")
        #expect(log.values("D(G(z))").map(\.value) == [0.21] && log.values("D(G(z)) (2)").map(\.value) == [0.11])
    }

    @Test func timesAndDatesAreNoNumbers() throws {
        let log = try folder.log(
            "2021-01-15 14:48:48,123 d_loss: 0.5 g_loss: 1.5 took 0:10:10 at 12/05/2021\n2021-01-15T14:48:49Z d_loss: 0.4 g_loss: 1.25\n"
        )
        #expect(log.values("d_loss").map(\.value) == [0.5, 0.4] && log.values("g_loss").map(\.value) == [1.5, 1.25])
        #expect(log.names == ["d_loss", "g_loss"])
    }

    @Test func numbersThatAreNoneAreKept() throws {
        let log = try folder.log(
            "step 1 D_loss: nan G_loss: inf\nstep 2 D_loss: -inf G_loss: None\nstep 3 D_loss: 1e400 G_loss: 2\n")
        let losses = log.values("D_loss").map(\.value)
        #expect(losses[0].isNaN && losses[1] == -.infinity && losses[2] == .infinity)
        #expect(log.values("G_loss").map(\.value) == [.infinity, 2])
    }

    @Test func scoresBetweenTheLinesBelongToTheStepBefore() throws {
        let rows = (1...5).map { step in
            "Step: \(step)00 D_loss: 0.5 G_loss: 1.5\n"
                + (step % 2 == 0 ? "FID score (Step: \(step)00, Using test moments): 4\(step).5\nBest FID: 40\n" : "")
        }
        let log = try folder.log(rows.joined())
        #expect(log.mapping.scores == [.frechet: "FID score"])
        #expect(
            log.values("FID score").map(\.step) == [200, 400] && log.values("FID score").map(\.value) == [42.5, 44.5])
    }

    /// Arrows between names and values, and names with calls of several arguments.
    @Test(arguments: [
        ("step %@ D -> %v G -> %v\n", "D", "G"), ("step %@: G_loss => %v, D_loss => %v\n", "D_loss", "G_loss"),
        ("Epoch %@ | loss(G(z)): %v | loss(D(x, G(z))): %v\n", "loss(D(x, G(z)))", "loss(G(z))"),
        ("step %@ G → %v D → %v\n", "D", "G"),
    ])
    func unusualNames(line: String, discriminator: String, generator: String) throws {
        let text = (1...20).map { step in
            line.replacing("%@", with: "\(step)").replacing("%v", with: "0.\(step + 50)")
        }
        let log = try folder.log(text.joined())
        #expect(log.mapping.columns == [.lossGenerator: generator, .lossDiscriminator: discriminator])
        #expect(log.values(generator).map(\.step) == Array(1...20) && log.values(discriminator).last?.value == 0.7)
    }

    @Test func severalPairsOfPlayersAreEachARun() throws {
        let rows = (1...40).map {
            "(epoch: 1, iters: \($0)00) D_A: 0.2 G_A: 0.4 cycle_A: 2.1 idt_A: 0.9 D_B: 0.3 G_B: 0.5 cycle_B: 2.2 idt_B: 1.1\n"
        }
        let log = try folder.log(rows.joined())
        #expect(log.mapping.players.map(\.part) == ["A", "B"])
        #expect(log.mapping.players[1].columns == [.lossGenerator: "G_B", .lossDiscriminator: "D_B"])
        #expect(log.mapping.hasTargets && log.histories(objective: nil).count == 2)
    }

    @Test func whatIsNoLogOfAGANIsRefused() {
        #expect(folder.problem("epoch 1 train_loss: 0.5 val_acc: 0.9\n", name: "a.log").contains("train_loss"))
        #expect(folder.problem("Hello\nworld\n", name: "a.log").contains("no numbers with names"))
        #expect(folder.problem("\0\0\0binary", name: "a.log").contains("not text"))
    }

    /// A line of any length is read in one pass: no pattern can make it hang.
    @Test(arguments: [
        "1,", "d_loss: ", "((((", "[[[1/", "a b c d ", "0.5e", "\u{1B}[", "\"", "D(G(", "1:1:", "::::", "e-e-",
    ])
    func noLineCanHang(_ piece: String) {
        _ = folder.problem(
            "d_loss: 0.5 g_loss: 0.5\n" + String(repeating: piece, count: 200_000 / piece.utf8.count), name: "a.log")
    }
}
