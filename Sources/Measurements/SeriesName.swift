/// The name of a series of values over the steps of a run. It is the CSV column, the chart label and the input of the
/// rules.
public struct SeriesName: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The name in `snake_case`, which states the quantity exactly.
    public let rawValue: String

    /// A series with this name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A series with this name.
    public init(_ name: String) { rawValue = name }
    /// A series with this name.
    public init(stringLiteral name: String) { rawValue = name }

    /// The name.
    public var description: String { rawValue }
}

extension SeriesName {
    /// The generator's loss.
    public static let lossGenerator = SeriesName("loss_generator")
    /// The discriminator's loss on real images.
    public static let lossDiscriminatorReal = SeriesName("loss_discriminator_real")
    /// The discriminator's loss on generated images.
    public static let lossDiscriminatorFake = SeriesName("loss_discriminator_fake")
    /// The discriminator's total loss, in other programs' logs that do not separate real and generated images.
    public static let lossDiscriminator = SeriesName("loss_discriminator")
    /// The mean sigmoid of the discriminator on real images.
    public static let probabilityReal = SeriesName("probability_real")
    /// The mean sigmoid of the discriminator on generated images.
    public static let probabilityFake = SeriesName("probability_fake")
    /// The discriminator's accuracy on real and generated images together, in other programs' logs.
    public static let accuracyDiscriminator = SeriesName("accuracy_discriminator")
    /// The share of real images that the discriminator classifies as real.
    public static let accuracyReal = SeriesName("accuracy_real")
    /// The share of generated images that the discriminator classifies as generated.
    public static let accuracyFake = SeriesName("accuracy_fake")
    /// The Euclidean norm of the generator's gradient.
    public static let gradientNormGenerator = SeriesName("gradient_norm_generator")
    /// The Euclidean norm of the discriminator's gradient.
    public static let gradientNormDiscriminator = SeriesName("gradient_norm_discriminator")
    /// The number of real images processed per second of training.
    public static let imagesPerSecond = SeriesName("images_per_second")
    /// The share of bins whose number of samples differs significantly from the training data's: NDB / K.
    public static let ndb = SeriesName("ndb")
    /// The same for held-out training data of the same size as the samples.
    public static let ndbHeldOut = SeriesName("ndb_held_out")
    /// The Jensen–Shannon divergence between the bin proportions of the samples and those of the training data.
    public static let jensenShannon = SeriesName("jensen_shannon")
    /// The value below which 95 % of held-out parts of the training data stay.
    public static let jensenShannonHeldOut = SeriesName("jensen_shannon_held_out")
    /// The Jensen–Shannon divergence between the samples' bin proportions and those of the previous evaluation.
    public static let binDrift = SeriesName("bin_drift")
    /// The share of bins that hold less than a tenth of the samples that they should.
    public static let missingBins = SeriesName("missing_bins")
    /// The same for data with well-separated modes, where each bin is one mode.
    public static let missingModes = SeriesName("missing_modes")
    /// The mean distance between samples divided by that between real examples; 1 is as diverse as the data.
    public static let diversity = SeriesName("diversity")
    /// The share of samples that are near-duplicates of another sample.
    public static let duplicates = SeriesName("duplicates")
    /// The share of samples that are copies of a training example.
    public static let memorized = SeriesName("memorized")
    /// The same for held-out training examples.
    public static let memorizedHeldOut = SeriesName("memorized_held_out")
    /// The share of samples that lie among real examples.
    public static let precision = SeriesName("precision")
    /// The share of real examples that have a sample near them.
    public static let coverage = SeriesName("coverage")
    /// The precision of held-out real examples, the highest that samples can be expected to reach.
    public static let precisionHeldOut = SeriesName("precision_held_out")
    /// The coverage of held-out real examples.
    public static let coverageHeldOut = SeriesName("coverage_held_out")
    /// The precision in the features of a classifier of the data's classes.
    public static let precisionFeatures = SeriesName("precision_features")
    /// The coverage in the features of a classifier of the data's classes.
    public static let coverageFeatures = SeriesName("coverage_features")
    /// The share of the data in classes of which the samples have less than a tenth of the due share. For crude
    /// samples, the expected value of that share.
    public static let lostClassMass = SeriesName("lost_class_mass")
    /// The share of the data in classes of which the samples have less than a third of the due share, but which are not
    /// lost.
    public static let rareClassMass = SeriesName("rare_class_mass")
    /// The lowest share of a class among the samples, relative to its share of the data.
    public static let lowestClassShare = SeriesName("lowest_class_share")
    /// The number of samples from which the classes' shares were measured.
    public static let classSamples = SeriesName("class_samples")

    /// The losses of both players; the discriminator's is split into real and generated images.
    public static let losses: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake]

    /// The series measured at every step, in column order.
    public static let perStep: [SeriesName] =
        losses + [
            .probabilityReal, .probabilityFake,
            .gradientNormGenerator, .gradientNormDiscriminator, .imagesPerSecond,
        ]
    /// The known series of an evaluation, in column order.
    public static let perEvaluation: [SeriesName] = [
        .ndb, .ndbHeldOut, .jensenShannon, .jensenShannonHeldOut, .binDrift, .missingBins, .missingModes, .diversity,
        .duplicates, .memorized, .memorizedHeldOut, .precision, .coverage, .precisionHeldOut, .coverageHeldOut,
        .precisionFeatures,
        .coverageFeatures, .lostClassMass, .rareClassMass, .lowestClassShare, .classSamples,
    ]

    /// The series of an evaluation that require a classifier of the data's classes.
    public static let byClassifier: Set<SeriesName> = [
        .precisionFeatures, .coverageFeatures, .lostClassMass, .rareClassMass, .lowestClassShare, .classSamples,
    ]

    private static let places = Dictionary(
        uniqueKeysWithValues: (perStep + perEvaluation).enumerated().map { ($0.element, $0.offset) })

    /// Whether the first series' column stands to the left of the second's: known series in column order, then the
    /// others by name.
    package static func stands(_ first: SeriesName, before second: SeriesName) -> Bool {
        (places[first] ?? .max, first.rawValue) < (places[second] ?? .max, second.rawValue)
    }
}
