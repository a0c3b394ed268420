import Networks
import Torch

/// An exponential moving average (EMA) of the generator's parameters, used to generate samples; it smooths the
/// oscillations of the game.
///
/// After each step, average ← β average + (1 − β) parameter, with β at most (1 + n)/(10 + n) at step n, so that the
/// first steps carry little weight. Buffers, such as batch norm statistics, are copied unchanged.
///
/// Source: Yazıcı et al. 2018 (arXiv 1806.04498); the warm-up is that of TensorFlow's `ExponentialMovingAverage`.
final class ExponentialMovingAverage {
    let network: any Module
    /// Each averaged tensor, with the original that it follows.
    private let pairs: [(average: Tensor, original: Tensor, isParameter: Bool)]
    private let decay: Double

    /// - Parameter network: a network of the same structure as `original`; it receives a copy of its state.
    init(of original: any Module, into network: any Module, decay: Double) throws {
        self.network = network
        self.decay = decay
        pairs = zip(network.state, original.state).map { ($0.tensor, $1.tensor, $1.kind == .parameter) }
        try network.load(original.safetensors())
    }

    private static let prefix = "generator_average."

    /// The tensors stored in a checkpoint's state.
    var state: [String: Tensor] {
        Dictionary(uniqueKeysWithValues: network.state.map { (ExponentialMovingAverage.prefix + $0.name, $0.tensor) })
    }

    /// Extracts the average from a checkpoint's state, in the form of a generator file; `nil` if there is none.
    static func saved(in state: Safetensors) -> Safetensors? {
        let own = state.tensors.filter { $0.key.hasPrefix(prefix) }
        guard !own.isEmpty else { return nil }
        return Safetensors(
            tensors: Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }))
    }

    /// Updates the average after a step, counted from 1.
    func update(step: Int) throws {
        let decay = min(self.decay, (1 + Double(step)) / (10 + Double(step)))
        try withoutGradients {
            for pair in pairs {
                guard pair.isParameter else {
                    try pair.average.copyInPlace(from: pair.original)
                    continue
                }
                try pair.average.multiplyInPlace(by: decay)
                try pair.average.addInPlace(pair.original, scale: 1 - decay)
            }
        }
    }
}
