import Adversarial
import Datasets
import Diagnostics
import Foundation
import Measurements
import Networks
import Recipes
import TestSupport
import Testing
import Torch
import Training

/// A network that is sound, and one layer of it that is not.
struct LayerFault: Sendable, CustomTestStringConvertible {
    enum Change: Sendable {
        /// The layer's weights start so many times as large.
        case weights(Double)
        /// The layer's biases start so much higher.
        case bias(Double)
        /// Every step moves the layer so many times as far; 0 freezes it.
        case steps(Double)
    }

    let title: String
    let architecture: Architecture
    /// The player and the layer's name in its checkpoint.
    let layer: String
    let change: Change
    /// The pattern that fits best, for the table.
    let pattern: Pattern

    var testDescription: String { "\(title): \(layer) (\(architecture.rawValue))" }

    static let all: [LayerFault] = [
        LayerFault("dead units, bias −100", .mlp, "generator.layers.2", .bias(-100), .deadUnits),
        LayerFault("dead batch norm, bias −100", .dcgan, "generator.main.5", .bias(-100), .deadUnits),
        LayerFault("one-sided units, bias −100", .article, "discriminator.convolve.2", .bias(-100), .deadUnits),
        LayerFault(
            "dead units in a block, bias −1000", .residual, "discriminator.main.1.main.1", .bias(-1000), .deadUnits),
        LayerFault("weights ×100", .article, "generator.convolve.1", .weights(100), .explodingLayer),
        LayerFault("weights ×100", .mlp, "discriminator.layers.4", .weights(100), .explodingLayer),
        LayerFault("weights ×100", .dcgan, "discriminator.main.0", .weights(100), .explodingLayer),
        LayerFault("weights ×100", .r3gan, "generator.main.1.main.0", .weights(100), .explodingLayer),
        LayerFault("weights ×0.001", .article, "generator.project.0", .weights(0.001), .poorInitialization),
        LayerFault("weights ×0.001", .maxout, "discriminator.1.linear", .weights(0.001), .poorInitialization),
        LayerFault("frozen", .article, "generator.convolve.3", .steps(0), .stalledLayer),
        LayerFault("frozen", .dcgan, "discriminator.main.2", .steps(0), .stalledLayer),
        LayerFault("frozen", .maxout, "generator.6", .steps(0), .stalledLayer),
        LayerFault("learning rate ×1000", .article, "discriminator.convolve.2", .steps(1000), .explodingLayer),
        LayerFault("learning rate ×1000", .mlp, "generator.layers.4", .steps(1000), .explodingLayer),
        LayerFault("saturated tanh, bias +30", .article, "generator.convolve.5", .bias(30), .saturatedOutputs),
        LayerFault("saturated sigmoid, bias −60", .article, "discriminator.judge", .bias(-60), .saturatedOutputs),
        LayerFault(
            "overflow to NaN, weights ×1e20", .article, "discriminator.convolve.0", .weights(1e20), .explodingLayer),
    ]

    private init(
        _ title: String, _ architecture: Architecture, _ layer: String, _ change: Change, _ pattern: Pattern
    ) {
        self.title = title
        self.architecture = architecture
        self.layer = layer
        self.change = change
        self.pattern = pattern
    }
}

/// What the diagnosis says of the layers of a training.
struct LayerVerdict {
    typealias Findings = [(pattern: Pattern, layer: String)]

    /// The findings that name a layer at the end, the most severe first: the pattern, and the layer that is named first.
    let findings: Findings
    /// The same at the first look at which there was one. Some layers heal before the end.
    let firstFindings: Findings
    /// Of every layer, what a statistic was at each look.
    let looks: @Sendable (SeriesName.LayerStatistic, String) -> [Double]

    init(_ history: History, firstFindings: Findings) {
        looks = { statistic, layer in history.windows(.layer(statistic, layer)).map(\.mean) }
        findings = Self.findings(in: history)
        self.firstFindings = firstFindings.isEmpty ? findings : firstFindings
    }

    static func findings(in history: History) -> Findings {
        Diagnosis(history).findings.compactMap { finding in
            finding.evidence.lazy.compactMap { SeriesName($0.signal).ofLayer?.layer }.first.map {
                (finding.pattern, $0)
            }
        }
    }
}

/// Trainings small enough to spoil one layer in each.
enum LayerTraining {
    /// - Parameter scale: 1 for networks of a few milliseconds a step on made-up data; 2 for wider ones on MNIST and on rings of 10,000 points.
    static func run(
        _ architecture: Architecture, steps: Int, seed: Int = 1, scale: Int = 1, fault: LayerFault? = nil
    ) throws -> LayerVerdict {
        try RandomNumbers.exclusively {
            let configuration = try configuration(architecture, steps: steps, seed: seed, scale: scale)
            let data = try data(architecture, scale: scale)
            let trainer = try Trainer(configuration, data: data, device: .cpu)
            let monitor = try Monitor(configuration, probe: nil, device: .cpu)
            trainer.monitor = monitor
            if let fault { trainer.observe(try Saboteur(fault, trainer.game)) }
            let reader = FirstFindings(monitor)
            trainer.observe(reader)
            _ = try trainer.run()
            return LayerVerdict(monitor.history, firstFindings: reader.findings)
        }
    }

    private static func configuration(
        _ architecture: Architecture, steps: Int, seed: Int, scale: Int
    ) throws -> TrainingConfiguration {
        var configuration = tinyConfiguration {
            $0.network.architecture = architecture
            $0.network.latent = architecture.isForPoints ? 2 : 16
            $0.training.batchSize = architecture.isForPoints ? 64 : 16
            $0.network.generatorWidth = 16 * scale
            $0.network.discriminatorWidth = 16 * scale
            $0.training.epochs = 1_000_000
            $0.training.maxSteps = steps
            $0.samples.everyEpochs = 1_000_000
            $0.checkpoints.everyEpochs = 0
            $0.monitor.layerBudget = 1
            $0.seed = seed
        }
        if architecture == .r3gan { try configuration.set("objective", to: "relativistic") }
        return configuration
    }

    private static func data(_ architecture: Architecture, scale: Int) throws -> any Dataset {
        if architecture.isForPoints { return try MixtureDataset.ring(count: scale == 1 ? 1000 : 10_000, seed: 1) }
        guard scale > 1 else { return try discs(160) }
        return try DatasetLoader().load(
            DatasetLoader.Request(
                source: "mnist", imageSize: 28, channels: 1, limit: 10_000, skipBroken: false, seed: 1))
    }
}

/// Notes the first findings about layers that a training has.
private final class FirstFindings: TrainingObserver {
    private let monitor: Monitor
    private(set) var findings: LayerVerdict.Findings = []

    init(_ monitor: Monitor) { self.monitor = monitor }

    func receive(_ event: TrainingEvent) throws {
        guard case .inspected = event, findings.isEmpty else { return }
        findings = LayerVerdict.findings(in: monitor.history)
    }
}

/// Spoils a layer: at once, and after every step.
private final class Saboteur: TrainingObserver {
    private var weights: [Tensor] = []
    private var before: [Tensor] = []
    private var factor = 1.0

    init(_ fault: LayerFault, _ game: Game) throws {
        let parts = fault.layer.split(separator: ".", maxSplits: 1).map(String.init)
        let network = parts[0] == "generator" ? game.generator.network : game.discriminator.network
        let own = network.state.filter { $0.kind == .parameter && $0.name.hasPrefix(parts[1] + ".") }
        #expect(!own.isEmpty, "\(fault.layer) has no parameters")
        try withoutGradients {
            switch fault.change {
            case .weights(let factor):
                for entry in own where entry.name.hasSuffix("weight") { try entry.tensor.multiplyInPlace(by: factor) }
            case .bias(let shift):
                for entry in own where entry.name.hasSuffix("bias") {
                    try entry.tensor.copyInPlace(from: entry.tensor + shift)
                }
            case .steps(let factor):
                self.factor = factor
                weights = own.map(\.tensor)
            }
        }
        try remember()
    }

    func receive(_ event: TrainingEvent) throws {
        guard case .stepped = event, factor != 1 else { return }
        try withoutGradients {
            for (weight, old) in zip(weights, before) { try weight.copyInPlace(from: old + (weight - old) * factor) }
        }
        try remember()
    }

    private func remember() throws { before = try weights.map { try $0.detached().cloned() } }
}
