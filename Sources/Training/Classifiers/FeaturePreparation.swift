public import Datasets
public import Evaluation
public import Torch

/// Features that are learned from images without labels, where those of pixels say little, made ready in slices of time.
public final class FeaturePreparation {
    private let preparation: NetworkPreparation<FeatureMeter>

    /// - Returns: `nil` for points, for small grey images, whose pixels say enough, and for too few images.
    public init?(_ data: any Dataset, store: ReferenceStore, device: Device = .cpu) throws {
        guard let pictures = data as? PictureDataset, let images = try DistortedImages(pictures) else { return nil }
        let source = NetworkPreparation<FeatureMeter>.Source(
            announcement: "Training a network whose features \(data.summary) are compared by, once.",
            shipped: { nil },
            name: { "features-\(try store.fingerprint(of: pictures))" },
            training: { try images.train(device: device) },
            accuracy: images.accuracy,
            meter: { network in
                // A network that tells no distortion from another has learned nothing.
                network.heldOutAccuracy ?? 1 >= FeaturePreparation.leastAccuracy ? try images.meter(network) : nil
            })
        preparation = NetworkPreparation(source, store: store, device: device)
    }

    /// Of seven distortions chance tells one in seven right.
    private static let leastAccuracy = 0.4

    /// What measures samples by the features, once they are ready.
    public var meter: FeatureMeter? { preparation.meter }

    /// Whether there is nothing more to do.
    public var isSettled: Bool { preparation.isSettled }

    /// Whether the network is being trained.
    public var isTraining: Bool { preparation.isTraining }

    /// Goes on for about so many seconds, to the end by default.
    public func advance(for seconds: Double = .infinity) throws { try preparation.advance(for: seconds) }
}
