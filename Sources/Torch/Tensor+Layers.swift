internal import CTorch

// The kernels of network layers. Images are [batch, channels, height, width].

extension Tensor {
    /// input · weightᵀ + bias, with a weight `[outputs, inputs]`.
    public func linear(weight: Tensor, bias: Tensor?) throws(TorchError) -> Tensor {
        try Tensor.make(self, weight, bias) { torch.linear($0, $1, $2, $3) }
    }

    /// Cross-correlation with a weight `[outputs, inputs / groups, kernel, kernel]`.
    public func conv2d(
        weight: Tensor, bias: Tensor?, stride: Int = 1, padding: Int = 0, groups: Int = 1
    ) throws(TorchError) -> Tensor {
        try Tensor.make(self, weight, bias) {
            torch.conv2d($0, $1, $2, Int64(stride), Int64(padding), Int64(groups), $3)
        }
    }

    /// Transposed convolution with a weight `[inputs, outputs, kernel, kernel]`.
    public func convTranspose2d(
        weight: Tensor, bias: Tensor?, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0
    ) throws(TorchError) -> Tensor {
        try Tensor.make(self, weight, bias) {
            torch.conv_transpose2d($0, $1, $2, Int64(stride), Int64(padding), Int64(outputPadding), $3)
        }
    }

    /// Normalizes each channel, by the batch statistics in training (which also updates the running statistics),
    /// otherwise by the running statistics.
    public func batchNorm(
        weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool,
        momentum: Double = 0.1, epsilon: Double = 1e-5
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime((runningMean?.storage, runningVariance?.storage)) {} }
        return try Tensor.make(self, weight, bias) {
            torch.batch_norm(
                $0, $1, $2, runningMean?.storage.handle, runningVariance?.storage.handle, training, momentum, epsilon,
                $3)
        }
    }

    /// Normalizes over the last dimensions, whose lengths are `shape`.
    public func layerNorm(
        _ shape: [Int], weight: Tensor?, bias: Tensor?, epsilon: Double = 1e-5
    ) throws(TorchError) -> Tensor {
        try Tensor.make(self, weight, bias) { torch.layer_norm($0, shape.wide, shape.count, $1, $2, epsilon, $3) }
    }

    /// Normalizes each channel of each image separately.
    public func instanceNorm(weight: Tensor?, bias: Tensor?, epsilon: Double = 1e-5) throws(TorchError) -> Tensor {
        try Tensor.make(self, weight, bias) { torch.instance_norm($0, $1, $2, epsilon, $3) }
    }

    /// max(0, x). If `inPlace`, overwrites the input, which nothing else may be using.
    public func relu(inPlace: Bool = false) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.relu($0, inPlace, $1) }
    }

    /// x where positive, `slope` · x elsewhere. If `inPlace`, overwrites the input, which nothing else may be using.
    public func leakyReLU(slope: Double = 0.01, inPlace: Bool = false) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.leaky_relu($0, slope, inPlace, $1) }
    }

    public func elu(alpha: Double = 1) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.elu($0, alpha, $1) }
    }
    public func silu() throws(TorchError) -> Tensor { try Tensor.make(self, torch.silu) }
    public func tanh() throws(TorchError) -> Tensor { try Tensor.make(self, torch.tanh) }
    public func sigmoid() throws(TorchError) -> Tensor { try Tensor.make(self, torch.sigmoid) }
    /// log(1 + eˣ), without overflow.
    public func softplus() throws(TorchError) -> Tensor { try Tensor.make(self, torch.softplus) }

    public func softmax(_ dimension: Int = -1) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.softmax($0, Int64(dimension), $1) }
    }

    public func logSoftmax(_ dimension: Int = -1) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.log_softmax($0, Int64(dimension), $1) }
    }

    /// Sets each element to zero with this probability and scales up the others to compensate.
    public func dropout(_ probability: Double) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.dropout($0, probability, $1) }
    }

    /// Looks up the rows of this table `[entries, width]` at integer indices.
    public func embedding(_ indices: Tensor) throws(TorchError) -> Tensor {
        try Tensor.make(self, indices, torch.embedding)
    }

    public func maxPool2d(kernel: Int, stride: Int? = nil, padding: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.max_pool2d($0, Int64(kernel), Int64(stride ?? kernel), Int64(padding), $1) }
    }

    public func averagePool2d(kernel: Int, stride: Int? = nil, padding: Int = 0) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.average_pool2d($0, Int64(kernel), Int64(stride ?? kernel), Int64(padding), $1) }
    }

    /// How `resampled` interpolates between pixels.
    public enum Interpolation: Sendable {
        case nearest
        case bilinear
        /// Bilinear; when shrinking, averages over all pixels that an output pixel covers.
        case antialiased
    }

    /// Resizes images to the given height and width.
    public func resampled(height: Int, width: Int, by interpolation: Interpolation = .nearest) throws(TorchError)
        -> Tensor
    {
        try Tensor.make(self) {
            switch interpolation {
            case .nearest: torch.upsample_nearest2d($0, Int64(height), Int64(width), $1)
            case .bilinear: torch.upsample_bilinear2d($0, Int64(height), Int64(width), false, $1)
            case .antialiased: torch.upsample_bilinear2d($0, Int64(height), Int64(width), true, $1)
            }
        }
    }

    /// Samples the images between their pixels with bilinear interpolation; values outside the image are 0.
    ///
    /// - Parameter places: the source position of each output pixel, `[batch, height, width, 2]`: x and y, where −1 is
    ///   the center of the first column or row and 1 that of the last.
    public func sampled(at places: Tensor) throws(TorchError) -> Tensor {
        try Tensor.make(self, places, torch.grid_sampler2d)
    }

    /// Rearranges `[b, c·f², h, w]` to `[b, c, h·f, w·f]`.
    public func pixelShuffled(by factor: Int) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.pixel_shuffle($0, Int64(factor), $1) }
    }
}

// MARK: - Losses (means over the batch)

extension Tensor {
    /// Binary cross-entropy of these logits against targets of the same shape, computed without forming probabilities.
    public func binaryCrossEntropyWithLogits(_ targets: Tensor) throws(TorchError) -> Tensor {
        try Tensor.make(self, targets, torch.binary_cross_entropy_with_logits)
    }

    /// Cross-entropy of these logits `[batch, classes]` against class indices `[batch]`.
    public func crossEntropy(_ classes: Tensor) throws(TorchError) -> Tensor {
        try Tensor.make(self, classes, torch.cross_entropy)
    }

    public func meanSquaredError(_ other: Tensor) throws(TorchError) -> Tensor {
        try Tensor.make(self, other, torch.mean_squared_error)
    }
}
