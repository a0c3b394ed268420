public import Torch

/// Measures how close samples are to real images, in the features of a network that was trained on other images of the
/// same dataset.
public final class FeatureMeter {
    public let extractor: any FeatureExtractor
    /// The features of real images in random order, `[count, dimensions]`.
    let real: Tensor
    private var heldOutScores: [Int: NeighborScores] = [:]

    /// - Parameter images: real images that the network was not trained on, in random order, float32 in [−1, 1].
    public init(_ extractor: any FeatureExtractor, images: Tensor) throws {
        self.extractor = extractor
        real = try extractor.features(of: images).to(.cpu)
    }

    init(_ extractor: any FeatureExtractor, features: Tensor) {
        self.extractor = extractor
        real = features
    }

    /// - Parameter samples: float32 in [−1, 1], of the same shape as the real images.
    /// - Returns: the scores of the samples and those of as many other real images; `nil` if there are too few samples
    ///   or real images.
    public func measure(_ samples: Tensor) throws -> Compared<NeighborScores>? {
        try measure(features: extractor.features(of: samples).to(.cpu))
    }

    func measure(features samples: Tensor) throws -> Compared<NeighborScores>? {
        let size = min(samples.shape[0], real.shape[0] / 2)
        guard size > DataSupport.neighbors else { return nil }
        let some = try real.slice(0..<size)
        let baseline: NeighborScores
        if let known = heldOutScores[size] {
            baseline = known
        } else {
            baseline = try NeighborScores(reference: some, samples: real.slice(size..<2 * size))
            heldOutScores[size] = baseline
        }
        return Compared(
            samples: try NeighborScores(reference: some, samples: samples.slice(0..<size)), heldOut: baseline,
            size: size)
    }
}
