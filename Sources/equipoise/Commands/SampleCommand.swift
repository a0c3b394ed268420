import ArgumentParser
import DataFiles
import Datasets
import Foundation
import Images
import Recipes
import Runs
import Sessions
import Torch
import Training

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Generate samples with a run's newest checkpoint.",
        discussion: """
            Examples:
              equipoise sample latest --count 100 -o grid.png
              equipoise sample latest --count 10000 -o digits.npy
              equipoise sample latest --class 7 -o sevens.png
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String
    @Option(help: "Number of samples.") var count = 64
    @Option(help: "Random seed of the latent vectors.") var seed: UInt64 = 0
    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("Generate this class only (conditional models: network.classes > 0).", valueName: "number"))
    var chosenClass: Int?
    @Option(help: "Device: auto, cpu, cuda, cuda:N or mps.") var device = "auto"
    @Option(
        name: [.customShort("o"), .long],
        help:
            "Output: a .png file (a sheet: a grid of samples), a folder (a PNG per sample), or a .npy or .npz file (float32 in [-1, 1])."
    )
    var output = "samples.png"
    @OptionGroup var runs: RunsOption

    func validate() throws {
        guard (1...10_000_000).contains(count) else { throw ValidationError("--count takes 1 to 10,000,000.") }
        guard !output.isEmpty else { throw ValidationError("-o needs a file or a folder.") }
    }

    func run() throws {
        try LibTorch.keepLargeAllocations()
        let reader = try runs.reader(runName)
        let configuration = try reader.configuration()
        let console = Console()
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
        guard let checkpoint = try store.newest(report: { console.warning($0) }) else {
            throw CommandError("The run \(reader.folder.name) has no checkpoint yet.")
        }
        let generator = try TrainedGenerator(configuration, checkpoint.contents, device: Device(named: device))
        try checkClass(generator)
        try write(generator, configuration)
        console.line("Saved \(count) samples of step \(generator.step) to \(output)")
    }

    private func checkClass(_ generator: TrainedGenerator) throws {
        guard let chosenClass else { return }
        let classes = generator.classes
        guard classes > 0 else {
            throw CommandError(
                "This model is unconditional; --class needs a model trained with network.classes > 0, such as --set network.classes=10."
            )
        }
        guard (0..<classes).contains(chosenClass) else {
            throw CommandError("--class \(chosenClass) is out of range; the classes are 0 to \(classes - 1).")
        }
    }

    private func write(_ generator: TrainedGenerator, _ configuration: TrainingConfiguration) throws {
        let url = URL(fileURLWithPath: output)
        let shape = configuration.exampleShape
        switch url.pathExtension.lowercased() {
        case "png":
            guard count <= 10_000 else {
                throw CommandError("A sheet holds at most 10,000 samples; write \(count) to a folder or a .npy file.")
            }
            // Points are shown over those that they imitate.
            let data = shape.count == 1 ? try DatasetLoader().load(DatasetLoader.Request(configuration)) : nil
            let painter = try SheetPainter(data)
            try ImageFile.write(
                png: painter.paint(generator.examples(count: count, seed: seed, class: chosenClass)), to: url)
        case "npy":
            let file = try NPYWriter(url, elementType: .float32, shape: [count] + shape)
            try generator.examples(count: count, seed: seed, class: chosenClass) {
                try file.append($0.contiguous().bytes())
            }
            try file.finish()
        case "npz":
            guard count * shape.reduce(4, *) < 4 << 30 else {
                throw CommandError(
                    "A .npz file is built in memory, up to 4 GiB; write \(count) samples to a .npy file.")
            }
            let examples = try generator.examples(count: count, seed: seed, class: chosenClass)
            try NPZ.write(
                ["samples": NPYArray(examples.contiguous().values(as: Float.self), shape: [count] + shape)], to: url)
        default:
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
            guard isFolder.boolValue || (!exists && url.pathExtension.isEmpty) else {
                throw CommandError("-o \(output): samples are written to a .png, .npy or .npz file, or to a folder.")
            }
            guard shape.count == 3 else {
                throw CommandError("-o \(output): points are written to a .png, .npy or .npz file.")
            }
            do {
                try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            } catch {
                throw CommandError("The folder \(url.path) cannot be created: \(plainReason(error)).")
            }
            var index = 0
            try generator.examples(count: count, seed: seed, class: chosenClass) { examples in
                for image in try SheetPainter.images(examples) {
                    try ImageFile.write(png: image, to: url.appending(path: String(format: "%06d.png", index)))
                    index += 1
                }
            }
        }
    }
}
