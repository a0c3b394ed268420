import Adversarial
import Datasets
import Diagnostics
import Foundation
import Measurements
import Torch

/// Looks into both networks now and then: at units that no longer answer, outputs without a slope, and layers that stand still or go too far.
///
/// A look takes about as long as a fifth of a step on 64 examples. It draws from a random generator of its own, leaves parameters and running statistics
/// as they are, and takes gradients from the step that is made anyway, so that the training stays the same bit for bit.
final class LayerProbe {
    private let game: Game
    private let players: [PlayerProbe]
    private let examples: ProbeExamples
    private let budget: Double
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var secondsSpent = 0.0
    private var state: [LayerScalar]?

    /// The steps of the first looks: what starts out of proportion is seen there only.
    static let firstSteps: Set<Int> = [1, 5, 20]

    /// - Parameters:
    ///   - classes: of the real examples, int64 `[count]`, where the networks are told.
    ///   - budget: the share of the training's time that looks may take, beside the first three.
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

    /// Whether a look is due at a step, and looks have not taken more than their share of the time.
    func isDue(after step: Int) -> Bool {
        if LayerProbe.firstSteps.contains(step) { return true }
        // Where windows of steps end and the series are judged; less often as the run grows long.
        guard step % (History.stepsPerWindow * (1 + step / 5000)) == 0 else { return false }
        return secondsSpent <= budget * ((clock.now - start) / .seconds(1))
    }

    /// Whether a look was begun before the step that was made last.
    var isPrepared: Bool { state != nil }

    /// Begins a look before a step: at the layers as they are, which the step may change beyond recognition.
    func prepare() throws {
        try timed {
            var scalars = try withoutGradients { try Activations(game, examples).scalars() }
            for player in players { scalars += try player.prepare() }
            state = scalars
        }
    }

    /// Ends a look after the step with what the step did; the values of the layers' series.
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

/// A value of a layer's series, still on the device: reading it would wait.
struct LayerScalar {
    let statistic: SeriesName.LayerStatistic
    let layer: String
    let value: Tensor
    /// Whether it is no number where it means nothing, such as a change in proportion to weights of 0.
    var mayHaveNoValue = false
}

/// What both networks are shown at every look: the same latent vectors and real examples.
struct ProbeExamples {
    let latent, real: Tensor
    /// The classes of both, `[count, classes]` of 0 and 1, where the networks are told.
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
