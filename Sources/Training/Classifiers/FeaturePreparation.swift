public import Datasets
public import Evaluation
public import Torch

/// Prepares features learned from unlabeled images in time slices, for data whose pixels are not informative enough.
public final class FeaturePreparation {
    private let preparation: NetworkPreparation<FeatureMeter>

    /// - Returns: `nil` for points, for small gray images, whose pixels are informative enough, and for too few images.
    public init?(_ data: any Dataset, store: ReferenceStore, device: Device = .cpu) throws {
        guard let images = data as? ImageDataset, let distorted = try DistortedImages(images) else { return nil }
        let source = NetworkPreparation<FeatureMeter>.Source(
            announcement: "Training a feature network for comparing \(data.summary) (only once).",
            shipped: { nil },
            name: { "features-\(try store.fingerprint(of: images))" },
            training: { try distorted.train(device: device) },
            accuracy: distorted.accuracy,
            meter: { network in
                // A network that cannot distinguish the distortions has learned nothing.
                network.heldOutAccuracy ?? 1 >= FeaturePreparation.leastAccuracy ? try distorted.meter(network) : nil
            })
        preparation = NetworkPreparation(source, store: store, device: device)
    }

    /// With seven distortions, chance accuracy is one in seven.
    private static let leastAccuracy = 0.4

    /// The meter based on the learned features, once it is ready.
    public var meter: FeatureMeter? { preparation.meter }

    /// Whether there is nothing left to do.
    public var isSettled: Bool { preparation.isSettled }

    /// Whether the network is being trained.
    public var isTraining: Bool { preparation.isTraining }

    /// Continues for about the given number of seconds, by default to the end.
    public func advance(for seconds: Double = .infinity) throws { try preparation.advance(for: seconds) }
}
