internal import CTorch

// Reductions over the given dimensions, or over all dimensions if none are given.

extension Tensor {
    public func sum(_ dimensions: [Int] = [], keepingDimensions keep: Bool = false) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.sum($0, dimensions.wide, dimensions.count, keep, $1) }
    }

    public func mean(_ dimensions: [Int] = [], keepingDimensions keep: Bool = false) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.mean($0, dimensions.wide, dimensions.count, keep, $1) }
    }

    /// The variance, with divisor n − `correction` (1: sample variance, 0: population variance).
    public func variance(
        _ dimensions: [Int] = [], correction: Double = 1, keepingDimensions keep: Bool = false
    ) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.variance($0, dimensions.wide, dimensions.count, correction, keep, $1) }
    }

    /// The Euclidean norm.
    public func norm(_ dimensions: [Int] = [], keepingDimensions keep: Bool = false) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.norm($0, dimensions.wide, dimensions.count, keep, $1) }
    }

    public func minimum(over dimensions: [Int] = [], keepingDimensions keep: Bool = false) throws(TorchError) -> Tensor
    {
        try Tensor.make(self) { torch.minimum_over($0, dimensions.wide, dimensions.count, keep, $1) }
    }

    public func maximum(over dimensions: [Int] = [], keepingDimensions keep: Bool = false) throws(TorchError) -> Tensor
    {
        try Tensor.make(self) { torch.maximum_over($0, dimensions.wide, dimensions.count, keep, $1) }
    }

    /// The index of the smallest element along a dimension.
    public func indexOfMinimum(_ dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.argmin($0, Int64(dimension), $1) }
    }

    /// The index of the largest element along a dimension.
    public func indexOfMaximum(_ dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.argmax($0, Int64(dimension), $1) }
    }

    /// Whether every element of a Bool tensor is true; waits for the device.
    public func allTrue() throws(TorchError) -> Bool { try Tensor.make(self, torch.all).item() != 0 }
    /// Whether any element of a Bool tensor is true; waits for the device.
    public func anyTrue() throws(TorchError) -> Bool { try Tensor.make(self, torch.any).item() != 0 }

    /// The elements sorted along a dimension, and their original indices.
    public func sorted(
        _ dimension: Int = -1, descending: Bool = false
    ) throws(TorchError) -> (values: Tensor, indices: Tensor) {
        try Tensor.makePair(self) { torch.sort($0, Int64(dimension), descending, $1, $2) }
    }

    /// The smallest element along a dimension, and its index.
    public func minimum(along dimension: Int) throws(TorchError) -> (values: Tensor, indices: Tensor) {
        try Tensor.makePair(self) { torch.minimum_along($0, Int64(dimension), $1, $2) }
    }

    /// The cumulative sum along a dimension.
    public func cumulativeSum(_ dimension: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.cumulative_sum($0, Int64(dimension), $1) }
    }

    /// The `count` smallest elements along a dimension, in ascending order, and their indices.
    public func smallest(_ count: Int, dimension: Int = -1) throws(TorchError) -> (values: Tensor, indices: Tensor) {
        try Tensor.makePair(self) { torch.top_k($0, Int64(count), Int64(dimension), false, $1, $2) }
    }

    /// Counts how often each of 0 ..< `bins` occurs in a one-dimensional integer tensor.
    public func counts(bins: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.bin_count($0, Int64(bins), $1) }
    }

    /// The Euclidean norm of several tensors taken as one vector, computed without waiting for the device.
    public static func totalNorm(_ tensors: [Tensor]) throws(TorchError) -> Tensor {
        try tensors.withHandles { (handles) throws(TorchError) in
            try make { torch.total_norm(handles, tensors.count, $0) }
        }
    }
}
