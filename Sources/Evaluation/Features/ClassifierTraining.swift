import Networks
public import Torch

/// Trains an ``ImageClassifier`` one step at a time, so that other work can run in between.
///
/// Uses Adam with a one-cycle learning rate (Smith 2017, arXiv 1708.07120) on images shifted by up to two pixels. It
/// has its own random generator, so the result does not depend on when the steps run.
public final class ClassifierTraining {
    /// The training options.
    public struct Options: Sendable {
        /// The number of passes over the images.
        public var epochs: Int
        public var batchSize: Int
        /// The peak learning rate.
        public var learningRate: Double
        public var seed: UInt64
        /// Whether half of each batch is distorted to resemble crude samples.
        public var distorts: Bool

        public init(
            epochs: Int = 3, batchSize: Int = 128, learningRate: Double = 0.004, seed: UInt64 = 0,
            distorts: Bool = false
        ) {
            self.epochs = epochs
            self.batchSize = batchSize
            self.learningRate = learningRate
            self.seed = seed
            self.distorts = distorts
        }

        /// Returns options for a number of images; fewer images get more epochs, so that there are several hundred
        /// steps.
        ///
        /// - Parameter count: the number of images.
        public static func suited(to count: Int, seed: UInt64 = 0, distorts: Bool = false) -> Options {
            var options = Options(batchSize: max(16, min(128, count / 8)), seed: seed, distorts: distorts)
            let steps = max(1, count / options.batchSize)
            options.epochs = min(30, max(3, fewestSteps / steps))
            return options
        }

        private static let fewestSteps = 500
    }

    private let classifier: ImageClassifier
    private let batch: (Tensor) throws -> Tensor
    private let options: Options
    private let classes: Tensor
    private let generator: RandomGenerator
    private let crude: CrudeImages
    private let parameters, first, second, counts: [Tensor]
    private let batches: [Range<Int>]
    private var order: Tensor?
    private var step = 0

    /// - Parameters:
    ///   - labels: the labels of all images.
    ///   - batch: returns the images at the given indices, float32 in [−1, 1].
    public init(
        _ classifier: ImageClassifier, labels: [Int], options: Options, batch: @escaping (Tensor) throws -> Tensor
    ) throws {
        self.classifier = classifier
        self.batch = batch
        self.options = options
        classes = try Tensor(labels.map(Int64.init))
        generator = try RandomGenerator(seed: options.seed)
        crude = CrudeImages(generator)
        parameters = classifier.network.parameters
        (first, second) = (try parameters.map { try $0.zerosLike() }, try parameters.map { try $0.zerosLike() })
        counts = try parameters.map { try Tensor.zeros([], device: $0.device) }
        batches = ranges(of: labels.count, size: options.batchSize)
    }

    private var total: Int { batches.count * options.epochs }

    /// The completed share of the training, from 0 to 1.
    public var progress: Double { Double(step) / Double(max(1, total)) }
    public var isDone: Bool { step >= total }

    /// Performs one step; does nothing once the training is done.
    public func advance() throws {
        guard !isDone else { return }
        let place = step % batches.count
        if place == 0 || order == nil {
            order = try Tensor.randomPermutation(classes.shape[0], from: generator)
        }
        guard let indices = try order?.slice(batches[place]) else { return }
        var images = try moved(batch(indices).to(classifier.device))
        if options.distorts {
            let half = images.shape[0] / 2
            images = try Tensor.concatenate([
                images.slice(0..<half), crude.distorted(images.slice(half..<images.shape[0])),
            ])
        }
        let loss = try classifier.network(images).crossEntropy(classes.gathering(indices).to(classifier.device))
        let slopes = try gradients(of: loss, for: parameters)
        try withoutGradients {
            try adamStep(
                parameters: parameters, gradients: zip(parameters, slopes).map { try $0.laidOut($1) },
                firstMoments: first, secondMoments: second, steps: counts, learningRate: learningRate, beta1: 0.9,
                beta2: 0.999, weightDecay: 0, epsilon: 1e-8, decoupledDecay: false)
        }
        step += 1
    }

    private var learningRate: Double {
        options.learningRate * (progress < 0.2 ? progress / 0.2 : (1 - progress) / 0.8)
    }

    /// Shifts all images by the same random offset of up to two pixels.
    private func moved(_ images: Tensor) throws -> Tensor {
        let offsets = try Tensor.randomIntegers(0..<5, [2], from: generator).integers()
        let (height, width) = (classifier.imageShape[1], classifier.imageShape[2])
        return try images.contiguous().padded(left: 2, right: 2, top: 2, bottom: 2, value: -1)
            .slice(offsets[0]..<offsets[0] + height, dimension: 2).slice(offsets[1]..<offsets[1] + width, dimension: 3)
    }
}

extension Tensor {
    /// A gradient in this parameter's memory layout, which fused optimizers require.
    fileprivate func laidOut(_ gradient: Tensor) throws -> Tensor {
        let result = try zerosLike()
        try result.addInPlace(gradient)
        return result
    }
}
