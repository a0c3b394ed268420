internal import CTorch

/// Seeds the default random generators of all devices, as PyTorch's `torch.manual_seed` does.
public func seedRandomNumbers(_ seed: UInt64) throws(TorchError) {
    try check(torch.manual_seed(seed))
}

/// The state of a device's default random generator, as bytes; the same as PyTorch's `get_rng_state()`.
public func randomState(of device: Device = .cpu) throws(TorchError) -> Tensor {
    try Tensor.make { torch.generator_state(nil, device.raw, $0) }
}

/// Restores a device's default random generator to a state returned by `randomState(of:)`.
public func restoreRandomState(_ state: Tensor, of device: Device = .cpu) throws(TorchError) {
    defer { withExtendedLifetime(state.storage) {} }
    try check(torch.set_generator_state(nil, device.raw, state.storage.handle))
}

/// A random generator that is independent of the default one: drawing from it affects no other random numbers.
public final class RandomGenerator {
    public let device: Device
    let handle: ct_generator

    public init(seed: UInt64, device: Device = .cpu) throws(TorchError) {
        var handle: ct_generator?
        try check(torch.generator_create(device.raw, seed, &handle))
        guard let handle else { throw TorchError(.invalidOperation, "LibTorch returned no random generator.") }
        self.device = device
        self.handle = handle
    }

    deinit { torch.generator_free(handle) }

    public func state() throws(TorchError) -> Tensor {
        try Tensor.make { torch.generator_state(handle, device.raw, $0) }
    }

    public func restore(_ state: Tensor) throws(TorchError) {
        defer { withExtendedLifetime(state.storage) {} }
        try check(torch.set_generator_state(handle, device.raw, state.storage.handle))
    }
}

// Without a generator, these functions draw from the device's default one.
extension Tensor {
    /// Standard normal values.
    public static func randomNormal(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, from generator: RandomGenerator? = nil
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime(generator) {} }
        return try make {
            torch.random_normal(shape.wide, shape.count, dtype.raw, device.raw, generator?.handle, $0)
        }
    }

    /// Uniform values in [0, 1).
    public static func randomUniform(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, from generator: RandomGenerator? = nil
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime(generator) {} }
        return try make {
            torch.random_uniform(shape.wide, shape.count, dtype.raw, device.raw, generator?.handle, $0)
        }
    }

    /// Uniform int64 values in the range.
    public static func randomIntegers(
        _ range: Range<Int>, _ shape: [Int], device: Device = .cpu, from generator: RandomGenerator? = nil
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime(generator) {} }
        return try make {
            torch.random_integers(
                Int64(range.lowerBound), Int64(range.upperBound), shape.wide, shape.count, device.raw,
                generator?.handle, $0)
        }
    }

    /// A random permutation of 0 ..< `count`.
    public static func randomPermutation(
        _ count: Int, device: Device = .cpu, from generator: RandomGenerator? = nil
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime(generator) {} }
        return try make { torch.random_permutation(Int64(count), device.raw, generator?.handle, $0) }
    }

    public func fillUniformInPlace(
        _ low: Double, _ high: Double, from generator: RandomGenerator? = nil
    ) throws(TorchError) {
        defer { withExtendedLifetime(generator) {} }
        try change { torch.fill_uniform($0, low, high, generator?.handle) }
    }

    public func fillNormalInPlace(
        mean: Double = 0, deviation: Double = 1, from generator: RandomGenerator? = nil
    ) throws(TorchError) {
        defer { withExtendedLifetime(generator) {} }
        try change { torch.fill_normal($0, mean, deviation, generator?.handle) }
    }
}

/// Runs `body` with the CPU's default generator reseeded, then restores its state, so that other random numbers are
/// unaffected.
public func withSeededRandomNumbers<Result>(_ seed: UInt64, _ body: () throws -> Result) throws -> Result {
    let state = try randomState()
    defer { try? restoreRandomState(state) }
    try restoreRandomState(RandomGenerator(seed: seed).state())
    return try body()
}
