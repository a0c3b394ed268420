/// The name of a series of values over the steps of a run: the CSV's column, the chart's label, the rules' input.
public struct SeriesName: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The name, in `snake_case`; it states its quantity exactly.
    public let rawValue: String

    /// A series of this name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A series of this name.
    public init(_ name: String) { rawValue = name }
    /// A series of this name.
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
    /// The discriminator's loss on both, in logs of other programs that do not tell them apart.
    public static let lossDiscriminator = SeriesName("loss_discriminator")
    /// The mean sigmoid of the discriminator on real images.
    public static let probabilityReal = SeriesName("probability_real")
    /// The mean sigmoid of the discriminator on generated images.
    public static let probabilityFake = SeriesName("probability_fake")
    /// The share of real and generated images that the discriminator is right about, in logs of other programs.
    public static let accuracyDiscriminator = SeriesName("accuracy_discriminator")
    /// The share of real images that the discriminator takes for real.
    public static let accuracyReal = SeriesName("accuracy_real")
    /// The share of generated images that the discriminator takes for generated.
    public static let accuracyFake = SeriesName("accuracy_fake")
    /// The Euclidean norm of the generator's gradient.
    public static let gradientNormGenerator = SeriesName("gradient_norm_generator")
    /// The Euclidean norm of the discriminator's gradient.
    public static let gradientNormDiscriminator = SeriesName("gradient_norm_discriminator")
    /// The number of real images trained on in a second.
    public static let imagesPerSecond = SeriesName("images_per_second")
    /// The share of statistically different bins of samples, against the training data: NDB / K.
    public static let ndb = SeriesName("ndb")
    /// The same of held-out training data of the samples' size.
    public static let ndbHeldOut = SeriesName("ndb_held_out")
    /// The Jensen–Shannon divergence of the samples' bins from the training data's.
    public static let jensenShannon = SeriesName("jensen_shannon")
    /// What 95 % of held-out parts of the training data stay under.
    public static let jensenShannonHeldOut = SeriesName("jensen_shannon_held_out")
    /// The Jensen–Shannon divergence of the samples' bins from those of the evaluation before.
    public static let binDrift = SeriesName("bin_drift")
    /// The share of bins that hold less than a tenth of what they should.
    public static let missingBins = SeriesName("missing_bins")
    /// The same where the data's modes lie clearly apart, so that each bin is one of them.
    public static let missingModes = SeriesName("missing_modes")
    /// The mean distance between samples in proportion to that between real examples; 1 is as diverse as the data.
    public static let diversity = SeriesName("diversity")
    /// The share of samples that nearly equal another one.
    public static let duplicates = SeriesName("duplicates")
    /// The share of samples that are copies of a training example.
    public static let memorized = SeriesName("memorized")
    /// The same of held-out training examples.
    public static let memorizedHeldOut = SeriesName("memorized_held_out")
    /// The share of samples that lie among real examples.
    public static let precision = SeriesName("precision")
    /// The share of real examples with samples near them.
    public static let coverage = SeriesName("coverage")
    /// The precision of held-out real examples: the most that samples can be expected to have.
    public static let precisionHeldOut = SeriesName("precision_held_out")
    /// The coverage of held-out real examples.
    public static let coverageHeldOut = SeriesName("coverage_held_out")
    /// The precision in the features of a classifier of the data's classes.
    public static let precisionFeatures = SeriesName("precision_features")
    /// The coverage in the features of a classifier of the data's classes.
    public static let coverageFeatures = SeriesName("coverage_features")
    /// The share of the data that belongs to classes of which the samples have less than a tenth of what they should; of crude samples the
    /// expected share.
    public static let lostClassMass = SeriesName("lost_class_mass")
    /// The share of the data that belongs to classes of which the samples have less than a third of what they should, but that are not lost.
    public static let rareClassMass = SeriesName("rare_class_mass")
    /// The lowest share of a class among the samples, in proportion to its share of the data.
    public static let lowestClassShare = SeriesName("lowest_class_share")
    /// How many samples the shares of the classes were measured by.
    public static let classSamples = SeriesName("class_samples")

    /// The losses of the two players; the discriminator's in halves.
    public static let losses: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake]

    /// The series of every step, in the order of columns.
    public static let perStep: [SeriesName] =
        losses + [
            .probabilityReal, .probabilityFake,
            .gradientNormGenerator, .gradientNormDiscriminator, .imagesPerSecond,
        ]
    /// The known series of an evaluation, in the order of columns.
    public static let perEvaluation: [SeriesName] = [
        .ndb, .ndbHeldOut, .jensenShannon, .jensenShannonHeldOut, .binDrift, .missingBins, .missingModes, .diversity,
        .duplicates, .memorized, .memorizedHeldOut, .precision, .coverage, .precisionHeldOut, .coverageHeldOut,
        .precisionFeatures,
        .coverageFeatures, .lostClassMass, .rareClassMass, .lowestClassShare, .classSamples,
    ]

    /// The series of an evaluation that need a classifier of the data's classes.
    public static let byClassifier: Set<SeriesName> = [
        .precisionFeatures, .coverageFeatures, .lostClassMass, .rareClassMass, .lowestClassShare, .classSamples,
    ]

    private static let places = Dictionary(
        uniqueKeysWithValues: (perStep + perEvaluation).enumerated().map { ($0.element, $0.offset) })

    /// Whether this series' column stands left of another's: the known ones in order, then the others by name.
    package static func stands(_ first: SeriesName, before second: SeriesName) -> Bool {
        (places[first] ?? .max, first.rawValue) < (places[second] ?? .max, second.rawValue)
    }
}
