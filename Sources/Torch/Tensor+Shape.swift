internal import CTorch

// Views share memory with the tensor they look at.

extension Tensor {
    /// The same elements in another shape; one length may be −1, which is worked out.
    public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.reshape($0, shape.wide, shape.count, $1) }
    }

    /// The dimensions in another order.
    public func permuted(_ order: [Int]) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.permute($0, order.wide, order.count, $1) }
    }

    public func transposed(_ first: Int = -2, _ second: Int = -1) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.transpose($0, Int64(first), Int64(second), $1) }
    }

    /// Dimensions `from` … `through` joined into one.
    public func flattened(from: Int = 0, through: Int = -1) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.flatten($0, Int64(from), Int64(through), $1) }
    }

    /// A dimension of length one put in.
    public func unsqueezed(_ dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.unsqueeze($0, Int64(dimension), $1) }
    }

    /// A dimension of length one taken out.
    public func squeezed(_ dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.squeeze($0, Int64(dimension), $1) }
    }

    /// Dimensions of length one repeated without copying; −1 keeps a length.
    public func expanded(_ shape: [Int]) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.expand($0, shape.wide, shape.count, $1) }
    }

    /// One position of a dimension, which goes away.
    public func selecting(_ index: Int, dimension: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.select($0, Int64(dimension), Int64(index), $1) }
    }

    /// A range of positions of a dimension.
    public func slice(_ range: Range<Int>, dimension: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.narrow($0, Int64(dimension), Int64(range.lowerBound), Int64(range.count), $1) }
    }

    /// The positions of a dimension that a tensor of integers names, copied.
    public func gathering(_ indices: Tensor, dimension: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self, indices) { torch.index_select($0, Int64(dimension), $1, $2) }
    }

    /// For each position of `indices`, the element at that index along the dimension.
    public func gatheringElements(_ indices: Tensor, dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self, indices) { torch.gather($0, Int64(dimension), $1, $2) }
    }

    /// The elements where a mask of Bool is true, as one dimension.
    public func masked(by mask: Tensor) throws(TorchError) -> Tensor {
        try Tensor.make(self, mask, torch.masked_select)
    }

    public func flipped(_ dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.flip($0, Int64(dimension), $1) }
    }

    /// An image with a border.
    public func padded(
        left: Int, right: Int, top: Int, bottom: Int, value: Double = 0
    ) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.pad($0, Int64(left), Int64(right), Int64(top), Int64(bottom), value, $1) }
    }

    /// The tensors one after the other along a dimension they have.
    public static func concatenate(_ tensors: [Tensor], dimension: Int = 0) throws(TorchError) -> Tensor {
        try tensors.withHandles { (handles) throws(TorchError) in
            try make { torch.concatenate(handles, tensors.count, Int64(dimension), $0) }
        }
    }

    /// The tensors one after the other along a new dimension.
    public static func stack(_ tensors: [Tensor], dimension: Int = 0) throws(TorchError) -> Tensor {
        try tensors.withHandles { (handles) throws(TorchError) in
            try make { torch.stack(handles, tensors.count, Int64(dimension), $0) }
        }
    }
}
