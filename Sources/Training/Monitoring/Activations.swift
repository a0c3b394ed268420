import Adversarial
import Measurements
import Networks
import Torch

/// Statistics of the activations of both networks.
struct Activations {
    /// The largest output of each unit over all examples so far.
    private struct Units {
        let layer: String
        let statistic: SeriesName.LayerStatistic
        var largest: Tensor
    }

    private var units: [Units] = []
    private var saturated: [(layer: String, share: Tensor)] = []

    /// Applies both networks once, with running statistics instead of batch statistics: batch norm in training mode
    /// would update them.
    init(_ game: Game, _ examples: ProbeExamples) throws {
        let collector = Collector(real: examples.real)
        let (generator, discriminator) = (game.generator.network, game.discriminator.network)
        let fake = try generator.whileEvaluating {
            try generator.watchingActivations({ try collector.take($0, of: "generator") }) {
                try game.generate(examples.latent)
            }
        }
        let answers = try discriminator.whileEvaluating {
            try discriminator.watchingActivations({ try collector.take($0, of: "discriminator") }) {
                [
                    try game.answers(to: fake, classes: examples.latentClasses),
                    try game.answers(to: examples.real, classes: examples.realClasses),
                ]
            }
        }
        units = collector.units
        saturated = collector.saturated
        if game.loss.hasProbabilities, let last = discriminator.weightLayers.last?.name {
            let share = try Saturation.ofLogits(Tensor.concatenate(answers))
            saturated.append(("discriminator.\(last)", share))
        }
    }

    func scalars() throws -> [LayerScalar] {
        try units.map {
            LayerScalar(statistic: $0.statistic, layer: $0.layer, value: try ($0.largest .<= 0).to(.float32).mean())
        }
            + saturated.map {
                // If all real examples are identical, there are no units to count.
                LayerScalar(statistic: .saturated, layer: $0.layer, value: $0.share, mayHaveNoValue: true)
            }
    }

    private final class Collector {
        var units: [Units] = []
        var saturated: [(layer: String, share: Tensor)] = []
        private let real: Tensor

        init(real: Tensor) { self.real = real }

        func take(_ activation: ActivationOutput, of player: String) throws {
            let layer = "\(player).\(activation.layer)"
            let output = try activation.output.to(.float32)
            switch activation.kind {
            case .tanh: saturated.append((layer, try Saturation.ofTanh(output, like: real)))
            case .rectifier(let slope):
                let places = [0] + Array(2..<max(2, output.rank))
                try add(output.maximum(over: places), of: layer, slope == 0 ? .deadUnits : .negativeUnits)
            }
        }

        private func add(_ largest: Tensor, of layer: String, _ statistic: SeriesName.LayerStatistic) throws {
            if let place = units.firstIndex(where: {
                $0.layer == layer && $0.statistic == statistic && $0.largest.shape == largest.shape
            }) {
                units[place].largest = try units[place].largest.maximum(largest)
            } else {
                units.append(Units(layer: layer, statistic: statistic, largest: largest))
            }
        }
    }
}

/// The share of outputs where the final activation has practically zero slope, so that they no longer learn.
enum Saturation {
    /// The slope of tanh below which it counts as zero: that of inputs beyond ±7.25.
    private static let tanhSlope = 2e-6
    /// Beyond this, the sigmoid of a logit rounds to 1 in float32 and its slope to 0.
    private static let sigmoidLimit = 17.0

    /// Returns the share of tanh units that stay at the same end, with zero slope, for every example.
    ///
    /// Where all real examples are identical, such as at the border of digits, a generator is right to stay there; only
    /// units where real examples differ are counted.
    static func ofTanh(_ outputs: Tensor, like real: Tensor) throws -> Tensor {
        let (lowest, highest) = (try outputs.minimum(over: [0]), try outputs.maximum(over: [0]))
        let slope = try (1 - outputs.squared()).maximum(over: [0])
        let isStuck = try (slope .<= tanhSlope).to(.float32) * ((highest - lowest) .< 1).to(.float32)
        guard Array(real.shape.dropFirst()) == Array(outputs.shape.dropFirst()) else { return try isStuck.mean() }
        let counts = try (real.maximum(over: [0]) - real.minimum(over: [0]) .> 0).to(.float32)
        return try (isStuck * counts).sum() / counts.sum()
    }

    /// Returns the share of saturated logits.
    static func ofLogits(_ logits: Tensor) throws -> Tensor {
        try (logits.magnitude() .>= sigmoidLimit).to(.float32).mean()
    }
}
