import Adversarial
import Measurements
import Networks
import Torch

/// Measures the effect of one step on the weights of each layer of a player.
final class PlayerProbe {
    private let name: String
    private let player: Player
    private let layers: [(layer: WeightLayer, iteration: PowerIteration?)]
    /// The weights before the step, by parameter position.
    private var before: [Int: Tensor] = [:]
    /// The gradients of the step's last update, in parameter order.
    private var gradients: [Tensor]?
    private var isFirstLook = true

    init(_ name: String, _ player: Player, _ generator: RandomGenerator) throws {
        self.name = name
        self.player = player
        layers = try player.network.weightLayers.map { ($0, try $0.powerIteration(from: generator)) }
    }

    /// Copies the weights before a step and requests its gradients.
    ///
    /// - Returns: the gain and spectral norm of each layer.
    func prepare() throws -> [LayerScalar] {
        for position in layers.flatMap(\.layer.positions) {
            before[position] = try player.parameters[position].detached().cloned()
        }
        player.gradientListener = { [weak self] in self?.gradients = $0 }
        // Power iteration continues from its last estimate; the first estimate needs more iterations.
        let turns = isFirstLook ? 15 : 3
        isFirstLook = false
        return try layers.flatMap { layer, iteration in
            [
                try layer.gain().map { scalar(.gain, layer, $0) },
                try iteration.map { scalar(.spectralNorm, layer, try $0.estimate(turns: turns)) },
            ].compactMap(\.self)
        }
    }

    /// Returns the update ratio and gradient norm of each layer after the step, and releases the copies.
    func changes() throws -> [LayerScalar] {
        player.gradientListener = nil
        defer { (before, gradients) = ([:], nil) }
        return try withoutGradients { try layers.flatMap { try changes(of: $0.layer) } }
    }

    private func changes(of layer: WeightLayer) throws -> [LayerScalar] {
        let old = layer.positions.compactMap { before[$0] }
        guard old.count == layer.positions.count else { return [] }
        let moves = try zip(layer.positions, old).map { try player.parameters[$0].detached() - $1 }
        var ratio = scalar(.updateRatio, layer, try Tensor.totalNorm(moves) / Tensor.totalNorm(old))
        ratio.mayHaveNoValue = true
        guard let gradients else { return [ratio] }
        let own = layer.positions.map { gradients[$0] }
        return [ratio, scalar(.gradientNorm, layer, try Tensor.totalNorm(own))]
    }

    private func scalar(_ statistic: SeriesName.LayerStatistic, _ layer: WeightLayer, _ value: Tensor) -> LayerScalar {
        LayerScalar(
            statistic: statistic, layer: layer.name.isEmpty ? name : "\(name).\(layer.name)", value: value)
    }
}
