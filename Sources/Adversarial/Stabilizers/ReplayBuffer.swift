public import Torch

/// A buffer of generated examples from earlier steps. They replace half of the new ones that the discriminator sees, so
/// that it does not forget what it has learned to reject.
///
/// With probability ½, each new example goes into the buffer and the discriminator sees the example that it replaces.
/// Until the buffer is full, all new examples go into it and the discriminator sees them unchanged.
///
/// Source: Shrivastava et al. 2017 (arXiv 1612.07828), section 2.3.
public final class ReplayBuffer {
    /// `[capacity, …]`
    private let examples: Tensor
    /// The number of filled places, an int64 scalar on the CPU.
    private let filled: Tensor
    private let capacity: Int

    /// - Parameters:
    ///   - capacity: the number of examples, at least the batch size.
    ///   - shape: the shape of one example.
    public init(capacity: Int, shape: [Int], device: Device = .cpu) throws {
        self.capacity = capacity
        examples = try Tensor.zeros([capacity] + shape, device: device)
        filled = try Tensor.zeros([], dtype: .int64)
    }

    /// The state to save in checkpoints.
    var state: [(name: String, tensor: Tensor)] { [("replay_examples", examples), ("replay_count", filled)] }

    /// Where the examples of an update go.
    struct Plan {
        /// The place of each example in the buffer; all are distinct.
        let places: Tensor
        /// Whether the example is exchanged with the one at its place; `nil` while the buffer is filling up.
        let isExchanged: Tensor?

        func slice(_ range: Range<Int>) throws -> Plan {
            Plan(places: try places.slice(range), isExchanged: try isExchanged?.slice(range))
        }
    }

    /// Draws the places for the examples of an update.
    func plan(_ count: Int) throws -> Plan {
        let count = min(count, capacity)
        let used = Int(try filled.item())
        guard used == capacity else {
            try filled.fillInPlace(Double(min(used + count, capacity)))
            // The batch that fills the buffer may overwrite the oldest examples.
            let places = (used..<used + count).map { Int64($0 % capacity) }
            return Plan(places: try Tensor(places).to(examples.device), isExchanged: nil)
        }
        let places = try Tensor.randomPermutation(capacity).slice(0..<count)
        let draws = try Tensor.randomUniform([places.shape[0]], device: examples.device)
        return Plan(places: try places.to(examples.device), isExchanged: try draws .< 0.5)
    }

    /// Returns the examples that the discriminator sees instead of the new ones `[count, …]`.
    func exchange(_ new: Tensor, _ plan: Plan) throws -> Tensor {
        guard let isExchanged = plan.isExchanged else {
            try examples.copyRowsInPlace(plan.places, new)
            return new
        }
        let mask = try isExchanged.reshaped([new.shape[0]] + Array(repeating: 1, count: new.rank - 1))
        let old = try examples.gathering(plan.places)
        try examples.copyRowsInPlace(plan.places, mask.select(new, else: old))
        return try mask.select(old, else: new)
    }
}
