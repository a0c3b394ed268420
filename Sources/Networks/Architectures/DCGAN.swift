public import Torch

/// DCGAN's generator (Radford, Metz and Chintala 2015, arXiv 1511.06434): transposed convolutions with batch norm and
/// ReLU, and tanh at the end. Weights are initialized from a normal distribution with standard deviation 0.02.
///
/// From `[batch, latent]` to `[batch, channels, size, size]` in (−1, 1). `width` is the number of channels before the
/// last layer; each earlier layer has twice as many as the next.
public final class DCGANGenerator: Module {
    public let main: Sequential

    public init(
        latent: Int, width: Int, image: ImageShape, normalization: Normalization = .batch, device: Device = .cpu
    ) throws {
        let levels = DCGAN.levels(image)
        var channels = width << (levels - 1)
        var layers: [any Module] = [
            ToImage(channels: latent, height: 1, width: 1),
            try ConvTranspose2d(latent, channels, kernel: DCGAN.base(image), bias: false, device: device),
            try normalization.layer(channels, device: device), ReLU(),
        ]
        for _ in 1..<levels {
            layers += [
                try ConvTranspose2d(
                    channels, channels / 2, kernel: 4, stride: 2, padding: 1, bias: false, device: device),
                try normalization.layer(channels / 2, device: device), ReLU(),
            ]
            channels /= 2
        }
        layers += [
            try ConvTranspose2d(
                channels, image.channels, kernel: 4, stride: 2, padding: 1, bias: false, device: device),
            Tanh(),
        ]
        main = Sequential(layers)
        try DCGAN.initialize(main)
    }

    public func callAsFunction(_ latent: Tensor) throws -> Tensor { try main(latent) }

    public func visit(_ visitor: StateVisitor) { visitor.module("main", main) }
}

/// DCGAN's discriminator: strided convolutions with batch norm (except after the first) and LeakyReLU 0.2.
///
/// From `[batch, channels, size, size]` to logits `[batch, 1]`. `width` is the number of channels after the first
/// layer.
public final class DCGANDiscriminator: Module {
    public let main: Sequential

    /// - Parameter minibatchKernels: the number of minibatch discrimination kernels before the last layer; 0 for none.
    public init(width: Int, image: ImageShape, minibatchKernels: Int = 0, device: Device = .cpu) throws {
        var layers: [any Module] = [
            try Conv2d(image.channels, width, kernel: 4, stride: 2, padding: 1, bias: false, device: device),
            LeakyReLU(0.2),
        ]
        var channels = width
        for _ in 1..<DCGAN.levels(image) {
            layers += [
                try Conv2d(channels, channels * 2, kernel: 4, stride: 2, padding: 1, bias: false, device: device),
                try BatchNorm(channels * 2, device: device), LeakyReLU(0.2),
            ]
            channels *= 2
        }
        let base = DCGAN.base(image)
        if minibatchKernels > 0 {
            layers.append(
                try MinibatchDiscrimination(channels * base * base, kernels: minibatchKernels, device: device))
        }
        layers += [
            try Conv2d(channels + minibatchKernels, 1, kernel: base, bias: false, device: device), Flatten(),
        ]
        main = Sequential(layers)
        try DCGAN.initialize(main)
    }

    public func callAsFunction(_ images: Tensor) throws -> Tensor { try main(images) }

    public func visit(_ visitor: StateVisitor) { visitor.module("main", main) }
}

/// Shared by the two networks.
private enum DCGAN {
    /// The feature map's size before the first doubling.
    static func base(_ image: ImageShape) -> Int { image.size == 28 ? 7 : 4 }

    static func levels(_ image: ImageShape) -> Int {
        (image.size / base(image)).trailingZeroBitCount
    }

    /// Reinitializes the weights layer by layer: convolutions around 0, batch norms around 1.
    static func initialize(_ network: Sequential) throws {
        for layer in network.layers {
            guard let weight = layer.state.first(where: { $0.name == "weight" })?.tensor else { continue }
            guard !(layer is MinibatchDiscrimination) else { continue }
            let start = try Initializers.normal(weight.shape, mean: weight.rank == 1 ? 1 : 0, deviation: 0.02)
            try withoutGradients { try weight.copyInPlace(from: start) }
        }
    }
}
