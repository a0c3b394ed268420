internal import CTorch

// Views share memory with the tensor they were made from.

extension Tensor {
    /// The same elements in another shape; one length may be −1, to be inferred from the others.
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

    /// Merges dimensions `from` … `through` into one.
    public func flattened(from: Int = 0, through: Int = -1) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.flatten($0, Int64(from), Int64(through), $1) }
    }

    /// Inserts a dimension of length one.
    public func unsqueezed(_ dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.unsqueeze($0, Int64(dimension), $1) }
    }

    /// Removes a dimension of length one.
    public func squeezed(_ dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.squeeze($0, Int64(dimension), $1) }
    }

    /// Repeats dimensions of length one without copying; −1 keeps a length.
    public func expanded(_ shape: [Int]) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.expand($0, shape.wide, shape.count, $1) }
    }

    /// Selects one index along a dimension and removes that dimension.
    public func selecting(_ index: Int, dimension: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.select($0, Int64(dimension), Int64(index), $1) }
    }

    /// A range of indices along a dimension.
    public func slice(_ range: Range<Int>, dimension: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.narrow($0, Int64(dimension), Int64(range.lowerBound), Int64(range.count), $1) }
    }

    /// Copies the entries at integer indices along a dimension.
    public func gathering(_ indices: Tensor, dimension: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self, indices) { torch.index_select($0, Int64(dimension), $1, $2) }
    }

    /// For each element of `indices`, picks the element at that index along the dimension.
    public func gatheringElements(_ indices: Tensor, dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self, indices) { torch.gather($0, Int64(dimension), $1, $2) }
    }

    /// The elements where a Bool mask is true, as a one-dimensional tensor.
    public func masked(by mask: Tensor) throws(TorchError) -> Tensor {
        try Tensor.make(self, mask, torch.masked_select)
    }

    public func flipped(_ dimension: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.flip($0, Int64(dimension), $1) }
    }

    /// Adds a border of constant value around images; widths are in pixels.
    public func padded(
        left: Int, right: Int, top: Int, bottom: Int, value: Double = 0
    ) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.pad($0, Int64(left), Int64(right), Int64(top), Int64(bottom), value, $1) }
    }

    /// Joins tensors along an existing dimension.
    public static func concatenate(_ tensors: [Tensor], dimension: Int = 0) throws(TorchError) -> Tensor {
        try tensors.withHandles { (handles) throws(TorchError) in
            try make { torch.concatenate(handles, tensors.count, Int64(dimension), $0) }
        }
    }

    /// Joins tensors along a new dimension.
    public static func stack(_ tensors: [Tensor], dimension: Int = 0) throws(TorchError) -> Tensor {
        try tensors.withHandles { (handles) throws(TorchError) in
            try make { torch.stack(handles, tensors.count, Int64(dimension), $0) }
        }
    }
}
