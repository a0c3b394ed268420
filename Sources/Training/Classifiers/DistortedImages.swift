import Datasets
import Evaluation
import Torch

/// Unlabeled images, each with several distortions. A network that learns to recognize the distortion learns what the
/// images look like: which way is up, how sharp they are, how they are arranged. Its features are used if pixels are
/// not informative enough.
///
/// Source: Gidaris et al. 2018 (arXiv 1803.07728), who rotate images; the other distortions resemble the defects of
/// generators.
struct DistortedImages {
    let images: ImageDataset
    /// The positions of the training images and of the held-out images, both in random order.
    private let training, heldOut: [Int64]
    private let distortions: [Distortion]

    enum Distortion: CaseIterable {
        case none, quarterTurn, halfTurn, threeQuarterTurn, blurred, rearranged, noisy
    }

    private static let mostHeldOut = 3000
    private static let mostTrained = 1800
    /// Distortions are easy to recognize: 200 steps of 64 images are enough and take about a minute on one core at
    /// 64×64 pixels.
    private static let steps = 200
    private static let batchSize = 64
    private static let fewest = 120

    /// - Returns: `nil` for images whose pixels are informative enough (gray ones smaller than 48 pixels), and for too
    ///   few or too small images.
    init?(_ images: ImageDataset) throws {
        let shape = images.exampleShape
        let side = min(shape[1], shape[2])
        guard side >= 16, side >= 48 || shape[0] == 3, images.count >= DistortedImages.fewest else { return nil }
        self.images = images
        let order: [Int64] = try Tensor.randomPermutation(images.count, from: RandomGenerator(seed: 0)).values()
        let held = min(DistortedImages.mostHeldOut, images.count / 3)
        heldOut = Array(order[..<held])
        training = Array(order[held...].prefix(DistortedImages.mostTrained))
        let isSquare = shape[1] == shape[2]
        distortions = Distortion.allCases.filter { isSquare || ![.quarterTurn, .threeQuarterTurn].contains($0) }
    }

    /// Returns a network and its training, which sees each image with each distortion.
    func train(device: Device) throws -> (ImageClassifier, ClassifierTraining) {
        let network = try ImageClassifier(
            imageShape: images.exampleShape, classes: distortions.count, device: device)
        let labels = training.flatMap { _ in distortions.indices }
        let (places, generator) = (training, try RandomGenerator(seed: 1))
        var options = ClassifierTraining.Options(batchSize: DistortedImages.batchSize)
        options.epochs = max(1, DistortedImages.steps * options.batchSize / labels.count)
        let training = try ClassifierTraining(network, labels: labels, options: options) {
            try distorted($0, of: places, generator)
        }
        return (network, training)
    }

    /// Returns the share of held-out images whose distortion the network recognizes.
    func accuracy(_ network: ImageClassifier) throws -> Double {
        let some = Array(heldOut.prefix(300))
        let indices = Array(0..<Int64(some.count * distortions.count))
        let images = try distorted(Tensor(indices), of: some, RandomGenerator(seed: 2))
        return try network.accuracy(images, labels: indices.map { Int($0) % distortions.count })
    }

    func meter(_ network: ImageClassifier) throws -> FeatureMeter {
        try FeatureMeter(LearnedFeatures(network), images: images.examples(Tensor(heldOut)))
    }

    /// Returns distorted images by index: the index runs over the distortions of the first image, then those of the
    /// second, and so on.
    private func distorted(_ indices: Tensor, of places: [Int64], _ generator: RandomGenerator) throws -> Tensor {
        let chosen = try indices.values().map { (index: Int64) in Int(index) }
        let originals = try images.examples(Tensor(chosen.map { places[$0 / distortions.count] })).contiguous()
        // Distort group by group, then restore the requested order.
        var (parts, order) = ([Tensor](), [Int]())
        for (number, distortion) in distortions.enumerated() {
            let members = chosen.indices.filter { chosen[$0] % distortions.count == number }
            guard !members.isEmpty else { continue }
            parts.append(
                try DistortedImages.apply(
                    distortion, to: originals.gathering(Tensor(members.map(Int64.init))), generator))
            order += members
        }
        var back = [Int64](repeating: 0, count: order.count)
        for (place, member) in order.enumerated() { back[member] = Int64(place) }
        return try Tensor.concatenate(parts).gathering(Tensor(back))
    }

    private static func apply(
        _ distortion: Distortion, to images: Tensor, _ generator: RandomGenerator
    ) throws -> Tensor {
        let (height, width) = (images.shape[2], images.shape[3])
        switch distortion {
        case .none: return images
        case .quarterTurn: return try images.transposed(2, 3).flipped(2).contiguous()
        case .halfTurn: return try images.flipped(2).flipped(3)
        case .threeQuarterTurn: return try images.transposed(2, 3).flipped(3).contiguous()
        case .blurred:
            // Downsample below the resolution of a sharp image, then upsample again.
            return try images.resampled(height: max(4, height / 3), width: max(4, width / 3), by: .antialiased)
                .resampled(height: height, width: width, by: .bilinear)
        case .rearranged:
            // Swap the four quadrants diagonally.
            let (y, x) = (height / 2, width / 2)
            let top = try images.slice(0..<y, dimension: 2)
            let bottom = try images.slice(y..<height, dimension: 2)
            func crossed(_ half: Tensor) throws -> Tensor {
                try Tensor.concatenate(
                    [half.slice(x..<width, dimension: 3), half.slice(0..<x, dimension: 3)], dimension: 3)
            }
            return try Tensor.concatenate([crossed(bottom), crossed(top)], dimension: 2)
        case .noisy:
            let noise = try Tensor.randomNormal(images.shape, from: generator).to(images.device)
            return try (images + noise * 0.2).clamped(-1, 1)
        }
    }
}

/// The features of a network trained on the data's images without labels.
struct LearnedFeatures: FeatureExtractor {
    private let network: ImageClassifier
    let name = "learned features"

    init(_ network: ImageClassifier) { self.network = network }

    func callAsFunction(_ examples: Tensor) throws -> Tensor { try network(examples) }
}
