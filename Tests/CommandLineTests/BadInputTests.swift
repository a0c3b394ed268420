import DatasetFiles
import Foundation
import Images
import TestSupport
import Testing

@Suite struct BadInputTests {
    /// Runs a command that must fail with one sentence that has all of `words`, and leave no run behind.
    private func expectFailure(
        _ arguments: [String], _ words: [String], code: Int32 = 1, program: Program? = nil,
        environment: [String: String] = [:]
    ) throws {
        let program = try program ?? Program()
        let outcome = try program.run(arguments, environment: environment)
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
        (["--set", "objective=hinge"], ["objective", "non-saturating"]),
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

    @Test func aFolderWithABrokenPicture() throws {
        let program = try Program()
        let folder = program.url.appending(path: "pictures")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for index in 0..<8 {
            let pixels = Array(Fixture.discs(8)[index * 784..<(index + 1) * 784])
            try ImageFile.write(
                png: PixelImage(width: 28, height: 28, channels: 1, pixels: pixels),
                to: folder.appending(path: "\(index).png"))
        }
        try Data("no picture".utf8).write(to: folder.appending(path: "bad.png"))
        let flags = Program.tiny + ["--data", "pictures"]
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
