public import Recipes
public import Torch

/// The distribution of the generator's input: vectors of independent random values.
public struct LatentSpace: Sendable {
    public let dimensions: Int
    public let distribution: LatentDistribution
    /// The number of classes of a conditional generator; 0 if it is unconditional.
    public let classes: Int

    public init(dimensions: Int, distribution: LatentDistribution = .normal, classes: Int = 0) {
        self.dimensions = dimensions
        self.distribution = distribution
        self.classes = classes
    }

    /// Returns generator input for samples outside of training: latent vectors, followed by one-hot classes if the
    /// generator is conditional.
    ///
    /// - Parameter chosen: the class of each sample; `nil` cycles through the classes.
    public func inputs(
        _ count: Int, classes chosen: [Int]? = nil, device: Device = .cpu, from generator: RandomGenerator? = nil
    ) throws -> Tensor {
        let latent = try draw(count, device: device, from: generator)
        guard classes > 0 else { return latent }
        let chosen = chosen ?? (0..<count).map { $0 % classes }
        return try Tensor.concatenate([latent, oneHot(Tensor(chosen.map(Int64.init)).to(device))], dimension: 1)
    }

    /// Converts classes `[count]` to one-hot rows `[count, classes]`.
    public func oneHot(_ chosen: Tensor) throws -> Tensor {
        try (chosen.unsqueezed(1) .== Tensor.range(classes, device: chosen.device)).to(.float32)
    }

    /// Draws latent vectors, float32 `[count, dimensions]`, from the device's default random generator or from the
    /// given CPU generator.
    public func draw(_ count: Int, device: Device = .cpu, from generator: RandomGenerator? = nil) throws -> Tensor {
        let shape = [count, dimensions]
        let place = generator == nil ? device : .cpu
        let drawn: Tensor
        switch distribution {
        case .normal: drawn = try Tensor.randomNormal(shape, device: place, from: generator)
        case .uniform: drawn = try Tensor.randomUniform(shape, device: place, from: generator) * 2 - 1
        case .truncated: drawn = try truncated(shape, place, generator)
        }
        return try drawn.to(device)
    }

    /// Standard normal values, redrawn until they are within two standard deviations.
    private func truncated(_ shape: [Int], _ device: Device, _ generator: RandomGenerator?) throws -> Tensor {
        var values = try Tensor.randomNormal(shape, device: device, from: generator)
        while true {
            let isOutside = try values.magnitude() .> 2
            guard try isOutside.anyTrue() else { return values }
            values = try isOutside.select(Tensor.randomNormal(shape, device: device, from: generator), else: values)
        }
    }
}

extension LatentSpace {
    /// The latent space of a configured generator.
    public init(_ options: TrainingConfiguration.NetworkOptions) {
        self.init(
            dimensions: options.latent, distribution: options.latentDistribution, classes: options.classes)
    }
}
