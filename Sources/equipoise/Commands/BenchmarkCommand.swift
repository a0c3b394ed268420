import Adversarial
import ArgumentParser
import Datasets
import Foundation
import Recipes
import Sessions
import Studies

struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark", abstract: "Measure images per second, and the time of each phase of a step.",
        discussion: """
            Example:
              equipoise benchmark article --steps 5
            """)

    @Argument(help: ArgumentHelp("A recipe or a YAML file.", valueName: "recipe")) var recipe = "article"
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "Number of measured steps, after one warm-up step.") var steps = 5
    @Flag(help: "Print JSON only.") var json = false

    func validate() throws {
        guard (1...100_000).contains(steps) else { throw ValidationError("--steps takes 1 to 100,000.") }
    }

    func run() throws {
        let console = Console(quiet: json)
        try report(
            BenchmarkReport(
                TrainingBenchmark(options.configuration(recipe), steps: steps, report: console.show)))
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
        try TextTable(header: ["phase", "time per step", "share"], rows: rows).lines.forEach { try emit($0) }
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

    init(_ benchmark: TrainingBenchmark) {
        imagesPerSecond = benchmark.imagesPerSecond
        batchSize = benchmark.batchSize
        microBatch = benchmark.microBatch
        device = benchmark.setup.deviceDescription
        precision = benchmark.setup.configuration.precision.rawValue
        peakMemoryMiB = benchmark.peakMemory >> 20
        stepSeconds = benchmark.stepSeconds
        secondsByPhase = Dictionary(uniqueKeysWithValues: benchmark.seconds.map { ($0.key.rawValue, $0.value) })
    }
}
