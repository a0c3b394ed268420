import Adversarial
import Networks
public import Recipes
public import Torch

/// The generator of a run, ready to generate samples without its discriminator or data.
public struct TrainedGenerator {
    private let network: any Module
    private let latent: LatentSpace
    private let autocast: DType?
    private let device: Device
    /// The step after which the parameters were saved.
    public let step: Int

    /// - Parameter configuration: the configuration of a run, with its image size filled in.
    /// - Parameter networks: the custom networks of a run whose architecture is `custom`.
    /// - Throws: `TorchError` if the checkpoint does not fit the configuration.
    public init(
        _ configuration: TrainingConfiguration, _ checkpoint: CheckpointStore.Contents, device: Device,
        networks: CustomNetworks? = nil
    ) throws {
        network =
            try networks?.generator()
            ?? NetworkPlan(configuration.network, exampleShape: configuration.exampleShape, device: device).generator()
        try network.load(checkpoint.generator)
        if let average = ExponentialMovingAverage.saved(in: checkpoint.state) { try network.load(average) }
        latent = LatentSpace(configuration.network)
        autocast = configuration.precision == .bfloat16 ? .bfloat16 : nil
        self.device = device
        step = checkpoint.state.metadata["step"].flatMap { Int($0) } ?? 0
    }

    /// The number of classes of a conditional generator; 0 if it is unconditional.
    public var classes: Int { latent.classes }

    /// Generates samples from the latent vectors of a random seed and passes them on in parts that fit in memory:
    /// float32 `[part] + exampleShape`, on the CPU. The device and the part size change the results only by rounding.
    ///
    /// - Parameter chosen: the class of all samples of a conditional generator; by default the classes take turns.
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

    /// Generates the same samples in one tensor, `[count] + exampleShape`.
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
