import Adversarial
public import Diagnostics
import Evaluation
import Foundation
public import Images
public import Measurements
public import Recipes
public import Runs
public import Torch

/// Watches a training while it runs: scores samples now and then, judges the series so far, and says when a failure pattern
/// appears and when it is gone.
///
/// It draws from random generators of its own, so that a training that is watched gives the same numbers as one that is not.
public final class Monitor {
    public private(set) var history: History
    private let options: TrainingConfiguration.MonitorOptions
    private let probe: SampleProbe?
    private let latent: Tensor
    /// Draws that many latent vectors.
    private let inputs: (Int, RandomGenerator) throws -> Tensor
    /// The seed of the latent vectors of the last evaluation alone.
    private let lastSeed: UInt64
    private var open: [Pattern: OpenFinding] = [:]
    private var alarm = Alarm()
    private var secondsSpent = 0.0
    private var start: ContinuousClock.Instant?

    /// A finding that holds.
    private struct OpenFinding {
        var record: FindingRecord
        /// How many judgements in a row it was absent from.
        var absences = 0
        /// The step up to which the training was well, as far as is known. It stays where it was when the finding opened, though its
        /// dates may move.
        let onset: Int
    }

    /// How many judgements in a row a pattern must be absent from before it is called gone.
    private static let absencesToClose = 5

    /// - Parameters:
    ///   - probe: without it only the losses are judged.
    ///   - labels: of the real examples, in whose proportions a generator that is told classes is asked for them.
    public init(
        _ configuration: TrainingConfiguration, probe: SampleProbe?, labels: [Int]? = nil, device: Device
    ) throws {
        history = History(configuration)
        options = configuration.monitor
        self.probe = options.everyImages > 0 ? probe : nil
        // The same latent vectors every time, so that what changes is the generator.
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

    /// Takes up what a run had recorded, before it goes on.
    ///
    /// - Parameter wasFailed: whether it was said to have failed: who goes on with it then knows.
    public func restore(_ measurements: [StepRecord], findings: [FindingRecord], wasFailed: Bool = false) {
        for measurement in measurements { history.append(measurement) }
        for record in findings where record.closedStep == nil {
            open[record.finding.pattern] = OpenFinding(record: record, onset: record.finding.earliestOnset)
        }
        guard Diagnosis(history, state: .running(isAlarmed: false)).isFailing else { return }
        if wasFailed {
            alarm.acknowledge()
        } else {
            let failures = open.values.map(\.record).filter { $0.finding.isFailure }
            alarm.resume(since: failures.map(\.openedStep).min() ?? history.lastStep, history)
        }
    }

    /// Whether a failure has lasted since the training began or was resumed.
    public var hasFailed: Bool { alarm.isRinging }

    /// The step before which the training was well, before the oldest failure that is seen now; `nil` if there is none.
    public var onsetOfFailure: Int? {
        open.values.filter { $0.record.finding.isFailure }.map(\.onset).min()
    }

    /// The steps before which the training was well, as far as findings that are open tell, warnings too: one may become a failure.
    var onsets: [Int] { open.values.map(\.onset) }

    /// The step before which the training was well, before whatever is found next: it is dated back to where it began.
    func nextOnset(at step: Int) -> Int { history.earliestNewOnset - judgementInterval(at: step) }

    /// The findings that are open.
    public var findings: [Finding] { open.values.map(\.record.finding).sorted { $0.severity > $1.severity } }

    /// Takes the values of a step that was trained.
    public func receive(_ measurement: StepRecord) {
        if start == nil { start = .now }
        history.append(measurement)
        prepareClasses()
    }

    /// Goes on with the network by which samples will be measured for a moment, while there is time that the evaluations have not taken.
    private func prepareClasses() {
        guard let probe, probe.isTrainingNetwork, timeLeft > 0 else { return }
        let start = ContinuousClock.now
        probe.prepare(for: 0.001)
        secondsSpent += (ContinuousClock.now - start) / .seconds(1)
    }

    /// The seconds that may be taken from the training now.
    private var timeLeft: Double {
        guard let start else { return 0 }
        return options.budget * ((ContinuousClock.now - start) / .seconds(1)) - secondsSpent
    }

    /// How the newest scored samples spread over the data's classes; `nil` without labels.
    public var classes: ClassRecord? { history.classes }

    /// Whether samples are to be scored after a step on `batch` images: when another `everyImages` have been seen, or another
    /// share of a short training, and the evaluations have not taken more than their share of the time.
    public func isEvaluationDue(at position: TrainingPosition, batch: Int, of plan: TrainingPlan) -> Bool {
        // The last step has an evaluation of its own.
        guard probe != nil, let start, position.step < plan.totalSteps else { return false }
        func hasPassed(_ every: Int) -> Bool {
            position.imagesSeen / every != (position.imagesSeen - batch) / every
        }
        // Samples of the first steps decide nothing, so a short training's budget is kept for later ones.
        let isShare = position.step > History.settlingSteps && share(of: plan).map(hasPassed) == true
        guard hasPassed(options.everyImages) || isShare else { return false }
        return secondsSpent <= options.budget * ((ContinuousClock.now - start) / .seconds(1))
    }

    /// How many images pass between two evaluations if a training gets as many as it is to get; `nil` if that is left open.
    private func share(of plan: TrainingPlan) -> Int? {
        let (images, overflow) = plan.totalSteps.multipliedReportingOverflow(by: plan.batchSize)
        return options.evaluations > 0 && !overflow ? max(1, images / options.evaluations) : nil
    }

    /// Whether the samples of a training that ends here are still to be scored: those of a finished one in any case, those of one
    /// that was stopped if none were scored before.
    public func isLastEvaluationDue(at position: TrainingPosition, of plan: TrainingPlan) -> Bool {
        guard probe != nil, position.step > 0 else { return false }
        let newest = history.windows(.diversity).last?.lastStep
        return position.step >= plan.totalSteps ? newest != position.step : newest == nil
    }

    /// Scores what the generator makes; `nil` without a probe.
    ///
    /// - Parameters:
    ///   - isLast: whether the training ends here. Then more samples are made, so that the shares of the classes are known well.
    ///   - generate: makes examples, `[count] + exampleShape`, from latent vectors, `[count, latent]`, with batch norm's gathered statistics.
    public func evaluate(
        at position: TrainingPosition, isLast: Bool = false, _ generate: (Tensor) throws -> Tensor
    ) throws -> StepRecord? {
        guard let probe else { return nil }
        // A classifier that is there already is taken up once, like the bins; that is not charged to the evaluations.
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

    /// How the newest scored samples spread over the data's bins; `nil` without a probe.
    public func bins(at step: Int) -> BinRecord? { probe?.bins(at: step) }

    /// The centres of those bins, in rows of ten; `nil` for data that are no pictures.
    public func binCentres() -> PixelImage? { (try? probe?.binCentres()) ?? nil }

    /// Whether the series are to be judged after a step: whenever a window is full, less often as the run grows long.
    public func isJudgementDue(at step: Int) -> Bool { step % judgementInterval(at: step) == 0 }

    private func judgementInterval(at step: Int) -> Int { History.stepsPerWindow * (1 + step / 5000) }

    /// Judges the series so far; answers with the diagnosis, with what has opened or closed since the last time, and whether the
    /// training has failed now.
    public func judge(
        at step: Int
    ) -> (diagnosis: Diagnosis, news: [(record: FindingRecord, picture: PixelImage?)], isAlarm: Bool) {
        var diagnosis = Diagnosis(history, state: .running(isAlarmed: alarm.isRinging))
        let wasRinging = alarm.isRinging
        alarm.receive(diagnosis, of: history)
        if alarm.isRinging != wasRinging {
            diagnosis = Diagnosis(history, state: .running(isAlarmed: alarm.isRinging))
        }
        return (diagnosis, news(diagnosis, at: step), alarm.isRinging && !wasRinging)
    }

    /// What is said at the end: the diagnosis, the findings that hold, as they are now, and those that are gone.
    public func conclude(at step: Int) -> (
        diagnosis: Diagnosis, findings: [(record: FindingRecord, picture: PixelImage?)]
    ) {
        let diagnosis = Diagnosis(history)
        let found = diagnosis.findings.map { finding in
            let known = open[finding.pattern]
            return (
                record: FindingRecord(finding: finding, openedStep: known?.record.openedStep ?? step),
                picture: known == nil ? picture(of: finding.pattern) : nil
            )
        }
        let patterns = Set(diagnosis.findings.map(\.pattern))
        let gone = open.filter { !patterns.contains($0.key) }.values.map { known in
            var record = known.record
            record.closedStep = step
            return (record: record, picture: PixelImage?.none)
        }
        return (diagnosis, gone + found)
    }

    /// A picture helps, but its failure is no reason to keep a finding back.
    private func picture(of pattern: Pattern) -> PixelImage? { (try? probe?.picture(of: pattern)) ?? nil }

    private func news(_ diagnosis: Diagnosis, at step: Int) -> [(record: FindingRecord, picture: PixelImage?)] {
        let found = Dictionary(diagnosis.findings.map { ($0.pattern, $0) }) { first, _ in first }
        var news: [(record: FindingRecord, picture: PixelImage?)] = []
        for (pattern, finding) in found.sorted(by: { $0.value.severity > $1.value.severity }) {
            if let known = open[pattern] {
                let record = FindingRecord(finding: finding, openedStep: known.record.openedStep)
                open[pattern] = OpenFinding(record: record, onset: known.onset)
                // What was a warning and is a failure now is news again.
                if !known.record.finding.isFailure, finding.isFailure { news.append((record, nil)) }
            } else {
                let record = FindingRecord(finding: finding, openedStep: step)
                // What grows slowly is dated back to where all was calm; up to where it could have been found it was not.
                open[pattern] = OpenFinding(record: record, onset: max(finding.earliestOnset, nextOnset(at: step)))
                news.append((record, picture(of: pattern)))
            }
        }
        for (pattern, known) in open where found[pattern] == nil {
            guard known.absences + 1 >= Monitor.absencesToClose else {
                open[pattern]?.absences += 1
                continue
            }
            var record = known.record
            record.closedStep = step
            open[pattern] = nil
            news.append((record, nil))
        }
        return news
    }
}
