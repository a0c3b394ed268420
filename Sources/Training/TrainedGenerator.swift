import Adversarial
import Networks
public import Recipes
public import Torch

/// The generator of a run, ready to make examples: without its discriminator and without its data.
public struct TrainedGenerator {
    private let network: any Module
    private let latent: LatentSpace
    private let autocast: DType?
    private let device: Device
    /// The step after which its parameters were saved.
    public let step: Int

    /// - Parameter configuration: a run's, in which the size of its pictures is filled in.
    /// - Parameter networks: those of a run whose architecture is `custom`.
    /// - Throws: `TorchError` if the checkpoint does not fit the configuration.
    public init(
        _ configuration: TrainingConfiguration, _ checkpoint: CheckpointStore.Contents, device: Device,
        networks: CustomNetworks? = nil
    ) throws {
        network =
            try networks?.generator()
            ?? NetworkPlan(configuration.network, exampleShape: configuration.exampleShape, device: device).generator()
        try network.load(checkpoint.generator)
        if let average = GeneratorAverage.saved(in: checkpoint.state) { try network.load(average) }
        latent = LatentSpace(configuration.network)
        autocast = configuration.precision == .bfloat16 ? .bfloat16 : nil
        self.device = device
        step = checkpoint.state.metadata["step"].flatMap { Int($0) } ?? 0
    }

    /// How many classes it can be asked for; 0 if it is not told.
    public var classes: Int { latent.classes }

    /// Makes examples from latent vectors that follow from a seed, and hands them over in parts that fit in memory:
    /// float32 `[part] + exampleShape` on the CPU. Device and parts change them by rounding only.
    ///
    /// - Parameter chosen: the class that is asked for, of a generator that is told; without it all, one after the other.
    public func examples(
        count: Int, seed: UInt64, class chosen: Int? = nil, part: Int = 256, _ body: (Tensor) throws -> Void
    ) throws {
        let generator = try RandomGenerator(seed: seed)
        for start in stride(from: 0, to: count, by: part) {
            let size = min(part, count - start)
            let classes = (start..<start + size).map { chosen ?? $0 % max(1, latent.classes) }
            let noise = try latent.inputs(size, classes: classes, device: device, from: generator)
            let examples = try network.whileEvaluating {
                try withoutGradients { try withAutocast(to: autocast, on: device) { try network(noise) } }
            }
            try body(examples.to(.float32).to(.cpu))
        }
    }

    /// The same examples in one tensor, `[count] + exampleShape`.
    public func examples(count: Int, seed: UInt64, class chosen: Int? = nil) throws -> Tensor {
        var parts: [Tensor] = []
        try examples(count: count, seed: seed, class: chosen) { parts.append($0) }
        return try Tensor.concatenate(parts)
    }
}

extension TrainingConfiguration {
    /// The shape of one example of a run's data: `[channels, height, width]`, or `[2]` for points.
    public var exampleShape: [Int] {
        makesPoints ? [2] : [data.channels, data.imageSize, data.imageSize]
    }
}
