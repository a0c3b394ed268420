public import Measurements

/// A score of samples, or of images against their targets, that other programs log next to the losses.
public enum Score: String, Sendable, CaseIterable {
    /// Heusel et al. 2017 (arXiv 1706.08500); lower is better.
    case frechet = "fid"
    /// Bińkowski et al. 2018 (arXiv 1801.01401); lower is better.
    case kernel = "kid"
    /// Salimans et al. 2016 (arXiv 1606.03498).
    case inception = "inception_score"
    /// Kynkäänniemi et al. 2019 (arXiv 1904.06991).
    case precision
    case recall
    /// Naeem et al. 2020 (arXiv 2002.09797).
    case density
    case coverage
    /// Sajjadi et al. 2018 (arXiv 1806.00035): F with weight 8 emphasizes recall, with weight 1/8 precision.
    case recallF = "f8"
    case precisionF = "f1_8"
    /// In decibels, against a target.
    case signalToNoise = "psnr"
    case structuralSimilarity = "ssim"
    case perceptualDistance = "lpips"

    public var lowerIsBetter: Bool { [.frechet, .kernel, .perceptualDistance].contains(self) }

    /// Whether a value is possible. A non-finite value is, because it shows that something broke. A value slightly
    /// below zero is possible for FID, because of rounding, and for KID, which is an unbiased estimate.
    public func admits(_ value: Double) -> Bool {
        !value.isFinite || ([.frechet, .kernel].contains(self) ? (-1...1e6).contains(value) : abs(value) <= 1e6)
    }

    /// Whether the score measures diversity, so that it falls when modes are lost.
    public var isOfVariety: Bool { [.recall, .coverage, .recallF].contains(self) }

    /// Whether the score compares samples with a data set, rather than an image with its target.
    public var isOfSamples: Bool { ![.signalToNoise, .structuralSimilarity, .perceptualDistance].contains(self) }

    /// The score's usual name.
    public var words: String {
        switch self {
        case .frechet: "FID"
        case .kernel: "KID"
        case .inception: "inception score"
        case .precision: "precision"
        case .recall: "recall"
        case .density: "density"
        case .coverage: "coverage"
        case .recallF: "F8 (recall)"
        case .precisionF: "F1/8 (precision)"
        case .signalToNoise: "PSNR"
        case .structuralSimilarity: "SSIM"
        case .perceptualDistance: "LPIPS"
        }
    }

    /// The series of the logged score. It is separate from Equipoise's own scores of the same name, which are measured
    /// differently.
    public var series: SeriesName { SeriesName("score_\(rawValue)") }

    static let allSeries = Set(allCases.map(\.series))
}
