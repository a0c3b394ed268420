import ArgumentParser
import DatasetFiles
import Datasets
import Foundation
import Images
import Runs
import Torch
import Training

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Make new examples with a run's newest generator.",
        discussion: """
            Examples:
              equipoise sample latest --count 100 -o grid.png
              equipoise sample latest --count 10000 -o digits.npy
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String
    @Option(help: "How many.") var count = 64
    @Option(help: "The seed of the latent vectors.") var seed: UInt64 = 0
    @Option(
        name: [.customShort("o"), .long],
        help: "A .png (one sheet), a folder (one PNG each), a .npy or a .npz (float32 in [-1, 1]).")
    var output = "samples.png"
    @OptionGroup var runs: RunsOption

    func validate() throws {
        guard (1...10_000_000).contains(count) else { throw ValidationError("--count takes 1 to 10,000,000.") }
    }

    func run() throws {
        let reader = try runs.reader(runName)
        let console = Console()
        let preparation = try Preparation(reader.configuration(), console: console)
        let trainer = try Trainer(preparation.configuration, data: preparation.data, device: preparation.device)
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
        guard let checkpoint = try store.newest(report: { console.warning($0) }) else {
            throw CommandError("The run \(reader.folder.name) has no checkpoint yet; train it further first.")
        }
        try trainer.restore(checkpoint.contents)
        let examples = try self.examples(trainer)
        try write(examples, painter: SheetPainter(preparation.data))
        console.line("\(count) examples of step \(trainer.position.step) in \(output)")
    }

    /// Makes the examples in parts that fit in memory.
    private func examples(_ trainer: Trainer) throws -> Tensor {
        let generator = try RandomGenerator(seed: seed)
        let latent = trainer.configuration.network.latent
        let parts = try stride(from: 0, to: count, by: 256).map { start in
            let noise = try Tensor.randomNormal([min(256, count - start), latent], from: generator)
            return try trainer.examples(from: noise.to(trainer.device)).to(.cpu)
        }
        return try Tensor.concatenate(parts)
    }

    private func write(_ examples: Tensor, painter: SheetPainter) throws {
        let url = URL(fileURLWithPath: output)
        switch url.pathExtension.lowercased() {
        case "png":
            try ImageFile.write(png: painter.paint(examples), to: url)
        case "npy", "npz":
            let array = NPYArray(try examples.contiguous().values(as: Float.self), shape: examples.shape)
            if url.pathExtension.lowercased() == "npy" {
                try NPY.write(array, to: url)
            } else {
                try NPZ.write(["samples": array], to: url)
            }
        default:
            guard examples.rank == 4 else {
                throw CommandError("Points are written to .png, .npy or .npz, but -o is \(output).")
            }
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            for (index, picture) in try SheetPainter.pictures(examples).enumerated() {
                try ImageFile.write(png: picture, to: url.appending(path: String(format: "%06d.png", index)))
            }
        }
    }
}
