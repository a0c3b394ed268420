public import Torch

/// x + f(x), or shortcut(x) + f(x). Neither branch may overwrite x.
public final class Residual: Module {
    public let main: Sequential
    public let shortcut: Sequential

    public init(_ main: [any Module], shortcut: [any Module] = []) {
        self.main = Sequential(main)
        self.shortcut = Sequential(shortcut)
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor { try main(input) + shortcut(input) }

    public func visit(_ visitor: StateVisitor) {
        visitor.module("main", main)
        visitor.module("shortcut", shortcut)
    }
}

/// The residual generator of spectrally normalized GANs: a linear layer, blocks that double the image size, batch norm,
/// ReLU and a convolution.
///
/// From `[batch, latent]` to `[batch, channels, size, size]` in (−1, 1). It starts at 7×7 for 28 pixels and at 4×4 for
/// other sizes. Every block has `width` channels, 256 in the paper.
///
/// Source: Miyato et al. 2018 (arXiv 1802.05957), table 4 and figure 9; He et al. 2016 (arXiv 1512.03385).
public final class ResidualGenerator: Module {
    public let main: Sequential

    public init(
        latent: Int, width: Int, image: ImageShape, normalization: Normalization = .batch, device: Device = .cpu
    ) throws {
        let start = image.residualStart
        func convolution(_ outputs: Int, kernel: Int) throws -> Conv2d {
            try Conv2d(width, outputs, kernel: kernel, padding: kernel / 2, device: device)
        }
        var layers: [any Module] = [
            try Linear(latent, width * start * start, device: device),
            ToImage(channels: width, height: start, width: start),
        ]
        for _ in 0..<image.residualDoublings {
            layers.append(
                Residual(
                    [
                        try normalization.layer(width, device: device), ReLU(inPlace: false), Upsample(.nearest),
                        try convolution(width, kernel: 3), try normalization.layer(width, device: device), ReLU(),
                        try convolution(width, kernel: 3),
                    ],
                    shortcut: [Upsample(.nearest), try convolution(width, kernel: 1)]))
        }
        layers += [
            try normalization.layer(width, device: device), ReLU(), try convolution(image.channels, kernel: 3),
            Tanh(),
        ]
        main = Sequential(layers)
        try Initializers.xavier(main)
    }

    public func callAsFunction(_ latent: Tensor) throws -> Tensor { try main(latent) }

    public func visit(_ visitor: StateVisitor) { visitor.module("main", main) }
}

/// The residual discriminator of spectrally normalized GANs: blocks that halve the image size down to 7×7 or 8×8, two
/// blocks that keep it, ReLU, the sum over all positions, and a linear layer. No batch norm.
///
/// From `[batch, channels, size, size]` to logits `[batch, 1]`. Every block has `width` channels, 128 in the paper.
///
/// Source: as for ``ResidualGenerator``.
public final class ResidualDiscriminator: Module {
    public let main: Sequential
    public let judge: Linear

    /// - Parameter minibatchKernels: the number of minibatch discrimination kernels before the last layer; 0 for none.
    public init(width: Int, image: ImageShape, minibatchKernels: Int = 0, device: Device = .cpu) throws {
        func convolution(_ inputs: Int, kernel: Int) throws -> Conv2d {
            try Conv2d(inputs, width, kernel: kernel, padding: kernel / 2, device: device)
        }
        // The first block sees pixels, so it does not start with ReLU, which would discard the negative ones.
        var layers: [any Module] = [
            Residual(
                [
                    try convolution(image.channels, kernel: 3), ReLU(), try convolution(width, kernel: 3),
                    AveragePool(),
                ], shortcut: [AveragePool(), try convolution(image.channels, kernel: 1)])
        ]
        for index in 0..<image.doublings + 1 {
            let halves = index < image.doublings - 1
            let main: [any Module] = [
                ReLU(inPlace: false), try convolution(width, kernel: 3), ReLU(), try convolution(width, kernel: 3),
            ]
            layers.append(
                halves
                    ? Residual(main + [AveragePool()], shortcut: [try convolution(width, kernel: 1), AveragePool()])
                    : Residual(main))
        }
        layers += [ReLU(inPlace: false), SumOverPlaces()]
        if minibatchKernels > 0 {
            layers.append(try MinibatchDiscrimination(width, kernels: minibatchKernels, device: device))
        }
        main = Sequential(layers)
        judge = try Linear(width + minibatchKernels, 1, device: device)
        try Initializers.xavier(main)
        try Initializers.xavier(judge)
    }

    public func callAsFunction(_ images: Tensor) throws -> Tensor { try judge(main(images)) }

    public func visit(_ visitor: StateVisitor) {
        visitor.module("main", main)
        visitor.module("judge", judge)
    }
}

extension ImageShape {
    /// The height and width of a residual network's smallest feature map.
    var residualStart: Int { size == 28 ? 7 : 4 }
    var residualDoublings: Int { (size / residualStart).trailingZeroBitCount }
}
