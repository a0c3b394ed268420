public import Torch

/// The article's generator: a linear layer, transposed convolutions that double the picture, and a convolution to the
/// picture's channels. No normalisation.
///
/// From `[batch, latent]` to `[batch, channels, size, size]` within (−1, 1). For 28 pixels, latent 128 and width 128:
/// Linear 128 → 6272, twice ConvTranspose 128 → 128 (kernel 4, stride 2, padding 1), Conv 128 → 1 (kernel 3, padding 1).
/// Larger pictures get one doubling more for each factor of two.
///
/// Source: neptune.ai/blog/gan-failure-modes.
public final class ArticleGenerator: Module {
    public let project: Sequential
    public let convolve: Sequential

    /// - Parameter isBounded: whether tanh keeps the pixels within (−1, 1); a decoder that is to copy black must reach −1.
    public init(
        latent: Int, width: Int, picture: PictureShape, isBounded: Bool = true, device: Device = .cpu
    ) throws {
        let start = picture.size >> picture.doublings
        project = try Sequential(Linear(latent, width * start * start, device: device), LeakyReLU(0.2))
        var layers: [any Module] = [ToImage(channels: width, height: start, width: start)]
        for _ in 0..<picture.doublings {
            layers.append(try ConvTranspose2d(width, width, kernel: 4, stride: 2, padding: 1, device: device))
            layers.append(LeakyReLU(0.2))
        }
        layers.append(try Conv2d(width, picture.channels, kernel: 3, padding: 1, device: device))
        if isBounded { layers.append(Tanh()) }
        convolve = Sequential(layers)
    }

    public func callAsFunction(_ latent: Tensor) throws -> Tensor { try convolve(project(latent)) }

    public func visit(_ visitor: StateVisitor) {
        visitor.module("project", project)
        visitor.module("convolve", convolve)
    }
}

/// The article's discriminator: convolutions that halve the picture, and a linear layer to one logit. The sigmoid is
/// part of the loss.
///
/// From `[batch, channels, size, size]` to `[batch, 1]`. For 28 pixels and width 64: Conv 1 → 64 and Conv 64 → 64 (kernel
/// 4, stride 2, padding 1), Linear 3136 → 1.
///
/// Source: neptune.ai/blog/gan-failure-modes.
public final class ArticleDiscriminator: Module {
    public let convolve: Sequential
    public let judge: Linear

    /// - Parameters:
    ///   - outputs: 1 for a logit; more for a code.
    ///   - minibatchKernels: of minibatch discrimination before the last layer; 0 for none.
    public init(
        width: Int, picture: PictureShape, outputs: Int = 1, minibatchKernels: Int = 0, device: Device = .cpu
    ) throws {
        var layers: [any Module] = []
        for level in 0..<picture.doublings {
            let inputs = level == 0 ? picture.channels : width
            layers.append(try Conv2d(inputs, width, kernel: 4, stride: 2, padding: 1, device: device))
            layers.append(LeakyReLU(0.2))
        }
        layers.append(Flatten())
        let end = picture.size >> picture.doublings
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
