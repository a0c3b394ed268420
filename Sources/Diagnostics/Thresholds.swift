import Foundation

/// The numbers that the rules compare with, in one place. Where a source says so the value is the source's; the others were
/// set on the calibration seeds of `Recipes/zoo` and are measured on others, see `Documentation/diagnosis.md`.
enum Thresholds {
    /// How many windows of 20 steps a loss pattern must last.
    static let persistence = 10
    /// The windows of losses from which on they can earn a verdict: those that a training may take to settle, and those that a pattern lasts.
    static let enoughWindows = 20
    /// The newest windows, in which the losses of a healthy training break no threshold.
    static let newestWindows = 3
    /// How many evaluations a pattern of samples must last.
    static let evaluations = 2
    /// The windows that a training may take to settle: the first steps of a sound one look like many failures.
    static let settling = 10

    /// The sum of a won discriminator's losses (convergence failure in Brownlee's "How to Identify and Diagnose GAN
    /// Failure Modes": it tends to 0).
    static let wonLossDiscriminator = 0.1
    /// The same where losses are all that is known. Sums of 0.01 to 0.1 are common in sound trainings (public logs, see
    /// `Documentation/diagnosis.md`); under this a discriminator's answers are as sure as single numbers can be.
    static let wonLossAlone = 0.001
    /// What a beaten generator's cross-entropy is at the least: −log 0.02.
    static let beatenLossGenerator = 4.0

    /// The probability from which on an answer is sure: that of a won discriminator's losses, and that at which a generator is beaten.
    static let wonProbability = 0.98
    /// The same where losses and answers are all that is known.
    static let wonProbabilityAlone = 0.9995
    /// A discriminator that gives fakes this probability calls everything real (figure 12 of the article).
    static let frozenProbability = 0.95

    /// The sum of the losses of a discriminator that is beaten: twice what guessing costs.
    static let beatenLossDiscriminator = 2 * chanceLossDiscriminator
    /// The cross-entropy of a generator whose samples are taken for real nearly always: −log 0.8.
    static let foolingLossGenerator = 0.22
    /// How near to those of guessing all losses are of a discriminator that answers nothing but 0.5.
    static let chanceMargin = 0.002
    /// How near to those of guessing losses are, in proportion, that say nothing about who is ahead.
    static let chanceLevel = 0.01

    /// A discriminator that is right about more than this share of the examples is right about all of them.
    static let perfectAccuracy = 0.99
    /// How far the accuracy of a discriminator that gives one answer to everything may be from one half.
    static let constantAccuracy = 0.005
    /// The fewest values that show such an accuracy.
    static let enoughAccuracies = 10
    /// The losses of such a discriminator are at least this share of those of guessing.
    static let guessingShare = 0.8

    /// A probability over this, or under one minus this, is a clear answer.
    static let sureAnswer = 0.7

    /// Losses of both players under this are zero (the article: "losses dropping to zero").
    static let vanishedLoss = 0.05

    /// The sum of the cross-entropies of two answers that are wrong and as sure as can be: −log 10⁻⁷ each, where a 32-bit number can hardly
    /// tell the probability from 0 any more. A balanced game has 2.1.
    static let explodedLosses = 32.0
    /// A loss without a known scale that has grown so many times, and over so much, has run away.
    static let runawayTimes = 1000.0
    static let runawayLoss = 10_000.0
    /// Above this, a loss of any objective has exploded; one row is enough.
    static let explodedLoss = 1e12

    /// The sum of a discriminator's losses that knows nothing: 2 log 2.
    static let chanceLossDiscriminator = 1.39

    /// How many times its calm level a rising generator loss reaches.
    static let risenTimes = 2.0
    /// Kendall's rank correlation of a loss that rises steadily.
    static let risenCorrelation = 0.6

    /// The deviation of window means around their trend, in proportion to their mean, of a loss that swings.
    static let swing = 0.3

    /// Norms over 100 mean that things are out of hand (ganhacks, tip 10).
    static let explodedGradient = 100.0
    /// How many times its calm level an exploded norm is, where the calm level is itself high.
    static let explodedTimes = 20.0
    /// A norm that is too large whatever the network's calm level is.
    static let hugeGradient = 1e4
    /// The norm of a generator's gradient that no longer moves anything.
    static let vanishedGradient = 1e-3

    /// Samples less diverse than this share of the data are all alike.
    static let collapsedDiversity = 0.5
    /// More near-duplicates than this are repeated pictures; real data has 0.01.
    static let repeatedShare = 0.3
    /// From this share on, repeated pictures are a failure even if few bins are missing (foreign zoo, seeds 104 to 202: healthy runs up to 0.10,
    /// disputed ones 0.35 to 0.74, collapsed ones from 0.88 on).
    static let repeatedEverywhere = 0.8
    /// The share of bins that are missing when modes are lost. Crude images of every class miss up to 0.27 (zoo, seeds 41 to 53).
    static let missingShare = 0.3
    /// The share of modes that are missing, where the data's modes lie apart.
    static let missingModes = 0.1
    /// How much more the proportions diverge than held-out data's, in nats, when missing bins are no accident of small counts.
    static let missingDivergence = 0.1
    /// How much more they diverge when they are far off by themselves. Samples of poor quality fall into wrong bins; the more of
    /// them lie among real examples, the less can that explain.
    static func skewedDivergence(precision: Double) -> Double {
        0.15 - 0.07 * min(1, max(0, (precision - 0.6) / 0.4))
    }
    /// The same for samples of a known quality: the nearer they come to held-out real examples, the smaller the divergence that counts. Up to
    /// a quality of 0.6 crude strokes explain as much as above; from 0.9 on nothing but chance does.
    static func skewedDivergence(precision: Double, quality: Double, noise: Double) -> Double {
        let crude = skewedDivergence(precision: precision)
        let fine = max(finestDivergence, 0.6 * noise)
        let nearness = min(1, max(0, (quality - 0.6) / 0.3))
        return min(crude, crude * pow(fine / crude, nearness))
    }
    /// How much more the proportions of samples as good as real ones diverge than 95 % of held-out data's, when modes are missing. Of 2,000 real
    /// images of all classes none diverged by more than 0.002, without two of ten classes by 0.009 at the least.
    static let finestDivergence = 0.006
    /// With this much more they fail: about what two of ten classes that are left out cause (0.034 in the mean).
    static let failedDivergence = 0.03
    /// How near samples come to held-out real examples: 1 is as near. Where modes are lost coverage falls with their share, so that it counts
    /// only under seven tenths.
    static func quality(precision: Double, heldOut: Double, coverage: Double, coverageHeldOut: Double) -> Double {
        min(precision / max(heldOut, 0.01), coverage / max(0.7 * coverageHeldOut, 0.01))
    }
    /// Proportions of real data that diverge more than this come of samples that are too few.
    static let blurredDivergence = 0.05
    /// The divergence between two evaluations in a row when modes come and go.
    static let driftDivergence = 0.1
    /// Lost classes that make up this share of the data are a failure: two of ten classes, one of eight or fewer, three of twenty-five.
    static let lostClassMass = 0.12
    /// A class with less than this share of what it should have is rare.
    static let rareClassShare = 1.0 / 3
    /// Copies of training examples, over the share of real examples that count as copies.
    static let memorizedExcess = 0.1
    /// Samples that have fewer real examples than this near them, as a share of all, do not look like the data.
    static let badCoverage = 0.08
    /// The same in the features of a classifier: about what the truth of the zoo calls failed (1 in 15).
    static let badCoverageOfFeatures = 0.06
    /// With this much in features, samples look like the data though their pixels may lie apart.
    static let fairCoverageOfFeatures = 0.12
    /// With more than this the samples look like the data, whatever the losses say.
    static let fairCoverage = 0.16
    /// With fewer than this share of the samples among real examples they do not.
    static let fairPrecision = 0.2
    /// Where the data's modes lie apart, samples of which fewer than this lie in one are of bad quality.
    static let badPrecisionOfModes = 0.3

    /// How many times its best value a distance such as FID is when it has worsened for good; a score that should be high is that
    /// many times lower.
    static let worsenedTimes = 1.5
    /// How many of the newest scores must be that much worse than the best.
    static let worsenedScores = 3
    /// An FID over this, which no longer falls, is one of a generator that never learned (StudioGAN's failed trainings on CIFAR-10
    /// stay at 150 to 200, its sound ones come under 60).
    static let unlearnedFrechet = 100.0
    /// An inception score under this says that all samples look alike to the classifier, or like nothing.
    static let unlearnedInception = 1.5
    /// Scores at the end as a share of those in the middle, when a training no longer improves.
    static let unimproved = 0.9
    /// A newest score under this share of the best before it still improves (public logs: FIDs from 249 to 237 at the end of eight).
    static let newBest = 0.97
    /// A loss whose values lie within this share of its level has stopped.
    static let frozenLoss = 1e-6
    /// How many equal values show it, and how many do if the loss never changed and was not rounded to four decimals.
    static let equalLosses = 20
    static let equalUnroundedLosses = 8

    // MARK: - Layers

    /// How many looks into the layers a pattern must last.
    static let looks = 3
    /// The share of a ReLU layer's units that are 0 for every example (AutoTrainer: 70 %; sound layers have up to 0.38).
    static let deadUnits = 0.7
    /// The share of a LeakyReLU layer's units that are negative for every example; they still learn, so that nearly all must be.
    static let negativeUnits = 0.9
    /// The share of the generator's output units that are saturated for every example.
    static let saturatedTanh = 0.95
    /// The share of the discriminator's logits whose sigmoid rounds to 0 or 1 (SageMaker Debugger: half of the units).
    static let saturatedSigmoid = 0.5
    /// How far a step moves a layer that stands still, in proportion to its weights (SageMaker Debugger, WeightUpdateRatio).
    static let stalledRatio = 1e-8
    /// The same in proportion to the player's other layers, which lie within 30 times of each other in sound runs.
    static let stalledShare = 1e-3
    /// The norm of a layer's gradient that was lost on its way, and its share of the largest layer's (AutoTrainer; sound layers have 0.004 of it or more).
    static let vanishedLayerGradient = 1e-4
    static let vanishedShare = 1e-3
    /// How far a step moves a layer that is out of hand (at most 0.07 in sound runs).
    static let explodedRatio = 0.3
    /// How many times a layer amplifies noise that is out of hand. A sound discriminator's last layer reached 2.3 in 4,000 steps, and grows slowly.
    static let explodedGain = 30.0
    /// How many times its starting gain a layer has within the first 20 steps that moves too far (at most 1.3 in sound runs).
    static let grownGain = 3.0
    /// The gains with which layers start: from deviations of 0.02 with two inputs (0.03) to He's (1.4), with room for others.
    static let lowestStartingGain = 0.005
    static let highestStartingGain = 5.0
}
