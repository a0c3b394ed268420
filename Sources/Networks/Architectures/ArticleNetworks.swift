public import Torch

/// The generator of the article: a linear layer, transposed convolutions that double the image size, and a convolution
/// to the image's channels. No normalization.
///
/// From `[batch, latent]` to `[batch, channels, size, size]` in (−1, 1). For 28 pixels, latent 128 and width 128:
/// Linear 128 → 6272, twice ConvTranspose 128 → 128 (kernel 4, stride 2, padding 1), Conv 128 → 1 (kernel 3,
/// padding 1). Larger images get one more doubling per factor of two.
///
/// Source: neptune.ai/blog/gan-failure-modes.
public final class ArticleGenerator: Module {
    public let project: Sequential
    public let convolve: Sequential

    /// - Parameter isBounded: whether tanh keeps the pixels in (−1, 1). A decoder that must reproduce black, −1, needs
    ///   `false`.
    public init(
        latent: Int, width: Int, image: ImageShape, isBounded: Bool = true, device: Device = .cpu
    ) throws {
        let start = image.size >> image.doublings
        project = try Sequential(Linear(latent, width * start * start, device: device), LeakyReLU(0.2))
        var layers: [any Module] = [ToImage(channels: width, height: start, width: start)]
        for _ in 0..<image.doublings {
            layers.append(try ConvTranspose2d(width, width, kernel: 4, stride: 2, padding: 1, device: device))
            layers.append(LeakyReLU(0.2))
        }
        layers.append(try Conv2d(width, image.channels, kernel: 3, padding: 1, device: device))
        if isBounded { layers.append(Tanh()) }
        convolve = Sequential(layers)
    }

    public func callAsFunction(_ latent: Tensor) throws -> Tensor { try convolve(project(latent)) }

    public func visit(_ visitor: StateVisitor) {
        visitor.module("project", project)
        visitor.module("convolve", convolve)
    }
}

/// The discriminator of the article: convolutions that halve the image size, and a linear layer to one logit. The
/// sigmoid is part of the loss.
///
/// From `[batch, channels, size, size]` to `[batch, 1]`. For 28 pixels and width 64: Conv 1 → 64 and Conv 64 → 64
/// (kernel 4, stride 2, padding 1), Linear 3136 → 1.
///
/// Source: neptune.ai/blog/gan-failure-modes.
public final class ArticleDiscriminator: Module {
    public let convolve: Sequential
    public let judge: Linear

    /// - Parameters:
    ///   - outputs: 1 for a logit, more for a code.
    ///   - minibatchKernels: the number of minibatch discrimination kernels before the last layer; 0 for none.
    public init(
        width: Int, image: ImageShape, outputs: Int = 1, minibatchKernels: Int = 0, device: Device = .cpu
    ) throws {
        var layers: [any Module] = []
        for level in 0..<image.doublings {
            let inputs = level == 0 ? image.channels : width
            layers.append(try Conv2d(inputs, width, kernel: 4, stride: 2, padding: 1, device: device))
            layers.append(LeakyReLU(0.2))
        }
        layers.append(Flatten())
        let end = image.size >> image.doublings
        let features = width * end * end
        if minibatchKernels > 0 {
            layers.append(try MinibatchDiscrimination(features, kernels: minibatchKernels, device: device))
        }
        convolve = Sequential(layers)
        judge = try Linear(features + minibatchKernels, outputs, device: device)
    }

    public func callAsFunction(_ images: Tensor) throws -> Tensor { try judge(convolve(images)) }

    public func visit(_ visitor: StateVisitor) {
        visitor.module("convolve", convolve)
        visitor.module("judge", judge)
    }
}
