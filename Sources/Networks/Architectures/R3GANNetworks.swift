public import Torch

/// Building blocks shared by R3GAN's two networks: residual blocks of three convolutions without normalization,
/// initialized to the identity (Fixup), with bilinear resizing between stages.
///
/// Source: R3GAN (arXiv 2501.05441), section 4: expansion 2, groups of 16 channels, LeakyReLU 0.2 with a bias, and 1×1,
/// grouped 3×3 and 1×1 convolutions; Fixup initialization (Zhang et al. 2019, arXiv 1901.09321). As in the paper, each
/// stage has two blocks; unlike in the paper, all stages have the same width.
private struct R3GAN {
    let width: Int
    let image: ImageShape
    let device: Device

    static let blocks = 2
    static let expansion = 2
    static let groupSize = 16
    /// The gain that keeps the variance at 1 through LeakyReLU 0.2.
    static let gain = (2 / (1 + 0.04)).squareRoot()

    var stages: Int { image.residualDoublings + 1 }

    func block() throws -> Residual {
        let wide = R3GAN.expansion * width
        // Fixup scales the initial weights of L blocks with m layers each by L^(−1/(2m − 2)).
        let count = Double(R3GAN.blocks * stages)
        let gain = R3GAN.gain / count.squareRoot().squareRoot()
        return Residual([
            try convolution(width, wide, gain: gain), try BiasedLeakyReLU(wide, device: device),
            try convolution(wide, wide, kernel: 3, groups: max(1, wide / R3GAN.groupSize), gain: gain),
            try BiasedLeakyReLU(wide, device: device), try convolution(wide, width, gain: 0),
        ])
    }

    func stage() throws -> [any Module] { try (0..<R3GAN.blocks).map { _ in try block() } }

    func convolution(
        _ inputs: Int, _ outputs: Int, kernel: Int = 1, padding: Int? = nil, groups: Int = 1, gain: Double = 1
    ) throws -> Conv2d {
        let layer = try Conv2d(
            inputs, outputs, kernel: kernel, padding: padding ?? kernel / 2, groups: groups, bias: false,
            device: device)
        try R3GAN.start(layer.weight, gain: gain, fanIn: inputs / groups * kernel * kernel)
        return layer
    }

    func linear(_ inputs: Int, _ outputs: Int) throws -> Linear {
        let layer = try Linear(inputs, outputs, bias: false, device: device)
        try R3GAN.start(layer.weight, gain: 1, fanIn: inputs)
        return layer
    }

    private static func start(_ weight: Tensor, gain: Double, fanIn: Int) throws {
        let values = try Initializers.normal(weight.shape, deviation: gain / Double(fanIn).squareRoot())
        try withoutGradients { try weight.copyInPlace(from: values) }
    }
}

/// R3GAN's generator: from `[batch, latent]` to `[batch, channels, size, size]`, unbounded.
///
/// It starts from a learned image of 7×7 (for 28 pixels) or 4×4, whose channels are scaled by a linear map of the
/// latent vector. Then follow stages of two blocks, with a doubling between stages, and a 1×1 convolution. All stages
/// have `width` channels, a multiple of 8.
public final class R3GANGenerator: Module {
    public let main: Sequential

    public init(latent: Int, width: Int, image: ImageShape, device: Device = .cpu) throws {
        let plan = R3GAN(width: width, image: image, device: device)
        var layers: [any Module] = [
            try LearntBasis(
                scale: plan.linear(latent, width), channels: width, size: image.residualStart, device: device)
        ]
        layers += try plan.stage()
        for _ in 1..<plan.stages { layers += [Upsample(.bilinear)] + (try plan.stage()) }
        layers.append(try plan.convolution(width, image.channels))
        main = Sequential(layers)
    }

    public func callAsFunction(_ latent: Tensor) throws -> Tensor { try main(latent) }

    public func visit(_ visitor: StateVisitor) { visitor.module("main", main) }
}

/// R3GAN's discriminator, which mirrors the generator: from `[batch, channels, size, size]` to logits `[batch, 1]`.
public final class R3GANDiscriminator: Module {
    public let main: Sequential
    public let judge: Linear

    /// - Parameter minibatchKernels: the number of minibatch discrimination kernels before the last layer; 0 for none.
    public init(width: Int, image: ImageShape, minibatchKernels: Int = 0, device: Device = .cpu) throws {
        let plan = R3GAN(width: width, image: image, device: device)
        var layers: [any Module] = [try plan.convolution(image.channels, width)]
        layers += try plan.stage()
        for _ in 1..<plan.stages { layers += [AveragePool()] + (try plan.stage()) }
        layers += [
            try plan.convolution(width, width, kernel: image.residualStart, padding: 0, groups: width), Flatten(),
        ]
        if minibatchKernels > 0 {
            layers.append(try MinibatchDiscrimination(width, kernels: minibatchKernels, device: device))
        }
        main = Sequential(layers)
        judge = try plan.linear(width + minibatchKernels, 1)
    }

    public func callAsFunction(_ images: Tensor) throws -> Tensor { try judge(main(images)) }

    public func visit(_ visitor: StateVisitor) {
        visitor.module("main", main)
        visitor.module("judge", judge)
    }
}

/// A learned image whose channels are scaled by a linear map of the input: from `[batch, inputs]` to
/// `[batch, channels, size, size]`.
private final class LearntBasis: Module {
    let basis: Tensor
    let scale: Linear

    init(scale: Linear, channels: Int, size: Int, device: Device) throws {
        self.scale = scale
        basis = try Initializers.normal([channels, size, size], deviation: 1).to(device).requiringGradient()
    }

    func callAsFunction(_ input: Tensor) throws -> Tensor {
        try (basis.unsqueezed(0) * scale(input).unsqueezed(2).unsqueezed(3)).channelsLast()
    }

    func visit(_ visitor: StateVisitor) {
        visitor.parameter("basis", basis)
        visitor.module("scale", scale)
    }
}

/// LeakyReLU 0.2 of the input plus a bias per channel.
private final class BiasedLeakyReLU: Rectifier {
    let slope = 0.2
    let bias: Tensor

    init(_ channels: Int, device: Device) throws {
        bias = try Tensor.zeros([channels], device: device).requiringGradient()
    }

    func callAsFunction(_ input: Tensor) throws -> Tensor {
        try (input + bias.reshaped([1, -1, 1, 1])).leakyReLU(slope: slope, inPlace: true)
    }

    func visit(_ visitor: StateVisitor) { visitor.parameter("bias", bias) }
}
