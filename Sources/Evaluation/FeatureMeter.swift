public import Torch

/// Measures how near samples come to real images in the features of a network that was trained on others of them.
public final class FeatureMeter {
    public let extractor: any FeatureExtractor
    /// In random order, `[count, dimensions]`.
    let real: Tensor
    private var heldOutScores: [Int: NeighbourScores] = [:]

    /// - Parameter images: real ones that the network was not trained on, in random order, float32 in [−1, 1].
    public init(_ extractor: any FeatureExtractor, images: Tensor) throws {
        self.extractor = extractor
        real = try extractor.features(of: images).to(.cpu)
    }

    init(_ extractor: any FeatureExtractor, features: Tensor) {
        self.extractor = extractor
        real = features
    }

    /// - Parameter samples: like the images.
    /// - Returns: the scores of samples, and those of as many other real images; `nil` for too few samples or real images.
    public func measure(_ samples: Tensor) throws -> Compared<NeighbourScores>? {
        try measure(features: extractor.features(of: samples).to(.cpu))
    }

    func measure(features samples: Tensor) throws -> Compared<NeighbourScores>? {
        let size = min(samples.shape[0], real.shape[0] / 2)
        guard size > DataSupport.neighbors else { return nil }
        let some = try real.slice(0..<size)
        let baseline: NeighbourScores
        if let known = heldOutScores[size] {
            baseline = known
        } else {
            baseline = try NeighbourScores(reference: some, samples: real.slice(size..<2 * size))
            heldOutScores[size] = baseline
        }
        return Compared(
            samples: try NeighbourScores(reference: some, samples: samples.slice(0..<size)), heldOut: baseline,
            size: size)
    }
}
