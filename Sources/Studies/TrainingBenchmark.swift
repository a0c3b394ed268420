public import Adversarial
import Datasets
import Foundation
import Measurements
public import Recipes
import Runs
public import Sessions
public import Training

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The speed of a configuration and the time of each phase of a step. The training is recorded but not monitored.
public struct TrainingBenchmark {
    public let setup: TrainingSetup
    /// The batch size and the micro-batch size in examples.
    public let batchSize, microBatch: Int
    /// The duration of each measured step in seconds.
    public let stepSeconds: [Double]
    /// The total seconds of the measured steps by phase.
    public let seconds: [PhaseTimer.Phase: Double]
    /// The peak memory of the process in bytes.
    public let peakMemory: Int

    public var imagesPerSecond: Double { Double(batchSize) / TrainingBenchmark.median(stepSeconds) }

    /// Trains for a number of steps after one warm-up step.
    public init(
        _ requested: TrainingConfiguration, steps: Int, report: @escaping (SessionEvent) -> Void = { _ in }
    ) throws {
        var configuration = requested
        configuration.training.maxSteps = steps + 1
        configuration.training.epochs = .max
        configuration.samples.count = 1
        setup = try TrainingSetup(configuration, report: report)
        let folder = FileManager.default.temporaryDirectory.appending(path: "equipoise-benchmark-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var options = TrainingSession.Options()
        options.library = RunLibrary(directory: folder)
        options.isMonitored = false
        options.savesCheckpoints = false
        let timer = PhaseTimer(device: setup.device)
        let meter = StepMeter(timer)
        options.observers = { _ in [meter] }
        let session = try TrainingSession(setup, options)
        session.trainer.game.timer = timer
        try session.run()
        batchSize = min(session.trainer.plan.batchSize, setup.data.count)
        microBatch = session.trainer.game.rules.microBatch
        stepSeconds = meter.seconds
        seconds = timer.seconds
        peakMemory = TrainingBenchmark.currentPeakMemory
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }

    private static var currentPeakMemory: Int {
        var usage = rusage()
        #if canImport(Glibc)
            _ = getrusage(RUSAGE_SELF.rawValue, &usage)
            return usage.ru_maxrss << 10
        #else
            _ = getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }
}

/// Measures the duration of each step except the first, which includes the setup.
private final class StepMeter: TrainingObserver {
    private let timer: PhaseTimer
    private(set) var seconds: [Double] = []
    private var last = ContinuousClock.now

    init(_ timer: PhaseTimer) { self.timer = timer }

    func receive(_ event: TrainingEvent) {
        guard case .stepped(let measurement) = event else { return }
        if measurement.step > 1 {
            seconds.append((ContinuousClock.now - last) / .seconds(1))
        } else {
            timer.reset()
        }
        last = .now
    }
}
