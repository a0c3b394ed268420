import Foundation

/// All thresholds of the rules. If a source is cited, the value is the source's. The other values were set on the
/// calibration seeds of `Recipes/zoo` and measured on other seeds, see `Documentation/diagnosis.md`.
enum Thresholds {
    /// The number of windows of 20 steps for which a loss pattern must persist.
    static let persistence = 10
    /// The number of windows from which losses can earn a verdict: those in which a run may settle, plus those for
    /// which a pattern must persist.
    static let enoughWindows = 20
    /// The number of newest windows in which the losses of a healthy run cross no threshold.
    static let newestWindows = 3
    /// The number of evaluations for which a pattern of the samples must persist.
    static let evaluations = 2
    /// The number of windows that a run may take to settle: the first steps of a healthy run look like many failures.
    static let settling = 10

    /// The sum of the discriminator's losses below which it has won (convergence failure in Brownlee's "How to Identify
    /// and Diagnose GAN Failure Modes": it tends to 0).
    static let wonLossDiscriminator = 0.1
    /// The same if only losses are known. Sums of 0.01 to 0.1 are common in healthy runs (public logs, see
    /// `Documentation/diagnosis.md`); below this value, the discriminator's answers are as confident as losses alone
    /// can show.
    static let wonLossAlone = 0.001
    /// The minimum cross-entropy of a beaten generator: −log 0.02.
    static let beatenLossGenerator = 4.0

    /// The probability from which an answer counts as certain when the discriminator has won and the generator is
    /// beaten.
    static let wonProbability = 0.98
    /// The same if only losses and the discriminator's answers are known.
    static let wonProbabilityAlone = 0.9995
    /// A discriminator that gives fakes this probability calls everything real (figure 12 of the article).
    static let frozenProbability = 0.95

    /// The sum of a beaten discriminator's losses: twice the chance level.
    static let beatenLossDiscriminator = 2 * chanceLossDiscriminator
    /// The cross-entropy of a generator whose samples nearly always pass for real: −log 0.8.
    static let foolingLossGenerator = 0.22
    /// The maximum distance of all losses from chance level if the discriminator answers 0.5 to everything.
    static let chanceMargin = 0.002
    /// The relative distance from chance level within which losses do not show who is ahead.
    static let chanceLevel = 0.01

    /// A discriminator with an accuracy above this is right about all examples.
    static let perfectAccuracy = 0.99
    /// The maximum distance from one half of the accuracy of a discriminator that gives every example the same answer.
    static let constantAccuracy = 0.005
    /// The minimum number of values that show such an accuracy.
    static let enoughAccuracies = 10
    /// The losses of such a discriminator are at least this share of the chance level.
    static let guessingShare = 0.8

    /// A probability above this, or below one minus this, is a clear answer.
    static let sureAnswer = 0.7

    /// Losses of both players below this count as zero (the article: "losses dropping to zero").
    static let vanishedLoss = 0.05

    /// The sum of the cross-entropies of two wrong answers that are as confident as possible: −log 10⁻⁷ each, where a
    /// 32-bit number can hardly distinguish the probability from 0. A balanced game has 2.1.
    static let explodedLosses = 32.0
    /// A loss without a known scale has run away if it has grown by this factor and exceeds this value.
    static let runawayTimes = 1000.0
    static let runawayLoss = 10_000.0
    /// Above this value, a loss of any objective has exploded; one row is enough.
    static let explodedLoss = 1e12

    /// The sum of the losses of a discriminator that knows nothing: 2 log 2.
    static let chanceLossDiscriminator = 1.39

    /// The factor by which a rising generator loss exceeds its calm level.
    static let risenTimes = 2.0
    /// Kendall's rank correlation above which a loss rises steadily.
    static let risenCorrelation = 0.6

    /// The deviation of the window means around their trend, relative to their mean, above which a loss oscillates.
    static let swing = 0.3

    /// Norms above 100 mean that training is out of control (ganhacks, tip 10).
    static let explodedGradient = 100.0
    /// The factor by which an exploded norm exceeds its calm level, if that level is itself high.
    static let explodedTimes = 20.0
    /// A norm that is too large whatever the network's calm level is.
    static let hugeGradient = 1e4
    /// The norm below which the generator's gradient has no effect.
    static let vanishedGradient = 1e-3

    /// Samples with less than this share of the data's diversity have collapsed.
    static let collapsedDiversity = 0.5
    /// A share of near-duplicates above this means repeated images; real data has 0.01.
    static let repeatedShare = 0.3
    /// From this share on, repeated images are a failure even if few bins are missing (foreign zoo, seeds 104 to 202:
    /// healthy runs up to 0.10, disputed ones 0.35 to 0.74, collapsed ones from 0.88 on).
    static let repeatedEverywhere = 0.8
    /// The share of missing bins above which modes are lost. Crude images of every class miss up to 0.27 (zoo, seeds 41
    /// to 53).
    static let missingShare = 0.3
    /// The share of missing modes above which modes are lost, if the data's modes are well separated.
    static let missingModes = 0.1
    /// The excess over held-out data's divergence, in nats, above which missing bins are not an accident of small
    /// counts.
    static let missingDivergence = 0.1
    /// The excess above which the proportions are far off by themselves. Samples of poor quality fall into wrong bins;
    /// the more of them lie among real examples, the less this can explain.
    static func skewedDivergence(precision: Double) -> Double {
        0.15 - 0.07 * min(1, max(0, (precision - 0.6) / 0.4))
    }
    /// The same for samples of known quality: the closer they are to held-out real examples, the smaller the divergence
    /// that counts. Up to a quality of 0.6, crude samples explain as much as above; from 0.9 on, only chance does.
    static func skewedDivergence(precision: Double, quality: Double, noise: Double) -> Double {
        let crude = skewedDivergence(precision: precision)
        let fine = max(finestDivergence, 0.6 * noise)
        let nearness = min(1, max(0, (quality - 0.6) / 0.3))
        return min(crude, crude * pow(fine / crude, nearness))
    }
    /// For samples as good as real ones, the excess over the divergence of 95 % of held-out data above which modes are
    /// missing. Sets of 2,000 real images of all classes exceeded it by at most 0.002, sets without two of ten classes
    /// by at least 0.009.
    static let finestDivergence = 0.006
    /// The excess at which such samples have failed: about what leaving out two of ten classes causes (0.034 on
    /// average).
    static let failedDivergence = 0.03
    /// How close samples come to held-out real examples; 1 is as close. Lost modes reduce the coverage by their share,
    /// so coverage counts only below seven tenths of the held-out one.
    static func quality(precision: Double, heldOut: Double, coverage: Double, coverageHeldOut: Double) -> Double {
        min(precision / max(heldOut, 0.01), coverage / max(0.7 * coverageHeldOut, 0.01))
    }
    /// If real data diverges by more than this, there are too few samples.
    static let blurredDivergence = 0.05
    /// The divergence between two consecutive evaluations above which modes come and go.
    static let driftDivergence = 0.1
    /// Lost classes with at least this share of the data are a failure: two of ten classes, one of eight or fewer,
    /// three of twenty-five.
    static let lostClassMass = 0.12
    /// A class with less than this fraction of its due share is rare.
    static let rareClassShare = 1.0 / 3
    /// The share of samples that copy training examples, in excess of the share of real examples that count as copies.
    static let memorizedExcess = 0.1
    /// With a coverage below this, the samples do not look like the data.
    static let badCoverage = 0.08
    /// The same in the features of a classifier: about the level that the zoo's ground truth calls failed (1 in 15).
    static let badCoverageOfFeatures = 0.06
    /// With at least this coverage in features, the samples look like the data even if their pixels differ.
    static let fairCoverageOfFeatures = 0.12
    /// With a coverage above this, the samples look like the data, whatever the losses show.
    static let fairCoverage = 0.16
    /// With a precision below this, they do not.
    static let fairPrecision = 0.2
    /// If the data's modes are well separated, samples with a precision below this are of bad quality.
    static let badPrecisionOfModes = 0.3

    /// A distance such as FID has worsened permanently if it exceeds its best value by this factor; a score where
    /// higher is better, if it is lower than its best value by this factor.
    static let worsenedTimes = 1.5
    /// The number of newest scores that must all be that much worse than the best.
    static let worsenedScores = 3
    /// An FID above this that no longer falls means that the generator never learned (StudioGAN's failed runs on
    /// CIFAR-10 stay at 150 to 200; its healthy ones fall below 60).
    static let unlearnedFrechet = 100.0
    /// An inception score below this means that all samples look alike to the classifier, or like no class.
    static let unlearnedInception = 1.5
    /// The ratio of late to earlier scores above which a run no longer improves.
    static let unimproved = 0.9
    /// A newest score below this share of the best earlier one still counts as an improvement (public logs: FIDs from
    /// 249 to 237 at the end of eight).
    static let newBest = 0.97
    /// A loss whose values stay within this share of its level has stopped changing.
    static let frozenLoss = 1e-6
    /// The number of equal values that show this, and the number that suffices if the loss never changed and was not
    /// rounded to four decimals.
    static let equalLosses = 20
    static let equalUnroundedLosses = 8

    /// The number of samples from which the share of each of ten classes is known.
    static let manySamples = 1500.0
    /// The minimum number of scores that show a training that never learns.
    static let scoresOfNoLearning = 4
    /// The lowest level and the factor above it up to which a rising loss counts as calm.
    static let calmLoss = 0.7
    static let calmFactor = 1.3

    // MARK: - Severity

    /// The severity of a warning at its threshold, and the highest one: a warning never makes a run failed.
    static let lowestWarning = 0.3
    static let highestWarning = 0.45
    /// The severities of layer findings, from the cause to what may follow from it.
    static let (explodingLayer, poorInitialization, deadLayer) = (0.48, 0.46, 0.44)
    static let (saturatedLayer, stalledLayer, vanishingLayer) = (0.43, 0.42, 0.38)

    // MARK: - Alarm

    /// The number of further evaluations, or, without samples, of windows of steps, for which a failure must persist.
    static let alarmEvaluations = 6
    static let alarmWindows = 3 * persistence
    /// The minimum number of windows that those evaluations must span, because short runs are evaluated often.
    static let fewestAlarmWindows = 5

    // MARK: - Stretches

    /// The maximum number of consecutive windows that may differ within a stretch. A longer gap separates two
    /// stretches.
    static let longestGap = 4
    /// The share of the windows of a stretch that must satisfy its condition.
    static let heldShare = 0.8

    // MARK: - What samples cannot show

    /// The fraction of a lost class's divergence that bins of pixels show, for the pairs of classes that show least:
    /// for 2,000 real images without two of ten classes, the divergence was at least 0.013, out of 0.075 if each bin
    /// held one class.
    static let visibleShare = 0.17
    /// Samples with at least this crudeness hide lost classes: for GANs trained without one of ten classes, that class
    /// was named in about half of the cases.
    static let hidingCrudeness = 0.5

    // MARK: - Layers

    /// The number of layer probes for which a pattern must persist.
    static let looks = 3
    /// The share of a ReLU layer's units that are 0 for every example (AutoTrainer: 70 %; healthy layers have up to
    /// 0.38).
    static let deadUnits = 0.7
    /// The share of a LeakyReLU layer's units that are negative for every example. Such units still learn, so nearly
    /// all must be negative.
    static let negativeUnits = 0.9
    /// The share of the generator's output units that are saturated for every example.
    static let saturatedTanh = 0.95
    /// The share of the discriminator's logits whose sigmoid rounds to 0 or 1 (SageMaker Debugger: half of the units).
    static let saturatedSigmoid = 0.5
    /// The relative weight update below which a layer has stalled (SageMaker Debugger, WeightUpdateRatio).
    static let stalledRatio = 1e-8
    /// The same relative to the player's other layers, which lie within a factor of 30 of each other in healthy runs.
    static let stalledShare = 1e-3
    /// The norm below which a layer's gradient has vanished, and its share of the largest layer's norm (AutoTrainer;
    /// healthy layers have at least 0.004 of it).
    static let vanishedLayerGradient = 1e-4
    static let vanishedShare = 1e-3
    /// The relative weight update of a layer that is out of control (at most 0.07 in healthy runs).
    static let explodedRatio = 0.3
    /// The noise amplification of a layer that is out of control. A healthy discriminator's last layer reached 2.3 in
    /// 4,000 steps, and grows slowly.
    static let explodedGain = 30.0
    /// The factor by which a layer's gain grows within the first 20 steps if its updates are too large (at most 1.3 in
    /// healthy runs).
    static let grownGain = 3.0
    /// The range of gains with which layers start: from a standard deviation of 0.02 with two inputs (0.03) to He's
    /// initialization (1.4), with a margin.
    static let lowestStartingGain = 0.005
    static let highestStartingGain = 5.0
}
