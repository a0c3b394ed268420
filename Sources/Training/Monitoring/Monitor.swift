import Adversarial
public import Diagnostics
import Evaluation
import Foundation
public import Images
public import Measurements
public import Recipes
public import Runs
public import Torch

/// Monitors training: scores samples periodically, judges the series recorded so far, and reports when a failure
/// pattern appears or disappears.
///
/// It draws from its own random generators, so that a monitored run gives the same numbers as an unmonitored one.
public final class Monitor {
    public private(set) var history: History
    private let options: TrainingConfiguration.MonitorOptions
    private let probe: SampleProbe?
    private let latent: Tensor
    /// Draws the given number of latent vectors.
    private let inputs: (Int, RandomGenerator) throws -> Tensor
    /// The random seed of the additional latent vectors in the last evaluation.
    private let lastSeed: UInt64
    private var tracker = FindingTracker()
    private var alarm = Alarm()
    private var secondsSpent = 0.0
    private var start: ContinuousClock.Instant?

    /// - Parameters:
    ///   - probe: measures samples; without it, only the losses are judged.
    ///   - labels: the labels of the real examples; classes for a conditional generator are drawn in their proportions.
    public init(
        _ configuration: TrainingConfiguration, probe: SampleProbe?, labels: [Int]? = nil, device: Device
    ) throws {
        history = History(configuration)
        options = configuration.monitor
        self.probe = options.everyImages > 0 ? probe : nil
        // Use the same latent vectors every time, so that only the generator changes.
        let seed = UInt64(configuration.seed) &+ 0x9E37_79B9
        lastSeed = seed &+ 1
        let labels = configuration.network.classes > 0 ? labels : nil
        inputs = { count, generator in
            let classes = try labels.map { labels in
                let chosen: [Int64] = try Tensor.randomIntegers(0..<labels.count, [count], from: generator).values()
                return chosen.map { labels[Int($0)] }
            }
            return try LatentSpace(configuration.network).inputs(
                count, classes: classes, device: device, from: generator)
        }
        latent = try inputs(options.samples, RandomGenerator(seed: seed))
    }

    /// Restores the measurements and findings recorded by a run before it is resumed.
    ///
    /// - Parameter wasFailed: whether the run was already reported as failed, so the alarm is not raised again for the
    ///   same failure.
    public func restore(_ measurements: [StepRecord], findings: [FindingRecord], wasFailed: Bool = false) {
        for measurement in measurements { history.append(measurement) }
        tracker.restore(findings)
        guard Diagnosis(history, state: .running(isAlarmed: false)).isFailing else { return }
        if wasFailed {
            alarm.acknowledge()
        } else {
            let failures = tracker.records.filter { $0.finding.isFailure }
            alarm.resume(since: failures.map(\.openedStep).min() ?? history.lastStep, history)
        }
    }

    /// Whether a failure has persisted since training started or was resumed.
    public var hasFailed: Bool { alarm.isRinging }

    /// The step before which training was healthy, before the oldest current failure; `nil` if there is none.
    public var onsetOfFailure: Int? { tracker.onsetOfFailure }

    /// The steps before which training was healthy, one per open finding; warnings are included since they may become
    /// failures.
    var onsets: [Int] { tracker.onsets }

    /// Returns the earliest step to which a new finding could be dated back; training counts as healthy before it.
    func nextOnset(at step: Int) -> Int { history.earliestNewOnset - judgmentInterval(at: step) }

    /// The open findings.
    public var findings: [Finding] { tracker.records.map(\.finding) }

    /// Records the values of a trained step.
    public func receive(_ measurement: StepRecord) {
        if start == nil { start = .now }
        history.append(measurement)
        prepareClasses()
    }

    /// Continues to prepare the network that measures samples for a moment, if the evaluations left time in the budget.
    private func prepareClasses() {
        guard let probe, probe.isTrainingNetwork, timeLeft > 0 else { return }
        let start = ContinuousClock.now
        probe.prepare(for: 0.001)
        secondsSpent += (ContinuousClock.now - start) / .seconds(1)
    }

    /// The seconds that monitoring may currently take from training.
    private var timeLeft: Double {
        guard let start else { return 0 }
        return options.budget * ((ContinuousClock.now - start) / .seconds(1)) - secondsSpent
    }

    /// The distribution of the newest scored samples over the data's classes; `nil` without labels.
    public var classes: ClassRecord? { history.classes }

    /// Whether samples should be scored after a step on `batch` images: after every `everyImages` images, or after a
    /// fixed share of a short run, provided that the time budget is not exceeded.
    public func isEvaluationDue(at position: TrainingPosition, batch: Int, of plan: TrainingPlan) -> Bool {
        // The last step has its own evaluation.
        guard probe != nil, let start, position.step < plan.totalSteps else { return false }
        func hasPassed(_ every: Int) -> Bool {
            position.imagesSeen / every != (position.imagesSeen - batch) / every
        }
        // Samples of the first steps are not meaningful, so save a short run's budget for later ones.
        let isShare = position.step > History.settlingSteps && share(of: plan).map(hasPassed) == true
        guard hasPassed(options.everyImages) || isShare else { return false }
        return secondsSpent <= options.budget * ((ContinuousClock.now - start) / .seconds(1))
    }

    /// Returns the number of images between two evaluations that gives the planned number of evaluations; `nil` if no
    /// number is set or the run length is unlimited.
    private func share(of plan: TrainingPlan) -> Int? {
        let (images, overflow) = plan.totalSteps.multipliedReportingOverflow(by: plan.batchSize)
        return options.evaluations > 0 && !overflow ? max(1, images / options.evaluations) : nil
    }

    /// Whether the samples of a run that ends here should still be scored: always for a finished run, and for a stopped
    /// run if none were scored before.
    public func isLastEvaluationDue(at position: TrainingPosition, of plan: TrainingPlan) -> Bool {
        guard probe != nil, position.step > 0 else { return false }
        let newest = history.windows(.diversity).last?.lastStep
        return position.step >= plan.totalSteps ? newest != position.step : newest == nil
    }

    /// Scores samples of the generator; returns `nil` without a probe.
    ///
    /// - Parameters:
    ///   - isLast: whether training ends here. More samples are then generated, to measure the class shares precisely.
    ///   - generate: generates examples, `[count] + exampleShape`, from latent vectors, `[count, latent]`, with batch
    ///     norm's running statistics.
    public func evaluate(
        at position: TrainingPosition, isLast: Bool = false, _ generate: (Tensor) throws -> Tensor
    ) throws -> StepRecord? {
        guard let probe else { return nil }
        // Loading an existing classifier happens once, like the bins, and does not count toward the time budget.
        probe.prepare(for: 0)
        let start = ContinuousClock.now
        defer { secondsSpent += (ContinuousClock.now - start) / .seconds(1) }
        func samples(_ latent: Tensor, _ range: Range<Int>) throws -> Tensor {
            try generate(latent.slice(range))
        }
        func batches(_ count: Int) -> [Range<Int>] {
            stride(from: 0, to: count, by: 64).map { $0..<min($0 + 64, count) }
        }
        let made = try Tensor.concatenate(batches(options.samples).map { try samples(latent, $0) })
        var missing = isLast ? batches(max(0, ClassMeter.enoughSamples - options.samples)) : []
        let others = try missing.last.map { try inputs($0.upperBound, RandomGenerator(seed: lastSeed)) }
        let values = try probe.measure(
            made,
            and: {
                guard let others, !missing.isEmpty else { return nil }
                return try samples(others, missing.removeFirst())
            }, preparingFor: max(0, timeLeft))
        let measurement = StepRecord(
            step: position.step, epoch: position.epoch, imagesSeen: position.imagesSeen,
            wallTime: Date().timeIntervalSince1970, values: values)
        history.append(measurement)
        history.classes = probe.classes(at: position.step)
        return measurement
    }

    /// Returns the distribution of the newest scored samples over the data's bins; `nil` without a probe.
    public func bins(at step: Int) -> BinRecord? { probe?.bins(at: step) }

    /// Returns the centers of those bins, ten per row; `nil` for data that is not images.
    public func binCenters() -> PixelImage? { (try? probe?.binCenters()) ?? nil }

    /// Whether the series should be judged after a step: at the end of each window, less often as the run grows long.
    public func isJudgmentDue(at step: Int) -> Bool { step % judgmentInterval(at: step) == 0 }

    private func judgmentInterval(at step: Int) -> Int { History.stepsPerWindow * (1 + step / 5000) }

    /// Judges the series recorded so far; returns the diagnosis, the findings opened or closed since the last judgment,
    /// and whether the run has just failed.
    public func judge(
        at step: Int
    ) -> (diagnosis: Diagnosis, news: [(record: FindingRecord, image: PixelImage?)], isAlarm: Bool) {
        var diagnosis = Diagnosis(history, state: .running(isAlarmed: alarm.isRinging))
        let wasRinging = alarm.isRinging
        alarm.receive(diagnosis, of: history)
        if alarm.isRinging != wasRinging {
            diagnosis = Diagnosis(history, state: .running(isAlarmed: alarm.isRinging))
        }
        let news = tracker.receive(diagnosis, at: step, earliestOnset: nextOnset(at: step))
        return (diagnosis, news.map(illustrated), alarm.isRinging && !wasRinging)
    }

    /// Returns the final diagnosis, with the current findings and those that have disappeared.
    public func conclude(at step: Int) -> (
        diagnosis: Diagnosis, findings: [(record: FindingRecord, image: PixelImage?)]
    ) {
        let diagnosis = Diagnosis(history)
        return (diagnosis, tracker.concluded(diagnosis, at: step).map(illustrated))
    }

    /// An image is only an illustration: if it fails, the finding is still reported.
    private func image(of pattern: Pattern) -> PixelImage? { (try? probe?.image(of: pattern)) ?? nil }

    private func illustrated(_ news: FindingTracker.News) -> (record: FindingRecord, image: PixelImage?) {
        (news.record, news.isNew ? image(of: news.record.finding.pattern) : nil)
    }
}
