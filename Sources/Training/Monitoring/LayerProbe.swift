import Adversarial
import Datasets
import Diagnostics
import Foundation
import Measurements
import Torch

/// Inspects both networks periodically for units that no longer respond, outputs with zero slope, and layers that
/// barely change or change too much.
///
/// An inspection takes about a fifth of the time of a step on 64 examples. It draws from its own random generator,
/// leaves parameters and running statistics unchanged, and reuses the gradients of the regular step, so that training
/// stays the same bit for bit.
final class LayerProbe {
    private let game: Game
    private let players: [PlayerProbe]
    private let examples: ProbeExamples
    private let budget: Double
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var secondsSpent = 0.0
    private var state: [LayerScalar]?

    /// The steps of the first inspections: a bad start is visible only there.
    static let firstSteps: Set<Int> = [1, 5, 20]

    /// - Parameters:
    ///   - classes: the classes of the real examples, int64 `[count]`, for conditional networks.
    ///   - budget: the share of training time that inspections may take, not counting the first three.
    init(_ game: Game, data: any Dataset, classes: Tensor?, budget: Double, seed: UInt64) throws {
        self.game = game
        self.budget = budget
        let generator = try RandomGenerator(seed: seed)
        examples = try ProbeExamples(game, data: data, classes: classes, from: generator)
        players = [
            try PlayerProbe("generator", game.generator, generator),
            try PlayerProbe("discriminator", game.discriminator, generator),
        ]
        start = clock.now
    }

    /// Whether an inspection is due at a step and the time budget is not exceeded.
    func isDue(after step: Int) -> Bool {
        if LayerProbe.firstSteps.contains(step) { return true }
        // Inspect at the ends of step windows, where the series are judged; less often as the run grows long.
        guard step % (History.stepsPerWindow * (1 + step / 5000)) == 0 else { return false }
        return secondsSpent <= budget * ((clock.now - start) / .seconds(1))
    }

    /// Whether an inspection was started before the latest step.
    var isPrepared: Bool { state != nil }

    /// Starts an inspection before a step, while the layers are still unchanged.
    func prepare() throws {
        try timed {
            var scalars = try withoutGradients { try Activations(game, examples).scalars() }
            for player in players { scalars += try player.prepare() }
            state = scalars
        }
    }

    /// Completes an inspection after the step, with the changes that the step made; returns the values of the layers'
    /// series.
    func look() throws -> [(series: SeriesName, value: Double)] {
        guard var scalars = state else { return [] }
        state = nil
        return try timed {
            for player in players { scalars += try player.changes() }
            let values: [Double] = try Tensor.stack(scalars.map(\.value)).to(.float64).values()
            return zip(scalars, values).compactMap { scalar, value in
                scalar.mayHaveNoValue && !value.isFinite ? nil : (.layer(scalar.statistic, scalar.layer), value)
            }
        }
    }

    private func timed<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = clock.now
        defer { secondsSpent += (clock.now - start) / .seconds(1) }
        return try body()
    }
}

/// A value of a layer's series, kept on the device because reading it would synchronize.
struct LayerScalar {
    let statistic: SeriesName.LayerStatistic
    let layer: String
    let value: Tensor
    /// Whether the value may be undefined (not finite), such as a change relative to weights of 0.
    var mayHaveNoValue = false
}

/// The inputs of both networks at every inspection: the same latent vectors and real examples each time.
struct ProbeExamples {
    let latent, real: Tensor
    /// The classes of both, one-hot `[count, classes]`, for conditional networks.
    let latentClasses, realClasses: Tensor?

    static let count = 64

    init(_ game: Game, data: any Dataset, classes: Tensor?, from generator: RandomGenerator) throws {
        let (space, count) = (game.rules.latent, ProbeExamples.count)
        latent = try space.inputs(count, device: game.device, from: generator)
        let indices = try Tensor.randomIntegers(0..<data.count, [count], from: generator)
        real = try data.examples(indices)
        guard let classes else {
            (latentClasses, realClasses) = (nil, nil)
            return
        }
        latentClasses = try space.oneHot(Tensor((0..<count).map { Int64($0 % space.classes) }).to(game.device))
        realClasses = try space.oneHot(classes.gathering(indices.to(classes.device)))
    }
}
