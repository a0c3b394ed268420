import DataFiles
import Foundation
import Images
import TestSupport
import Testing

@Suite struct BadInputTests {
    /// Runs a command that must fail with one sentence that has all of `words`, and leave no run behind.
    private func expectFailure(
        _ arguments: [String], _ words: [String], code: Int32 = 1, program: Program? = nil,
        environment: [String: String] = [:], limitedMemory: Bool = false
    ) throws {
        let program = try program ?? Program()
        let outcome =
            limitedMemory
            ? try program.shell("ulimit -v 2500000; exec \"$EQUIPOISE\" \(arguments.joined(separator: " "))")
            : try program.run(arguments, environment: environment)
        #expect(outcome.code == code, "\(outcome.errors)")
        for word in words { #expect(outcome.errors.contains(word), "\"\(word)\" is not in: \(outcome.errors)") }
        #expect(!FileManager.default.fileExists(atPath: program.url.appending(path: "runs").path))
    }

    @Test(arguments: [
        (["--set", "network.latnet=3"], ["network.latnet", "network.latent"]),
        (["--latent", "0"], ["network.latent", "0"]),
        (["--learning-rate", "-0.1"], ["learningRate", "-0.1"]),
        (["--learning-rate", "nan"], ["learningRate"]),
        (["--batch-size", "many"], ["training.batchSize", "many"]),
        (["--set", "objective=best"], ["objective", "non-saturating"]),
        (["--data", "nowhere"], ["nowhere", "mnist"]),
        (["--device", "cuda:77"], ["--device"]),
        (["--device", "gpu"], ["device", "gpu"]),
    ])
    func aValueThatCannotBeIsNamed(_ flags: [String], _ words: [String]) throws {
        try expectFailure(Program.tiny + flags, words)
    }

    @Test func cudaThatIsNotThereIsSaid() throws {
        try expectFailure(
            Program.tiny + ["--device", "cuda"], ["CUDA", "--device cpu"], environment: ["CUDA_VISIBLE_DEVICES": ""])
    }

    @Test func anUnknownRecipeAndABrokenOne() throws {
        try expectFailure(["train", "quik"], ["quik", "quick"])
        let program = try Program()
        try Data("network: {latnet: 3}\n".utf8).write(to: program.url.appending(path: "mine.yaml"))
        try expectFailure(["train", "mine.yaml"], ["mine.yaml", "network.latnet", "network.latent"], program: program)
    }

    @Test func aMisspeltSectionIsNamedWithTheNearest() throws {
        let program = try Program()
        try Data("optimiser: { learningRate: 1 }\n".utf8).write(to: program.url.appending(path: "mine.yaml"))
        try expectFailure(["train", "mine.yaml"], ["optimiser", "did you mean “optimizer”"], program: program)
        try expectFailure(["train", "."], ["cannot be read as a recipe"])
        try expectFailure(["list", "--runs", "discs.idx"], ["discs.idx", "--runs"])
    }

    @Test func labelsAreLinesOfText() throws {
        for name in ["", "latest", "a\nb", "\u{1B}[31mred"] {
            try expectFailure(Program.tiny + ["--name", name], ["--name"], code: 64)
        }
    }

    @Test func moreThanMemoryHoldsIsSaidPlainly() throws {
        try expectFailure(
            ["train", "ring", "--set", "network.generatorWidth=8192", "--latent", "65536", "--max-steps", "1"],
            ["not enough memory"], program: nil, limitedMemory: true)
    }

    @Test func wrongUsageIsTheParsersCode() throws {
        try expectFailure(["train"], ["recipe"], code: 64)
        try expectFailure(["train", "quick", "--no-such-flag"], ["--no-such-flag"], code: 64)
    }

    @Test func brokenIDXFiles() throws {
        let whole = IDX.encode(IDXArray(dimensions: [3, 28, 28], bytes: Fixture.discs(3)))
        let cases: [(String, [UInt8], String)] = [
            ("short.idx", Array(whole.dropLast(100)), "short.idx"), ("long.idx", whole + [0], "long.idx"),
            ("magic.idx", [1] + whole.dropFirst(), "magic.idx"), ("empty.idx", [], "empty.idx"),
            ("huge.idx", [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), "huge.idx"),
        ]
        for (name, bytes, word) in cases {
            let program = try Program()
            try Data(bytes).write(to: program.url.appending(path: name))
            try expectFailure(Program.tiny + ["--data", name], [word], program: program)
        }
    }

    @Test func labelsThatDisagreeWithTheImages() throws {
        let program = try Program()
        let folder = program.url.appending(path: "data/mnist")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try IDX.write(
            IDXArray(dimensions: [3, 28, 28], bytes: Fixture.discs(3)),
            to: folder.appending(path: "train-images-idx3-ubyte"))
        try IDX.write(IDXArray(dimensions: [2], bytes: [1, 2]), to: folder.appending(path: "train-labels-idx1-ubyte"))
        try expectFailure(
            Program.tiny + ["--data", "mnist"], ["train-labels-idx1-ubyte", "3", "2"], program: program,
            environment: ["EQUIPOISE_DATA": program.url.appending(path: "data").path])
    }

    @Test func aFolderWithABrokenImage() throws {
        let program = try Program()
        let folder = program.url.appending(path: "images")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for index in 0..<8 {
            let pixels = Array(Fixture.discs(8)[index * 784..<(index + 1) * 784])
            try ImageFile.write(
                png: PixelImage(width: 28, height: 28, channels: 1, pixels: pixels),
                to: folder.appending(path: "\(index).png"))
        }
        try Data("no image".utf8).write(to: folder.appending(path: "bad.png"))
        let flags = Program.tiny + ["--data", "images"]
        try expectFailure(flags, ["bad.png", "--skip-broken"], program: program)
        let outcome = try program.run(flags + ["--skip-broken", "--max-steps", "1"])
        #expect(outcome.code == 0 && outcome.errors.contains("bad.png"), "\(outcome.errors)")
    }

    @Test func aRunThatIsNotThere() throws {
        for command in [
            ["show", "none"], ["resume", "none"], ["sample", "none"], ["export", "none", "--format", "csv"],
        ] {
            try expectFailure(command, ["none"])
        }
    }

    @Test func whatStandardOutputCannotTakeIsAFailure() throws {
        let program = try Program()
        #expect(try program.run(Program.tiny + ["--quiet"]).code == 0)
        for command in ["list", "show latest", "export latest --format csv", "train quick --dry-run", "data list"] {
            let full = try program.shell("\"$EQUIPOISE\" \(command) > /dev/full")
            #expect(full.code == 1 && full.errors.contains("no space left"), "\(command): \(full.errors)")
            let cut = try program.shell("\"$EQUIPOISE\" \(command) | head -n 1")
            #expect(cut.code == 0 && cut.errors.isEmpty && !cut.output.isEmpty, "\(command): \(cut.errors)")
        }
    }

    @Test func anExportLeavesDevicesAndLinksWhatTheyAre() throws {
        let program = try Program()
        #expect(try program.run(Program.tiny + ["--quiet"]).code == 0)
        let outcome = try program.shell(
            """
            mkfifo pipe; cat pipe > piped.csv & "$EQUIPOISE" export latest --format csv -o pipe; wait
            touch target.csv; ln -s target.csv link.csv; "$EQUIPOISE" export latest --format csv -o link.csv
            test -p pipe && test -L link.csv && cmp piped.csv target.csv && ls -a
            """)
        #expect(outcome.code == 0 && !outcome.output.contains(".partial"), "\(outcome.errors)")
        #expect(try String(contentsOf: program.url.appending(path: "target.csv"), encoding: .utf8).count > 1000)
        let lost = try program.run("export", "latest", "--format", "csv", "-o", "nowhere/x.csv")
        #expect(lost.code == 1 && lost.errors.contains("nowhere/x.csv cannot be written"), "\(lost.errors)")
    }

    @Test func aCheckpointThatDoesNotFitGivesWayToTheOneBefore() throws {
        let program = try Program()
        let (process, _, errors) = try program.start(
            Program.tiny + ["--epochs", "400", "--set", "checkpoints.everySteps=2"])
        while (try? program.checkpoints().count) ?? 0 < 3, process.isRunning { Thread.sleep(forTimeInterval: 0.005) }
        process.interrupt()
        _ = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let checkpoints = try program.checkpoints()
        let newest = try #require(checkpoints.last)
        // The generator of other networks.
        let state = newest.appending(path: "generator.safetensors")
        try FileManager.default.removeItem(at: state)
        try FileManager.default.copyItem(at: newest.appending(path: "discriminator.safetensors"), to: state)
        let resumed = try program.run("resume", "latest", "--quiet")
        #expect(
            resumed.code == 0 && resumed.errors.contains("\(newest.lastPathComponent) cannot be used"),
            "\(resumed.errors)")
    }

    @Test func aCheckpointCutShortGivesWayToTheOneBefore() throws {
        let program = try Program()
        #expect(try program.run(Program.tiny + ["--epochs", "4", "--quiet"]).code == 0)
        let newest = try program.runFolder().appending(path: "checkpoints/step-00000020/generator.safetensors")
        let bytes = try Data(contentsOf: newest)
        try bytes.prefix(bytes.count - 10).write(to: newest)
        let outcome = try program.run("sample", "latest", "--count", "4")
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("step-00000020 cannot be used") && outcome.errors.contains("of step 15"))
    }
}
