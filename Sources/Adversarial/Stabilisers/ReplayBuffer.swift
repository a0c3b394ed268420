public import Torch

/// Generated examples of earlier steps, which the discriminator is shown again in place of half of the new ones, so that it does not forget
/// what it has learnt to reject.
///
/// Each new example is, with a probability of ½, put into the buffer, and the discriminator sees what lay in its place. Until the
/// buffer is full, new ones fill it and are seen as they are.
///
/// Source: Shrivastava et al. 2017 (arXiv 1612.07828), section 2.3.
public final class ReplayBuffer {
    /// `[capacity, …]`
    private let examples: Tensor
    /// How many places are filled, a scalar of int64 on the CPU.
    private let filled: Tensor
    private let capacity: Int

    /// - Parameters:
    ///   - capacity: at least as many as a batch has.
    ///   - shape: of one example.
    public init(capacity: Int, shape: [Int], device: Device = .cpu) throws {
        self.capacity = capacity
        examples = try Tensor.zeros([capacity] + shape, device: device)
        filled = try Tensor.zeros([], dtype: .int64)
    }

    /// What it remembers from step to step, for checkpoints.
    var state: [(name: String, tensor: Tensor)] { [("replay_examples", examples), ("replay_count", filled)] }

    /// Where each example of an update goes.
    struct Plan {
        /// The place of each example, no two the same.
        let places: Tensor
        /// Whether the example is exchanged with what lies there; `nil` while the buffer fills up.
        let isExchanged: Tensor?

        func slice(_ range: Range<Int>) throws -> Plan {
            Plan(places: try places.slice(range), isExchanged: try isExchanged?.slice(range))
        }
    }

    /// Draws where the examples of an update go.
    func plan(_ count: Int) throws -> Plan {
        let count = min(count, capacity)
        let used = Int(try filled.item())
        guard used == capacity else {
            try filled.fillInPlace(Double(min(used + count, capacity)))
            // The batch that fills it may overwrite the oldest.
            let places = (used..<used + count).map { Int64($0 % capacity) }
            return Plan(places: try Tensor(places).to(examples.device), isExchanged: nil)
        }
        let places = try Tensor.randomPermutation(capacity).slice(0..<count)
        let draws = try Tensor.randomUniform([places.shape[0]], device: examples.device)
        return Plan(places: try places.to(examples.device), isExchanged: try draws .< 0.5)
    }

    /// What the discriminator sees in place of new examples `[count, …]`.
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
