import DataFiles
import Diagnostics
import Foundation
import Logs
import Measurements
import Testing

/// Tables, JSON, HTML and files that hold a series each.
@Suite struct FormatTests {
    private let folder = LogFolder()

    private func csv(_ text: String) throws -> LossLog { try folder.log(text, name: "log.csv") }

    @Test func aTableOfLosses() throws {
        let log = try csv("step,G_loss,\"D, loss\",note\n10,1.5,0.5,a\r\n20,nan,,b\n30,-inf,0.25,c\n")
        #expect(log.names == ["step", "G_loss", "D, loss"])
        let losses = log.values("G_loss")
        #expect(losses.map(\.step) == [10, 20, 30] && losses[0].value == 1.5 && losses[1].value.isNaN)
        #expect(losses[2].value == -.infinity)
        #expect(log.values("D, loss").map(\.step) == [10, 30])
    }

    @Test(arguments: [
        "# made by a script\n# seed 3\nstep;g_loss;d_loss\n1;1,5;0,5\n2;1,25;0,25\n",
        "step,g_loss,d_loss\r1,1.5,0.5\r2,1.25,0.25\r", "step\tg_loss\td_loss\r\n1\t1,5\t0,5\r\n\r\n2\t1,25\t0,25",
        "# step,g_loss,d_loss\n1.0e0,1.5,0.5\n# resumed\n2,1.25,0.25\n",
        "# run 7\n\nstep,g_loss,d_loss\n1,1.5,0.5\n2,1.25,0.25\n",
        "step g_loss  d_loss\n1    1.5     0.5\n2    1.25    0.25\n",
        "| step | g_loss | d_loss |\n| ---: | :---: | --- |\n| 1 | 1.5 | 0.5 |\n| 2 | 1.25 | 0.25 |\n",
        ",step,g_loss,d_loss\n0,1,1.5,0.5\n1,2,1.25,0.25\n", "\u{FEFF}step,g_loss,d_loss\n1,1.5,0.5\n2,1.25,0.25\n",
        "step,g_loss,d_loss,val\n1,1.5,0.5,NA\n2,1.25,0.25,NA\n",
        "step,g_loss,d_loss\n1,\"tensor(1.5, device='cuda:0')\",0.5\n2,\"tensor(1.25, device='cuda:0')\",0.25\n",
        "{\"step\": 1, \"g_loss\": 1.5, \"d_loss\": 0.5}\n{\"step\": 2, \"d_loss\": 0.25, \"g_loss\": 1.25}\n",
        "[\n {\"step\": 1, \"g_loss\": 1.5,\n  \"d_loss\": 0.5},\n {\"g_loss\": 1.25, \"d_loss\": 0.25, \"step\": 2}]",
        "[{\"g_loss\": 1.5, \"step\": 1, \"d_loss\": 0.5},\n {\"d_loss\": 0.25, \"g_loss\": 1.25, \"step\": 2}]\n",
        "{\"args\": {\"lr\": 0.1}, \"step\": [1, 2], \"g_loss\": [1.5, 1.25], \"d_loss\": [0.5, 0.25]}",
        "warming up\n{\"step\": 1, \"g_loss\": 1.5, \"d_loss\": 0.5}\n{\"step\": 2, \"d_loss\": 0.25, \"g_loss\": 1.25}\n{\"step\": 3",
        "<html><table><tr><th>step</th><th>g_loss</th><th>d_loss</th></tr><tr><td>1</td><td>1.5</td><td>0.5</td></tr><tr><td>2</td><td>1.25</td><td>0.25</td></tr></table>",
        "{\"cells\": [{\"outputs\": [{\"text\": [\"step 1 g_loss 1.5 d_loss 0.5\\n\", \"step 2 g_loss 1.25 d_loss 0.25\\n\"]}]}], \"nbformat\": 4}",
    ])
    func twoRowsInManyFormats(_ text: String) throws {
        let log = try csv(text)
        #expect(log.values("g_loss").map(\.value) == [1.5, 1.25])
        #expect(log.values("d_loss").map(\.value) == [0.5, 0.25])
        #expect(log.values("g_loss").map(\.step) == [1, 2] && log.rowCount == 2)
    }

    @Test func whatWindowsWritesInUTF16() throws {
        let text = "step 1 g_loss 1.5 d_loss 0.5\r\nstep 2 g_loss 1.25 d_loss 0.25\r\n"
        let plain = text.data(using: .utf16LittleEndian) ?? Data()
        // With the mark of the byte order, and without.
        for data in [Data([0xFF, 0xFE]) + plain, plain] {
            let log = try LossLog(contentsOf: folder.file("out.txt", data))
            #expect(log.values("g_loss").map(\.value) == [1.5, 1.25])
        }
    }

    @Test func nestedStatisticsAreTheirMeans() throws {
        let row = { (kimg: Int) in
            "{\"Loss/G/loss\": {\"num\": 8, \"mean\": 6.5, \"std\": 1.8}, \"Loss/D/loss\": {\"num\": 8, \"mean\": 1.1, \"std\": 0.2}, \"Loss/scores/real\": {\"num\": 16, \"mean\": 0.5, \"std\": 1}, \"Progress/kimg\": {\"num\": 1, \"mean\": \(kimg), \"std\": 0}, \"timestamp\": 1653715701.4}\n"
        }
        let log = try folder.log((1...20).map { row($0 * 4) }.joined(), name: "stats.jsonl")
        #expect(
            log.mapping.columns[.lossGenerator] == "Loss/G/loss"
                && log.mapping.columns[.lossDiscriminator] == "Loss/D/loss")
        #expect(log.unit == "kimg" && log.values("Loss/G/loss").last?.step == 80)
    }

    @Test func aSparseTableAndItsSteps() throws {
        var rows = "epoch,step,train_loss,g_loss_step,d_loss_step,g_loss_epoch\n"
        for step in 1...60 {
            rows += step % 2 == 0 ? "\(step / 10),\(step)9,,1.\(step),,\n" : "\(step / 10),\(step)9,,,0.\(step),\n"
        }
        let log = try csv(rows)
        #expect(log.mapping.columns == [.lossGenerator: "g_loss_step", .lossDiscriminator: "d_loss_step"])
        #expect(log.values("g_loss_step").count == 30 && log.values("d_loss_step").last?.step == 599)
    }

    @Test func chartExportsOfOneSeriesEachAreJoinedByStep() throws {
        let directory = folder.directory.appending(path: "export")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (name, level) in [("run-a-tag-loss_G.csv", 1.5), ("run-a-tag-loss_D.csv", 0.5)] {
            let rows = (1...10).map { "16113022\($0).6,\($0 * 10),\(level)\n" }
            try Data(("Wall time,Step,Value\n" + rows.joined()).utf8).write(to: directory.appending(path: name))
        }
        let log = try LossLog(contentsOf: directory)
        #expect(log.mapping.columns == [.lossGenerator: "loss_G", .lossDiscriminator: "loss_D"])
        #expect(log.values("loss_G").map(\.step) == (1...10).map { $0 * 10 } && log.rowCount == 10)
    }

    @Test func exportsOfWeightsAndBiases() throws {
        let log = try csv(
            "\"Step\",\"my run - d_loss\",\"my run - d_loss__MIN\",\"my run - d_loss__MAX\",\"my run - g_loss\"\n\"5\",\"0.5\",\"0.5\",\"0.5\",\"1.5\"\n\"10\",\"0.4\",\"0.4\",\"0.4\",\"1.25\"\n"
        )
        #expect(log.mapping.columns == [.lossGenerator: "g_loss", .lossDiscriminator: "d_loss"])
        #expect(log.values("g_loss").map(\.step) == [5, 10])
    }

    @Test func numbersWithoutANameAreToldByTheirFilesOrSums() throws {
        let directory = folder.directory.appending(path: "bare")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data("0.7\n0.9\n1.0\n".utf8).write(to: directory.appending(path: "g_loss.txt"))
        try Data("0.64 0.58\n0.58 0.72\n0.57 0.68\n".utf8).write(to: directory.appending(path: "d_loss.txt"))
        #expect(
            try LossLog(contentsOf: directory).mapping.columns == [
                .lossGenerator: "g_loss", .lossDiscriminator: "d_loss",
            ])

        // The generator's total, adversarial and other loss, the discriminator's total, and its halves.
        var noise = FixedNoise()
        let rows = (1...60).map { _ -> String in
            let (answer, target, real) = (0.4 + 0.2 * noise.next(), 0.8 + 0.1 * noise.next(), 0.5 + 0.1 * noise.next())
            let (adversarial, fake) = (-Foundation.log(answer), -Foundation.log(1 - answer))
            let cells: [Double] = [adversarial + target, adversarial, target, real + fake, real, fake]
            return cells.map { String($0) }.joined(separator: ",") + "\n"
        }
        let unnamed = try csv(rows.joined())
        let expected: [SeriesName: String] = [
            .lossGenerator: "column 2", .lossDiscriminatorReal: "column 5", .lossDiscriminatorFake: "column 6",
        ]
        #expect(unnamed.mapping.columns == expected)
        #expect(folder.problem("1,2\n3,4\n").contains("have no names"))
        #expect(
            try folder.log("1,2\n3,4\n", name: "a.csv", ["loss_generator=1", "loss_discriminator=2"]).values("column 2")
                .map(\.value) == [2, 4])
    }

    @Test func whatIsNoTableIsSaid() {
        #expect(folder.problem("").contains("empty"))
        #expect(folder.problem("g_loss,d_loss\n").contains("no row"))
        #expect(folder.problem("g_loss,d_loss\n1,2\n3,4\n5,6,7\n8,9\n").contains("line 4 has 3 cells"))
        #expect(folder.problem("step;g_loss\n1;1,200\n2;1,300\n").contains("thousand"))
        #expect(folder.problem("g_loss\n1\n2\nbroken\n4\n").contains("“broken” in line 4"))
        #expect(throws: LogError.self) { _ = try LossLog(contentsOf: URL(fileURLWithPath: "/nowhere.csv")) }
    }

    @Test func whatIsOddIsWarnedOf() throws {
        let log = try csv("step,g_loss,d_loss\n1,1.5,0.5\n2,1.25,0.25\n3,1.2")
        #expect(log.values("g_loss").count == 3 && log.warnings.count == 1 && log.warnings[0].contains("line 4"))
        #expect(try csv("g_loss,g_loss,d_loss\n1,2,3\n2,3,4\n").warnings.contains { $0.contains("twice") })
        let other = try csv("step\tg_loss\td_loss\tspeed\n1\t1.5\t0.5\t12x\n2\t1.25\t0.25\t13x\n")
        #expect(other.names == ["step", "g_loss", "d_loss"] && other.warnings[0].contains("speed"))
    }

    @Test func stepsThatNoCounterReachesAreRows() throws {
        let log = try csv(
            "step,g_loss,d_loss\n9223372036854775807,1.5,0.5\n-9223372036854775808,1.25,0.25\n1e300,1,1\n")
        #expect(log.values("g_loss").map(\.step) == [1, 2, 3])
        _ = log.histories(objective: nil)
    }

    /// A crash leaves stretches of zeros in a file.
    @Test func zerosOfACrash() throws {
        let rows = (1...6).map { "Epoch \($0) d_loss: 0.\($0) g_loss: 1.\($0)\n" }
        let text = rows[..<3].joined() + String(repeating: "\0", count: 900) + rows[3...].joined()
        #expect(try folder.log(text).values("d_loss").map(\.step) == Array(1...6))
        #expect(folder.problem("\u{1}\0\u{2}binary\n\0\u{3}", name: "log").contains("is not text"))
    }

    @Test(arguments: ["\n", " \r\n"]) func namesAndValuesAroundDashes(lineEnd: String) throws {
        let log = try folder.log(
            (1...6).map { "0000000\($0)) perceptual - 112.3\($0); gen_gan - 0.6\($0); disc_gan - 0.24\($0)\(lineEnd)" }
                .joined()
        )
        #expect(log.mapping.columns == [.lossGenerator: "gen_gan", .lossDiscriminator: "disc_gan"])
        #expect(log.values("gen_gan").map(\.step) == Array(1...6))
    }

    @Test func aTensorsShapeIsNoValue() throws {
        let log = try folder.log(
            (1...6).map { "D fake out :(64, 1, 4, \($0))\nstep \($0) d_loss: 0.5\($0) g_loss: 1.\($0)\n" }.joined())
        #expect(log.mapping.columns == [.lossGenerator: "g_loss", .lossDiscriminator: "d_loss"])
        #expect(log.values("d_loss").map(\.step) == Array(1...6))
    }

    /// Weights & Biases exports a chart of one series to a file.
    @Test(arguments: ["run-1 - train/%@", "%@"])
    func aFileASeries(name: String) throws {
        func export(_ series: String) -> Data {
            let key = name.replacing("%@", with: series)
            let rows = (1...6).map { "\"\($0 * 20)\",\"0.\($0)\",\"0.\($0)\",\"0.\($0)\"\n" }.joined()
            return Data("\"Step\",\"\(key)\",\"\(key)__MIN\",\"\(key)__MAX\"\n\(rows)".utf8)
        }
        let urls = [try folder.file("d.csv", export("loss_D")), try folder.file("g.csv", export("loss_G"))]
        let log = try LossLog(contentsOf: urls)
        #expect(log.rowCount == 6 && log.mapping.columns.count == 2)
        #expect(
            log.values(try #require(log.mapping.columns[.lossGenerator])).map(\.step) == [20, 40, 60, 80, 100, 120])
        // The same series of two trainings is not joined.
        let twice = try LossLog(contentsOf: [urls[0], folder.file("other.csv", export("loss_D"))])
        #expect(twice.notes.contains { $0.contains("ignored:") })
    }

    /// Row numbers have no name in what pandas prints, whatever else counts.
    @Test func aPrintedTableOfPandas() throws {
        let rows = (0...9).map { "\($0)       \($0)  1.13\($0)  0.93\($0)\n" }.joined()
        let log = try folder.log("    epoch    g_loss    d_loss\n\(rows)\n[10 rows x 3 columns]\n")
        #expect(log.mapping.columns == [.lossGenerator: "g_loss", .lossDiscriminator: "d_loss"] && log.unit == "epoch")
        #expect(log.values("g_loss").first?.value == 1.13 && log.values("g_loss").map(\.step) == Array(0...9))
    }

    @Test(arguments: [
        "step %@ g_loss %v d_loss %v\n", "Epoch %@: loss D %v loss G %v\n", "%@ D %v G %v\n",
    ])
    func brokenValuesWithoutColons(line: String) throws {
        let text = (1...40).map { step in
            line.replacing("%@", with: "\(step)").replacing(
                "%v", with: step < 30 ? "0.7\(step)" : step < 35 ? "nan" : "inf")
        }.joined()
        let log = try folder.log(text)
        let values = log.values(try #require(log.mapping.columns[.lossGenerator]))
        #expect(values.map(\.step) == Array(1...40), "\(values)")
        #expect(values[29].value.isNaN && values[39].value == .infinity)
    }

    /// A unit or a rate at the end of a row shifts nothing.
    @Test(arguments: ["12.3", "51%"])
    func oneCellMoreThanTheHeader(cell: String) throws {
        let rows = (1...20).map { "\($0) 1.\($0 + 10) 0.8\($0) \(cell)\n" }.joined()
        let log = try folder.log("epoch d_loss g_loss\n\(rows)")
        #expect(log.values("g_loss").last?.value == 0.82, "\(log.values("g_loss"))")
    }

    @Test func whatIsNotJoined() throws {
        func csv(_ counter: String, _ name: String, _ count: Int) throws -> URL {
            let rows = (0..<count).map { "\($0),0,0.5\($0)\n" }.joined()
            return try folder.file("\(name).csv", Data("\(counter),time,\(name)\n\(rows)".utf8))
        }
        // A time column does not count as a series.
        let epochs = try LossLog(contentsOf: [csv("epoch", "d_loss", 9), csv("epoch", "g_loss", 9)])
        #expect(epochs.mapping.columns.count == 2 && epochs.unit == "epoch")
        // Epochs are not steps.
        let mixed = try LossLog(contentsOf: [csv("epoch", "d_loss", 9), csv("step", "g_loss", 90)])
        #expect(mixed.mapping.columns.count == 1)
        // Of two trainings the first is joined.
        let two = try LossLog(contentsOf: [
            csv("step", "d_loss", 9), csv("step", "g_loss", 9), csv("step", "d_loss", 5),
        ])
        #expect(two.mapping.columns.count == 2 && two.rowCount == 9)
    }

    /// What `numpy.save` and `numpy.savez` wrote.
    @Test func arrays() throws {
        let losses = (1...30).map { 0.5 + Double($0) / 100 }
        let directory = try folder.file("G_losses.npy", Data(NPY.encode(NPYArray(losses)))).deletingLastPathComponent()
        try Data(NPY.encode(NPYArray(losses.map { $0 + 1 }, shape: [30, 1]))).write(
            to: directory.appending(path: "D_losses.npy"))
        let two = try LossLog(contentsOf: directory)
        #expect(two.mapping.columns == [.lossGenerator: "G_losses", .lossDiscriminator: "D_losses"])
        #expect(two.rowCount == 30 && two.values("D_losses").last?.value == 1.8)

        let images = NPYArray([UInt8](repeating: 0, count: 2 * 4 * 4), shape: [2, 4, 4])
        let archive = try NPZ.encode(["d_loss": NPYArray(losses), "g_loss": NPYArray(losses), "images": images])
        let named = try LossLog(contentsOf: folder.file("history.npz", Data(archive)))
        #expect(named.mapping.columns == [.lossGenerator: "g_loss", .lossDiscriminator: "d_loss"])

        #expect(throws: LogError.self) {
            try LossLog(contentsOf: folder.file("samples.npy", Data(NPY.encode(images))))
        }
        // A series a row; and arrays beside a log are none of its series.
        let matrix = NPYArray(losses + losses.map { $0 + 1 }, shape: [2, 30])
        let rows = try LossLog(
            contentsOf: folder.file("history.npy", Data(NPY.encode(matrix))),
            assignments: ["loss_generator=1", "loss_discriminator=2"])
        #expect(rows.rowCount == 30 && rows.values("column 2").last?.value == 1.8)
        try Data(NPY.encode(NPYArray([Int64](0..<10)))).write(to: directory.appending(path: "A_classes.npy"))
        #expect(try LossLog(contentsOf: directory).mapping.columns.count == 2)
    }

    /// JSON has no NaN: losses that are `null` from some row to the end were.
    @Test func nullAtTheEndIsNaN() throws {
        func rows(_ range: ClosedRange<Int>, _ losses: (Int) -> (String, String), more: String = "") -> String {
            range.map { step in
                let (generator, discriminator) = losses(step)
                return "{\"step\": \(step), \"g_loss\": \(generator), \"d_loss\": \(discriminator)\(more)}\n"
            }.joined()
        }
        func finite(_ step: Int) -> (String, String) { ("0.\(50 + step % 40)", "1.\(step % 10)") }
        func areFinite(_ text: String) throws -> Bool {
            let log = try folder.log(text, name: "log.jsonl")
            return (log.values("g_loss") + log.values("d_loss")).allSatisfy { $0.value.isFinite }
        }
        let null = ("null", "null")
        let text = rows(1...100, finite) + rows(101...120) { _ in null }
        let log = try folder.log(text, name: "log.jsonl")
        #expect(log.values("g_loss").map(\.step) == Array(1...120) && log.notes.contains { $0.contains("null") })
        let diagnosis = Diagnosis(try #require(log.histories(objective: nil).first).history)
        #expect(diagnosis.findings.first?.pattern == .nonFinite && diagnosis.findings.first?.sinceStep == 101)
        // Losses that are not logged in every row are only missing, and so are those before others.
        #expect(try areFinite(rows(1...100) { $0 % 2 == 0 ? finite($0) : null } + rows(101...104) { _ in null }))
        #expect(try areFinite(text + rows(121...130, finite)))
        // One player is trained alone; a test follows the training.
        #expect(try areFinite(rows(1...100, finite) + rows(101...120) { ("null", finite($0).1) }))
        #expect(try areFinite(rows(1...100, finite) + rows(101...104, { _ in null }, more: ", \"fid\": 30.5")))
    }
}
