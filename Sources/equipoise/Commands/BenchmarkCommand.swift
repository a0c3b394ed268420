import Adversarial
import ArgumentParser
import Datasets
import Foundation
import Measurements
import Recipes
import Runs
import Torch
import Training

struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark", abstract: "Measure images per second, and where a step's time goes.",
        discussion: """
            Example:
              equipoise benchmark article --steps 5
            """)

    @Argument(help: ArgumentHelp("A recipe or a YAML file.", valueName: "recipe")) var recipe = "article"
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "How many steps are measured, after one that is not.") var steps = 5
    @Flag(help: "Print JSON only.") var json = false

    func validate() throws {
        guard (1...100_000).contains(steps) else { throw ValidationError("--steps takes 1 to 100,000.") }
    }

    func run() throws {
        var requested = try options.configuration(recipe)
        requested.training.maxSteps = steps + 1
        requested.training.epochs = .max
        requested.samples.count = 1
        let preparation = try Preparation(requested, console: Console(quiet: json))
        let folder = FileManager.default.temporaryDirectory.appending(path: "equipoise-benchmark-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try RunWriter.create(
            in: folder, configuration: preparation.configuration,
            metadata: RunMetadata.captured(
                device: preparation.deviceDescription, threads: preparation.configuration.threads,
                equipoiseVersion: Equipoise.version, torchVersion: LibTorch.version))
        let trainer = try Trainer(preparation.configuration, data: preparation.data, device: preparation.device)
        let timer = PhaseTimer(device: preparation.device)
        let meter = StepMeter(timer)
        trainer.game.timer = timer
        trainer.observe(RunRecorder(writer))
        trainer.observe(meter)
        _ = try trainer.run()
        try writer.finish(.finished)
        try report(BenchmarkReport(meter, timer, trainer, preparation))
    }

    private func report(_ report: BenchmarkReport) throws {
        if json {
            try emit(JSONText.encode(report))
            return
        }
        try emit(
            String(format: "%.1f images/s (median of %d steps of %d)", report.imagesPerSecond, steps, report.batchSize))
        try emit(
            "\(report.device), \(report.precision), parts of \(report.microBatch), peak memory \(report.peakMemoryMiB) MiB"
        )
        let total = report.secondsByPhase.values.reduce(0, +)
        let rows = PhaseTimer.Phase.allCases.compactMap { phase -> [String]? in
            guard let seconds = report.secondsByPhase[phase.rawValue] else { return nil }
            return [
                phase.rawValue, String(format: "%.1f ms", seconds / Double(steps) * 1000),
                String(format: "%.2f %%", seconds / total * 100),
            ]
        }
        try TextTable(header: ["where a step's time goes", "time", "share"], rows: rows).lines.forEach { try emit($0) }
    }
}

/// Notes how long each step takes, and forgets the first, in which everything is set up.
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

    var median: Double {
        let sorted = seconds.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }
}

private struct BenchmarkReport: Encodable {
    let imagesPerSecond: Double
    let batchSize: Int
    let microBatch: Int
    let device: String
    let precision: String
    let peakMemoryMiB: Int
    let stepSeconds: [Double]
    let secondsByPhase: [String: Double]

    init(_ meter: StepMeter, _ timer: PhaseTimer, _ trainer: Trainer, _ preparation: Preparation) {
        batchSize = min(trainer.plan.batchSize, trainer.data.count)
        imagesPerSecond = Double(batchSize) / meter.median
        microBatch = trainer.game.rules.microBatch
        device = preparation.deviceDescription
        precision = preparation.configuration.precision.rawValue
        peakMemoryMiB = BenchmarkReport.peakMemory >> 20
        stepSeconds = meter.seconds
        secondsByPhase = Dictionary(uniqueKeysWithValues: timer.seconds.map { ($0.key.rawValue, $0.value) })
    }

    /// The most memory that this process has held, in bytes.
    private static var peakMemory: Int {
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
