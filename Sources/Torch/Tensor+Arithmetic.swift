internal import CTorch

// Elementwise operations broadcast as in PyTorch.

extension Tensor {
    public static func + (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try make(a, b, torch.add) }
    public static func - (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try make(a, b, torch.subtract) }
    public static func * (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try make(a, b, torch.multiply) }
    public static func / (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try make(a, b, torch.divide) }

    public static func + (a: Tensor, b: Double) throws(TorchError) -> Tensor {
        try make(a) { torch.add_scalar($0, b, $1) }
    }
    public static func - (a: Tensor, b: Double) throws(TorchError) -> Tensor {
        try make(a) { torch.add_scalar($0, -b, $1) }
    }
    public static func * (a: Tensor, b: Double) throws(TorchError) -> Tensor {
        try make(a) { torch.multiply_scalar($0, b, $1) }
    }
    public static func / (a: Tensor, b: Double) throws(TorchError) -> Tensor {
        try make(a) { torch.divide_by_scalar($0, b, $1) }
    }

    public static func + (a: Double, b: Tensor) throws(TorchError) -> Tensor { try b + a }
    public static func * (a: Double, b: Tensor) throws(TorchError) -> Tensor { try b * a }
    public static func - (a: Double, b: Tensor) throws(TorchError) -> Tensor {
        try make(b) { torch.subtract_from_scalar($0, a, $1) }
    }
    public static func / (a: Double, b: Tensor) throws(TorchError) -> Tensor {
        try make(b) { torch.divide_scalar($0, a, $1) }
    }

    public static prefix func - (a: Tensor) throws(TorchError) -> Tensor { try make(a, torch.negate) }

    public func power(_ exponent: Double) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.power($0, exponent, $1) }
    }

    public func squared() throws(TorchError) -> Tensor { try self * self }
    public func exponential() throws(TorchError) -> Tensor { try Tensor.make(self, torch.exp) }
    public func logarithm() throws(TorchError) -> Tensor { try Tensor.make(self, torch.log) }
    public func squareRoot() throws(TorchError) -> Tensor { try Tensor.make(self, torch.sqrt) }
    public func magnitude() throws(TorchError) -> Tensor { try Tensor.make(self, torch.abs) }
    public func sine() throws(TorchError) -> Tensor { try Tensor.make(self, torch.sin) }
    public func cosine() throws(TorchError) -> Tensor { try Tensor.make(self, torch.cos) }
    /// Rounds to the nearest integer, ties to even.
    public func rounded() throws(TorchError) -> Tensor { try Tensor.make(self, torch.round) }

    public func clamped(_ low: Double, _ high: Double) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.clamp($0, low, high, $1) }
    }

    /// The elementwise minimum of the two tensors.
    public func minimum(_ other: Tensor) throws(TorchError) -> Tensor { try Tensor.make(self, other, torch.minimum) }
    /// The elementwise maximum of the two tensors.
    public func maximum(_ other: Tensor) throws(TorchError) -> Tensor { try Tensor.make(self, other, torch.maximum) }

    /// Matrix product, batched over leading dimensions.
    public func matmul(_ other: Tensor) throws(TorchError) -> Tensor { try Tensor.make(self, other, torch.matmul) }

    /// self + scale · a b, where a b is a matrix product; `self` broadcasts.
    public func addingMatmul(_ a: Tensor, _ b: Tensor, scale: Double = 1) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime((a.storage, b.storage)) {} }
        return try Tensor.make(self) { torch.add_matmul($0, a.storage.handle, b.storage.handle, scale, $1) }
    }

    /// The eigenvalues, in ascending order, and the eigenvectors, as columns, of a symmetric matrix `[n, n]`.
    public func symmetricEigenvalues() throws(TorchError) -> (values: Tensor, vectors: Tensor) {
        try Tensor.makePair(self, torch.eigen_symmetric)
    }

    /// The Euclidean distances `[n, m]` between the rows of this tensor `[n, d]` and those of another `[m, d]`.
    public func pairwiseDistances(to other: Tensor) throws(TorchError) -> Tensor {
        try Tensor.make(self, other, torch.pairwise_distance)
    }
}

// MARK: - In place

extension Tensor {
    /// self += scale · other
    public func addInPlace(_ other: Tensor, scale: Double = 1) throws(TorchError) {
        defer { withExtendedLifetime(other.storage) {} }
        try change { torch.add_in_place($0, other.storage.handle, scale) }
    }

    public func multiplyInPlace(by factor: Double) throws(TorchError) {
        try change { torch.multiply_in_place($0, factor) }
    }

    /// self += scale · a · b
    public func addProductInPlace(_ a: Tensor, _ b: Tensor, scale: Double = 1) throws(TorchError) {
        defer { withExtendedLifetime((a.storage, b.storage)) {} }
        try change { torch.add_product_in_place($0, a.storage.handle, b.storage.handle, scale) }
    }

    /// self += scale · a / b
    public func addQuotientInPlace(_ a: Tensor, _ b: Tensor, scale: Double = 1) throws(TorchError) {
        defer { withExtendedLifetime((a.storage, b.storage)) {} }
        try change { torch.add_quotient_in_place($0, a.storage.handle, b.storage.handle, scale) }
    }

    /// Adds row i of `source` to row `indices[i]`, for each i.
    public func addRowsInPlace(_ indices: Tensor, _ source: Tensor) throws(TorchError) {
        defer { withExtendedLifetime((indices.storage, source.storage)) {} }
        try change { torch.add_rows_in_place($0, indices.storage.handle, source.storage.handle) }
    }

    /// Overwrites row `indices[i]` with row i of `source`, for each i.
    public func copyRowsInPlace(_ indices: Tensor, _ source: Tensor) throws(TorchError) {
        defer { withExtendedLifetime((indices.storage, source.storage)) {} }
        try change { torch.copy_rows_in_place($0, indices.storage.handle, source.storage.handle) }
    }

    public func clampInPlace(_ low: Double, _ high: Double) throws(TorchError) {
        try change { torch.clamp_in_place($0, low, high) }
    }
}

// MARK: - Comparison (Bool tensors)

extension Tensor {
    public static func .== (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try compare(a, b, CT_EQUAL) }
    public static func .!= (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try compare(a, b, CT_NOT_EQUAL) }
    public static func .< (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try compare(a, b, CT_LESS) }
    public static func .<= (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try compare(a, b, CT_LESS_EQUAL) }
    public static func .> (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try compare(a, b, CT_GREATER) }
    public static func .>= (a: Tensor, b: Tensor) throws(TorchError) -> Tensor { try compare(a, b, CT_GREATER_EQUAL) }
    public static func .== (a: Tensor, b: Double) throws(TorchError) -> Tensor { try compare(a, b, CT_EQUAL) }
    public static func .!= (a: Tensor, b: Double) throws(TorchError) -> Tensor { try compare(a, b, CT_NOT_EQUAL) }
    public static func .< (a: Tensor, b: Double) throws(TorchError) -> Tensor { try compare(a, b, CT_LESS) }
    public static func .<= (a: Tensor, b: Double) throws(TorchError) -> Tensor { try compare(a, b, CT_LESS_EQUAL) }
    public static func .> (a: Tensor, b: Double) throws(TorchError) -> Tensor { try compare(a, b, CT_GREATER) }
    public static func .>= (a: Tensor, b: Double) throws(TorchError) -> Tensor { try compare(a, b, CT_GREATER_EQUAL) }

    private static func compare(_ a: Tensor, _ b: Tensor, _ how: ct_comparison) throws(TorchError) -> Tensor {
        try make(a, b) { torch.compare($0, $1, how, $2) }
    }

    private static func compare(_ a: Tensor, _ b: Double, _ how: ct_comparison) throws(TorchError) -> Tensor {
        try make(a) { torch.compare_scalar($0, b, how, $1) }
    }

    public func isFinite() throws(TorchError) -> Tensor { try Tensor.make(self, torch.is_finite) }
    public func not() throws(TorchError) -> Tensor { try Tensor.make(self, torch.logical_not) }

    /// The elements of `a` where this Bool tensor is true, and of `b` elsewhere.
    public func select(_ a: Tensor, else b: Tensor) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime((a.storage, b.storage)) {} }
        return try Tensor.make(self) { torch.where($0, a.storage.handle, b.storage.handle, $1) }
    }
}
