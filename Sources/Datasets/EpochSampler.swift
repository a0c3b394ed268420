public import Torch

/// Goes through a data set in random order, epoch after epoch, a batch at a time; the last batch of an epoch may be smaller.
///
/// The order of an epoch is one `randomPermutation` from the default generator, drawn when the epoch's first batch is.
public struct EpochSampler {
    /// Where a sampler stands; with it, another one goes on in the same place.
    public struct State {
        /// Epochs begun so far.
        public var epoch: Int
        /// How many examples of the epoch are used up.
        public var position: Int
        /// The order of the epoch: `[count]`.
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
    ///   - count: how many examples there are; at least one.
    ///   - batchSize: at least one.
    public init(count: Int, batchSize: Int) throws {
        precondition(count > 0 && batchSize > 0)
        self.count = count
        self.batchSize = batchSize
        state = State(epoch: 0, position: count, order: try Tensor.range(count))
    }

    public var batchesPerEpoch: Int { (count + batchSize - 1) / batchSize }

    /// Whether the next batch begins a new epoch.
    public var isAtEpochEnd: Bool { state.position >= count }

    /// The positions of the next batch's examples.
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

    /// Goes on at the end of an epoch, whose order does not matter any more.
    public mutating func beginEpoch(after epoch: Int) {
        state.epoch = epoch
        state.position = count
    }

    /// Goes on where another sampler of the same data stood.
    public mutating func restore(_ state: State) throws {
        let isOrder =
            try state.order.shape == [count] && (state.order.sorted().values .== Tensor.range(count)).allTrue()
        guard isOrder, state.epoch >= 0, (0...count).contains(state.position) else {
            throw TorchError(
                .malformedFile, "The saved order of the data is for other data than these \(count) examples.")
        }
        self.state = state
    }
}
