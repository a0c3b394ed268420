import Adversarial
import Measurements
import Networks
import Torch

/// What one step does to the weights of each layer of a player.
final class PlayerProbe {
    private let name: String
    private let player: Player
    private let layers: [(layer: WeightLayer, iteration: PowerIteration?)]
    /// The weights before the step, by their positions among the parameters.
    private var before: [Int: Tensor] = [:]
    /// The gradients of the step's last update, in the parameters' order.
    private var gradients: [Tensor]?
    private var isFirstLook = true

    init(_ name: String, _ player: Player, _ generator: RandomGenerator) throws {
        self.name = name
        self.player = player
        layers = try player.network.weightLayers.map { ($0, try $0.powerIteration(from: generator)) }
    }

    /// Notes how the weights are before a step, and asks for its gradients.
    ///
    /// - Returns: the gain and the spectral norm of each layer.
    func prepare() throws -> [LayerScalar] {
        for position in layers.flatMap(\.layer.positions) {
            before[position] = try player.parameters[position].detached().cloned()
        }
        player.gradientListener = { [weak self] in self?.gradients = $0 }
        // Power iteration goes on where it stood; the first estimate has nowhere to go on from.
        let turns = isFirstLook ? 15 : 3
        isFirstLook = false
        return try layers.flatMap { layer, iteration in
            [
                try layer.gain().map { scalar(.gain, layer, $0) },
                try iteration.map { scalar(.spectralNorm, layer, try $0.estimate(turns: turns)) },
            ].compactMap(\.self)
        }
    }

    /// The update ratio and the gradient norm of each layer, after the step. What was kept for them is let go.
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
