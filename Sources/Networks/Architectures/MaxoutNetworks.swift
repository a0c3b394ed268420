public import Torch

/// PacGAN's networks for points in the plane: a generator with four wide batch-normalized layers and a discriminator
/// with three maxout layers.
///
/// Source: PacGAN (arXiv 1712.04086), section 4.1, with widths of 400 and 200. Weights are initialized from a normal
/// distribution with standard deviation 0.02, biases to 0.
public enum MaxoutNetworks {
    /// From `[batch, latent]` to `[batch, dimensions]`.
    public static func generator(
        latent: Int, width: Int, dimensions: Int, normalization: Normalization = .batch, device: Device = .cpu
    ) throws -> Sequential {
        var layers: [any Module] = []
        var inputs = latent
        for _ in 0..<4 {
            layers += [
                try Linear(inputs, width, device: device), try normalization.layer(width, device: device), ReLU(),
            ]
            inputs = width
        }
        return try started(layers + [try Linear(inputs, dimensions, device: device)])
    }

    /// From `[batch, dimensions]` to logits `[batch, 1]`.
    ///
    /// - Parameter minibatchKernels: the number of minibatch discrimination kernels before the last layer; 0 for none.
    public static func discriminator(
        dimensions: Int, width: Int, minibatchKernels: Int = 0, device: Device = .cpu
    ) throws -> Sequential {
        var layers: [any Module] = []
        var inputs = dimensions
        for _ in 0..<3 {
            layers.append(try Maxout(inputs, width, pieces: 5, device: device))
            inputs = width
        }
        if minibatchKernels > 0 {
            layers.append(try MinibatchDiscrimination(width, kernels: minibatchKernels, device: device))
        }
        return try started(layers + [try Linear(width + minibatchKernels, 1, device: device)])
    }

    private static func started(_ layers: [any Module]) throws -> Sequential {
        for layer in layers where layer is Linear || layer is Maxout {
            for entry in layer.state {
                let isWeight = entry.name.hasSuffix("weight")
                try withoutGradients {
                    try entry.tensor.copyInPlace(
                        from: Initializers.normal(entry.tensor.shape, deviation: isWeight ? 0.02 : 0))
                }
            }
        }
        return Sequential(layers)
    }
}
