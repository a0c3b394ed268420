public import Torch

/// Measures how much time each phase of a step takes. Only the benchmark uses it: it waits for the device at every
/// mark, which would slow down training on an accelerator.
public final class PhaseTimer {
    public enum Phase: String, CaseIterable, Sendable {
        case data, noise
        case discriminatorFakes = "discriminator: fakes"
        case discriminatorForward = "discriminator: forward"
        case discriminatorBackward = "discriminator: backward"
        case discriminatorOptimizer = "discriminator: optimizer"
        case generatorForward = "generator: forward"
        case generatorBackward = "generator: backward"
        case generatorOptimizer = "generator: optimizer"
        case recording
    }

    public private(set) var seconds: [Phase: Double] = [:]
    private let device: Device
    private let clock = ContinuousClock()
    private var last: ContinuousClock.Instant

    public init(device: Device) {
        self.device = device
        last = clock.now
    }

    /// Adds the time since the last mark to `phase`.
    public func mark(_ phase: Phase) throws {
        try device.synchronize()
        let now = clock.now
        seconds[phase, default: 0] += (now - last) / .seconds(1)
        last = now
    }

    /// Discards all measurements and restarts the clock.
    public func reset() {
        seconds = [:]
        last = clock.now
    }
}
