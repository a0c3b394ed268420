public import Torch

/// Iterates over a dataset in random order, epoch after epoch, one batch at a time; the last batch of an epoch may be
/// smaller.
///
/// The order of an epoch is one `randomPermutation` from the default generator, drawn together with the first batch of
/// the epoch.
public struct EpochSampler {
    /// The state of a sampler; another sampler can continue from it.
    public struct State {
        /// The number of epochs started so far.
        public var epoch: Int
        /// The number of examples of the current epoch already used.
        public var position: Int
        /// The order of the current epoch: `[count]`.
        public var order: Tensor

        public init(epoch: Int, position: Int, order: Tensor) {
            self.epoch = epoch
            self.position = position
            self.order = order
        }
    }

    public let count: Int
    public let batchSize: Int
    public private(set) var state: State

    /// - Parameters:
    ///   - count: the number of examples, at least one.
    ///   - batchSize: the number of examples per batch, at least one.
    public init(count: Int, batchSize: Int) throws {
        precondition(count > 0 && batchSize > 0)
        self.count = count
        self.batchSize = batchSize
        state = State(epoch: 0, position: count, order: try Tensor.range(count))
    }

    public var batchesPerEpoch: Int { (count + batchSize - 1) / batchSize }

    /// Whether the next batch starts a new epoch.
    public var isAtEpochEnd: Bool { state.position >= count }

    /// Returns the positions of the next batch's examples.
    public mutating func next() throws -> Tensor {
        if isAtEpochEnd {
            state.order = try Tensor.randomPermutation(count)
            state.epoch += 1
            state.position = 0
        }
        let end = min(state.position + batchSize, count)
        defer { state.position = end }
        return try state.order.slice(state.position..<end)
    }

    /// Continues as if the given epoch had just ended; its order no longer matters.
    public mutating func beginEpoch(after epoch: Int) {
        state.epoch = epoch
        state.position = count
    }

    /// Continues from the state of another sampler of the same data.
    public mutating func restore(_ state: State) throws {
        let isOrder =
            try state.order.shape == [count] && (state.order.sorted().values .== Tensor.range(count)).allTrue()
        guard isOrder, state.epoch >= 0, (0...count).contains(state.position) else {
            throw TorchError(
                .malformedFile,
                "The saved data order does not match this dataset of \(count) examples; resume with the data that the "
                    + "run was trained on.")
        }
        self.state = state
    }
}
