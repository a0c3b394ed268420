import ArgumentParser
import DataFiles
import Datasets
import Evaluation
import Foundation
import Recipes
import Runs
import Sessions
import Torch
import Training

/// Which samples are judged, and against what: those of a run, or files of any program.
struct SampleSource: ParsableArguments {
    @Argument(help: ArgumentHelp("A run: an id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String?
    @Option(
        help:
            "In place of a run: a folder of PNG, JPEG or IDX files or sheets, a sheet, or an IDX, .npy or .npz file."
    )
    var samples: String?
    @Option(
        help:
            "What the samples should look like: mnist, fashion-mnist, stacked-mnist, ring, grid, or a path; a run's own data without it."
    )
    var reference: String?
    @Option(help: "The side in pixels that pictures of a folder are resized and cropped to; 0 keeps theirs.")
    var imageSize = 0
    @Option(help: "How many samples: made by a run, or at most chosen from files.") var count = 5000
    @Option(help: "The seed of a run's samples, and of the choice from files.") var seed: UInt64 = 0
    @Option(help: "auto, cpu, cuda, cuda:N or mps.") var device = "auto"
    @OptionGroup var runs: RunsOption

    func validate() throws {
        guard (8...1_000_000).contains(count) else { throw ValidationError("--count takes 8 to 1,000,000.") }
        guard (0...4096).contains(imageSize) else { throw ValidationError("--image-size takes 0 to 4096.") }
        guard (runName == nil) != (samples == nil) else {
            throw ValidationError("Name a run, or files with --samples; one of the two.")
        }
        guard samples == nil || reference != nil else {
            throw ValidationError("--samples needs --reference: what the samples should look like.")
        }
    }

    /// Samples and reference, ready to be compared.
    struct Contents {
        let samples: Tensor
        let summary: String
        let reference: any Dataset
        let device: Device
    }

    func load(_ console: Console) throws -> Contents {
        try LibTorch.keepLargeAllocations()
        let device = try Device(named: device)
        if let samples {
            let contents = try ExampleFiles.read(
                samples: samples, imageSize: imageSize, like: reference ?? "", report: console.show)
            let all = contents.examples
            // Files are often sorted, so the first of them say little about the others.
            let chosen = try Tensor.randomPermutation(all.shape[0], from: RandomGenerator(seed: seed))
            let some = all.shape[0] > count ? try all.gathering(chosen.slice(0..<count)) : all
            let share = all.shape[0] > count ? "\(count) of " : ""
            return Contents(
                samples: try some.to(device), summary: "\(share)\(contents.summary), from \(samples)",
                reference: try DatasetLoader { console.line($0) }
                    .reference(reference ?? "", like: contents.examples, device: device), device: device)
        }
        let reader = try runs.reader(runName ?? "latest")
        let configuration = try reader.configuration()
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
        guard let checkpoint = try store.newest(report: { console.warning($0) }) else {
            throw CommandError("The run \(reader.folder.name) has no checkpoint yet; train it further first.")
        }
        let generator = try TrainedGenerator(configuration, checkpoint.contents, device: device)
        let samples = try generator.examples(count: count, seed: seed)
        let data =
            reference == nil
            ? try DatasetLoader { console.line($0) }.load(.reference(configuration), device: device)
            : try DatasetLoader { console.line($0) }.reference(reference ?? "", like: samples, device: device)
        return Contents(
            samples: try samples.to(device),
            summary: "\(count) samples of \(reader.folder.name) after step \(generator.step)", reference: data,
            device: device)
    }
}

/// What samples are compared by.
struct FeatureOptions: ParsableArguments {
    @Option(help: "How many bins the reference is divided into; by default 100, or of few examples a tenth as many.")
    var bins: Int?
    @Flag(help: "Bring each dimension to mean 0 and deviation 1 before the bins are made.") var whiten = false

    @Option(help: "The seed of the bins.") var binSeed: UInt64 = 0

    func validate() throws {
        guard (2...10_000).contains(bins ?? 2) else { throw ValidationError("--bins takes 2 to 10,000.") }
    }

    func options(for reference: any Dataset) -> ReferenceBins.Options {
        let count = bins ?? max(2, min(100, reference.count / 10))
        return ReferenceBins.Options(count: count, isWhitened: whiten, seed: binSeed)
    }
}
