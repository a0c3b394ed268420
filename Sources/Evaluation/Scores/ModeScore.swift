import Foundation
public import Torch

/// The modes that samples cover, as distinguished by a classifier.
///
/// Detects lost classes and a skew between classes. Does not detect collapse within a class. A classifier assigns a
/// class to any image, even to noise; `confidence` is then low.
///
/// Source: the protocol of Metz et al. 2016 (arXiv 1611.02163) and PacGAN (arXiv 1712.04086), with single digits.
public struct ModeScore: Sendable, Codable, Equatable {
    /// The share of samples in each class.
    public var shares: [Double]
    /// The number of classes predicted for at least one sample.
    public var modes: Int
    /// The number of classes that have at least a tenth of their share of the reference.
    public var populatedModes: Int
    /// KL(samples ‖ reference) over the classes, in nats; 0 when the shares are equal.
    public var reverseKL: Double
    /// The mean probability of the predicted class.
    public var confidence: Double

    /// - Parameters:
    ///   - probabilities: the class probabilities, `[count, classes]`.
    ///   - reference: the share of each class in the data; `nil` assumes equal shares.
    public init(probabilities: Tensor, reference: [Double]? = nil) throws(TorchError) {
        let classes = probabilities.shape[1]
        let guesses = try probabilities.indexOfMaximum(1).integers()
        confidence = try probabilities.maximum(over: [1]).mean().item()
        let counts = ReferenceBins.count(guesses, bins: classes)
        let shares = counts.map { Double($0) / Double(max(1, guesses.count)) }
        let expected = reference ?? [Double](repeating: 1 / Double(classes), count: classes)
        self.shares = shares
        modes = counts.count { $0 > 0 }
        populatedModes = zip(shares, expected).count { $0 > 0 && $0 >= 0.1 * $1 }
        reverseKL = zip(shares, expected).reduce(0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / max($1.1, 1e-12)) : 0) }
    }
}

/// How well samples match a mixture of normal distributions in the plane.
///
/// Because the modes are known, it detects every failure on such a mixture.
///
/// Source: PacGAN (arXiv 1712.04086), section 4.1: a sample is of high quality if it is within three standard
/// deviations of the nearest mode; a mode counts if it has at least one such sample; reverse KL is
/// KL(samples ‖ uniform) over the nearest modes.
public struct MixtureScore: Sendable, Codable, Equatable {
    /// The number of modes with at least one high-quality sample, and the number of all modes.
    public var modes, modeCount: Int
    /// The share of samples with high quality.
    public var highQuality: Double
    /// KL(samples ‖ uniform) over the nearest modes, in nats.
    public var reverseKL: Double
    /// The share of samples closest to each mode.
    public var shares: [Double]

    /// - Parameters:
    ///   - samples: points `[count, 2]`.
    ///   - centers: the modes' centers `[modes, 2]`.
    ///   - deviation: the standard deviation of each mode.
    public init(samples: Tensor, centers: Tensor, deviation: Double) throws(TorchError) {
        let (distances, indices) = try Neighbors.nearest(samples, centers)
        let nearest = try indices.integers()
        let isGood = try (distances .<= 9 * deviation * deviation).to(.uint8).to(.cpu).bytes()
        modeCount = centers.shape[0]
        let counts = ReferenceBins.count(nearest, bins: modeCount)
        let shares = counts.map { Double($0) / Double(max(1, nearest.count)) }
        self.shares = shares
        modes = Set(zip(nearest, isGood).filter { $0.1 != 0 }.map(\.0)).count
        highQuality = Double(isGood.count { $0 != 0 }) / Double(max(1, isGood.count))
        let uniform = 1 / Double(modeCount)
        reverseKL = shares.reduce(0) { $0 + ($1 > 0 ? $1 * log($1 / uniform) : 0) }
    }
}
