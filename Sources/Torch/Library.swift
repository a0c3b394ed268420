internal import CTorch

/// The LibTorch that was loaded, and its settings for the whole process.
public enum LibTorch {
    /// Such as `2.13.0`.
    public static var version: String { String(cString: ct_version()) }

    /// The instruction set that its CPU kernels use, such as `AVX512`.
    public static var processorCapability: String { String(cString: ct_cpu_capability()) }

    /// How many threads one operation may use on the CPU.
    public static var threadCount: Int { Int(ct_thread_count()) }

    public static func setThreadCount(_ count: Int) throws(TorchError) {
        try check(ct_set_thread_count(Int32(clamping: count)))
    }

    /// Lets the allocator keep large buffers, which halves a training step's time on Linux: otherwise every buffer of
    /// a step is mapped, faulted in page by page, and unmapped again. Call it once, before the first tensor.
    ///
    /// - Returns: whether the C library took it (glibc only).
    @discardableResult
    public static func keepLargeAllocations() -> Bool { ct_keep_large_allocations() }
}

/// One step of Adam, or of AdamW if `decoupledDecay`, on all parameters at once. See Kingma and Ba 2014
/// (arXiv 1412.6980), algorithm 1, and Loshchilov and Hutter 2017 (arXiv 1711.05101), algorithm 2.
///
/// The lists run parallel; `steps` holds one-element tensors, advanced by one.
public func adamStep(
    parameters: [Tensor], gradients: [Tensor], firstMoments: [Tensor], secondMoments: [Tensor], steps: [Tensor],
    learningRate: Double, beta1: Double, beta2: Double, weightDecay: Double, epsilon: Double, decoupledDecay: Bool
) throws(TorchError) {
    let count = parameters.count
    precondition([gradients, firstMoments, secondMoments, steps].allSatisfy { $0.count == count })
    try (parameters + gradients + firstMoments + secondMoments + steps).withHandles { (all) throws(TorchError) in
        guard let all else { return }
        try check(
            ct_adam_step(
                all, all + count, all + 2 * count, all + 3 * count, all + 4 * count, count, learningRate, beta1, beta2,
                weightDecay, epsilon, decoupledDecay))
    }
}
