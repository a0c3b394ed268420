public import Adversarial
public import Datasets
import Foundation
import Measurements
import Networks
public import Recipes
public import Runs
public import Torch

/// Trains the game described by a configuration and notifies observers of events.
///
/// On the CPU, the same configuration gives the same numbers, and a run resumed from a checkpoint matches an
/// uninterrupted one bit for bit. Random draws follow the order of a plain PyTorch script: `manual_seed`, the
/// generator's and the discriminator's parameters, the fixed noise of the sample sheets, then one order of the data per
/// epoch and the noise of each update; each further update of the discriminator first draws the positions of its real
/// examples.
public final class Trainer {
    public let configuration: TrainingConfiguration
    public let device: Device
    public let game: Game
    public let data: any Dataset
    public internal(set) var position = TrainingPosition()

    /// The store for checkpoints; without it, none are saved.
    public var checkpoints: CheckpointStore?
    /// The monitor that watches training, if there is one.
    public var monitor: Monitor?
    /// Whether a finding that marks the run as failed ends it.
    public var stopsOnFailure = false
    /// Flushes everything recorded so far before a checkpoint is saved. If it throws, the checkpoint is not saved,
    /// since a checkpoint newer than its series would leave a gap in them.
    public var secureRecords: () throws -> Void = {}
    /// Inspects the layers while the monitor is active.
    var layerProbe: LayerProbe?
    let painter: SheetPainter
    var sampler: EpochSampler
    var epochMeans = EpochMeans()
    var fixedNoise: Tensor
    /// The averaged generator that generates the samples, if it is not the trained one itself.
    private(set) var average: ExponentialMovingAverage?
    /// The class of each example for conditional networks.
    let classes: Tensor?
    private let networks: any NetworkFactory
    private var observers: [any TrainingObserver] = []
    /// The errors of observers that were reported.
    private var observerProblems: Set<String> = []
    private var lastBatch = 0
    private var lastCheckpoint = ContinuousClock.now
    private var hasShownBins = false
    /// The step of this run's newest checkpoint on disk.
    var newestCheckpointStep: Int?

    /// - Parameters:
    ///   - configuration: a complete and validated configuration.
    ///   - data: the real examples, on `device`.
    ///   - custom: a program's own networks, in place of those of the configuration, whose `network.architecture`
    ///     becomes `custom`.
    public init(
        _ requested: TrainingConfiguration, data: any Dataset, device: Device, networks custom: CustomNetworks? = nil
    ) throws {
        var configuration = requested
        if custom != nil { configuration.network.architecture = .custom }
        self.configuration = configuration
        self.data = data
        self.device = device
        classes = try Trainer.classes(of: data, count: configuration.network.classes)?.to(device)
        networks =
            try custom.map {
                CustomNetworkFactory(networks: $0, isSpectrallyNormalized: configuration.network.spectralNorm)
            } ?? NetworkPlan(configuration.network, exampleShape: data.exampleShape, device: device)
        try seedRandomNumbers(UInt64(configuration.seed))
        game = try Game(configuration, networks: networks, exampleShape: data.exampleShape, device: device)
        fixedNoise = try game.rules.latent.inputs(configuration.samples.count, device: device)
        if configuration.training.exponentialMovingAverage > 0 {
            // The average starts with a copy of the generator's parameters. Its own initial draws are discarded and
            // must not affect the random sequence.
            let networks = networks
            average = try ExponentialMovingAverage(
                of: game.generator.network, into: withSeededRandomNumbers(0) { try networks.generator() },
                decay: configuration.training.exponentialMovingAverage)
        }
        sampler = try EpochSampler(count: data.count, batchSize: configuration.training.batchSize)
        painter = try SheetPainter(data)
        if custom != nil {
            try game.checkShapes(data, input: fixedNoise)
            try game.checkPenalties(configuration)
        }
    }

    /// Returns the class of each example, int64 `[count]`; `nil` for unconditional networks.
    private static func classes(of data: any Dataset, count: Int) throws -> Tensor? {
        guard count > 0 else { return nil }
        guard let labels = data.labels, let largest = labels.max() else {
            throw ConfigurationError.invalid(
                "network.classes", "\(count)", allowed: "0, since the data has no labels (\(data.summary))")
        }
        guard largest < count else {
            throw ConfigurationError.invalid(
                "network.classes", "\(count)",
                allowed: "at least \(largest + 1), since the labels of the data go up to \(largest)")
        }
        return try Tensor(labels.map(Int64.init))
    }

    public func observe(_ observer: any TrainingObserver) { observers.append(observer) }

    public var plan: TrainingPlan {
        let perEpoch = sampler.batchesPerEpoch
        let (all, overflow) = perEpoch.multipliedReportingOverflow(by: configuration.training.epochs)
        let limit = configuration.training.maxSteps > 0 ? configuration.training.maxSteps : .max
        return TrainingPlan(
            stepsPerEpoch: perEpoch, totalSteps: min(overflow ? .max : all, limit),
            batchSize: configuration.training.batchSize)
    }

    /// Trains to the end of the plan, or until `isStopRequested` returns true after a step. Either way the state is
    /// saved; if that fails, the run counts as failed and can be resumed.
    public func run(isStopRequested: () -> Bool = { false }) throws -> RunOutcome {
        let plan = plan
        tell(.started(plan, at: position))
        warnOfLongWarmUp()
        makeLayerProbe()
        // Save what was adopted from another run, so that it is not lost if that run is removed.
        if position.step > 0, newestCheckpointStep == nil { saveCheckpoint() }
        while position.step < plan.totalSteps {
            do {
                try step()
            } catch {
                tell(.ended(.failed("\(error)"), at: position))
                throw error
            }
            if sampler.isAtEpochEnd { endEpoch() }
            if isSheetDue { sample() }
            watch()
            if isCheckpointDue { saveCheckpoint() }
            guard !isStopRequested() else { break }
            if hasFailed {
                // A current sample sheet shows what went wrong.
                if !isSheetDue { sample() }
                break
            }
        }
        var outcome: RunOutcome = position.step < plan.totalSteps ? .stopped : .finished
        if newestCheckpointStep != position.step { saveCheckpoint() }
        if checkpoints != nil, newestCheckpointStep != position.step {
            outcome = .failed("The state after step \(position.step) could not be saved.")
        }
        conclude()
        tell(.ended(outcome, at: position))
        return outcome
    }

    /// Trains one step on the next batch.
    private func step() throws {
        let start = ContinuousClock.now
        let (real, condition) = try reals(sampler.next())
        let batch = real.shape[0]
        setLearningRates()
        prepareToInspect()
        // Each update of the discriminator uses different examples, drawn at random (Goodfellow et al. 2014, arXiv
        // 1406.2661, algorithm 1).
        let further = { try self.reals(Tensor.randomIntegers(0..<self.data.count, [batch])) }
        var values = try game.step(real, classes: condition, number: position.step + 1, further: further).read()
        try average?.update(step: position.step + 1)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        values.append((SeriesName.imagesPerSecond.rawValue, Double(batch) / max(seconds, 1e-9)))

        position.step += 1
        position.epoch = sampler.state.epoch
        position.imagesSeen += batch
        let measurement = StepRecord(
            step: position.step, epoch: position.epoch, imagesSeen: position.imagesSeen,
            wallTime: Date().timeIntervalSince1970, values: values.map { (SeriesName($0.name), $0.value) })
        epochMeans.add(measurement)
        monitor?.receive(measurement)
        lastBatch = batch
        tell(.stepped(measurement))
        inspect()
        try game.timer?.mark(.recording)
    }

    /// Returns the real examples at the given positions, with their classes for conditional networks.
    private func reals(_ indices: Tensor) throws -> Game.Reals {
        let examples = try data.examples(indices)
        let condition = try classes.map { try game.rules.latent.oneHot($0.gathering(indices.to($0.device))) }
        try game.timer?.mark(.data)
        return (examples, condition)
    }

    private func warnOfLongWarmUp() {
        let steps = plan.totalSteps
        for (name, player) in [
            ("generator", configuration.optimizer.generator), ("discriminator", configuration.optimizer.discriminator),
        ] where player.warmUp >= steps {
            tell(
                .warning(
                    "The key “optimizer.\(name).warmUp” (\(player.warmUp)) is not less than the \(steps) steps of the run, so the "
                        + "learning rate never reaches “optimizer.\(name).learningRate”; reduce the warm-up.",
                    at: position))
        }
    }

    /// Sets both players' learning rates for the next step.
    private func setLearningRates() {
        let options = configuration.optimizer
        for (player, options) in [(game.generator, options.generator), (game.discriminator, options.discriminator)] {
            let schedule = LearningRateSchedule(
                kind: options.schedule, warmUp: options.warmUp, totalSteps: plan.totalSteps)
            player.optimizer.learningRate = options.learningRate * schedule.factor(at: position.step + 1)
        }
    }

    /// Lets the monitor evaluate and judge the run. An error does not end training.
    private func watch() {
        guard let monitor else { return }
        let isNew = monitor.isEvaluationDue(at: position, batch: lastBatch, of: plan) && evaluate(monitor)
        guard isNew || monitor.isJudgmentDue(at: position.step) else { return }
        let (diagnosis, news, isAlarm) = monitor.judge(at: position.step)
        for (record, image) in news { tell(.found(record, image: image)) }
        tell(.judged(diagnosis, at: position))
        if isAlarm { tell(.failed(diagnosis, at: position)) }
    }

    /// Scores the generator's current samples; returns whether that succeeded.
    private func evaluate(_ monitor: Monitor, isLast: Bool = false) -> Bool {
        do {
            guard let measurement = try monitor.evaluate(at: position, isLast: isLast, { try examples(from: $0) })
            else { return false }
            tell(.evaluated(measurement))
            if let bins = monitor.bins(at: position.step) {
                tell(.binned(bins, centers: hasShownBins ? nil : monitor.binCenters()))
                hasShownBins = true
            }
            if let classes = monitor.classes { tell(.classified(classes)) }
            return true
        } catch {
            tell(.warning("The samples could not be scored after step \(position.step): \(error)", at: position))
            return false
        }
    }

    /// Reports the final diagnosis.
    private func conclude() {
        guard let monitor else { return }
        if monitor.isLastEvaluationDue(at: position, of: plan) {
            _ = evaluate(monitor, isLast: position.step >= plan.totalSteps)
        }
        let (diagnosis, findings) = monitor.conclude(at: position.step)
        tell(.concluded(diagnosis, findings: findings, at: position))
    }

    /// Whether the monitor has found a failure that ends training.
    public var hasFailed: Bool { stopsOnFailure && monitor?.hasFailed == true }

    private func endEpoch() {
        tell(.epochEnded(epoch: position.epoch, means: epochMeans.means, at: position))
        epochMeans = EpochMeans()
    }

    /// Draws a sheet of samples from the fixed noise. An error does not end training.
    private func sample() {
        guard SheetPainter.canPaint(data.exampleShape) else { return }
        do {
            let image = try painter.paint(examples(from: fixedNoise))
            tell(.sampled(image, at: position, endsEpoch: sampler.isAtEpochEnd))
        } catch {
            tell(.warning("The sample sheet after step \(position.step) could not be saved: \(error)", at: position))
        }
    }

    /// Generates examples from latent vectors `[count, latent]`, with running statistics instead of batch statistics.
    public func examples(from latent: Tensor) throws -> Tensor {
        let network = average?.network ?? game.generator.network
        return try network.whileEvaluating { try withoutGradients { try game.generate(latent, by: network) } }
    }

    /// Saves a checkpoint. A failure, such as a full disk, is reported and does not end training.
    private func saveCheckpoint() {
        guard let checkpoints else { return }
        lastCheckpoint = .now
        do {
            tell(.savingCheckpoint(at: position))
            try secureRecords()
            let saved = try checkpoints.save(
                contents(), step: position.step, keepingOneBefore: monitor?.onsets ?? [],
                andBeforeMoving: monitor?.nextOnset(at: position.step))
            newestCheckpointStep = position.step
            let record = CheckpointRecord(
                step: position.step, epoch: position.epoch, folder: "checkpoints/\(saved.name)",
                wallTime: Date().timeIntervalSince1970)
            tell(.savedCheckpoint(record, removed: saved.removed.map { "checkpoints/\($0)" }))
        } catch {
            tell(.warning("The checkpoint after step \(position.step) could not be saved: \(error)", at: position))
        }
    }

    func tell(_ event: TrainingEvent) {
        for observer in observers {
            do {
                try observer.receive(event)
            } catch {
                if case .warning = event { continue }
                // Once: an observer may fail at every step.
                if observerProblems.insert("\(error)").inserted { tell(.warning("\(error)", at: position)) }
            }
        }
    }

    // MARK: - What is due

    private var isSheetDue: Bool {
        let options = configuration.samples
        let isLast = position.step == plan.totalSteps
        return isLast || (sampler.isAtEpochEnd && position.epoch % options.everyEpochs == 0)
            || (options.everySteps > 0 && position.step % options.everySteps == 0)
    }

    private var isCheckpointDue: Bool {
        let options = configuration.checkpoints
        if options.everySeconds > 0, ContinuousClock.now - lastCheckpoint >= .seconds(options.everySeconds) {
            return true
        }
        return (options.everyEpochs > 0 && sampler.isAtEpochEnd && position.epoch % options.everyEpochs == 0)
            || (options.everySteps > 0 && position.step % options.everySteps == 0)
    }
}
