import Torch

/// Noise on everything that the discriminator sees, so that real and generated examples overlap; it fades to nothing.
///
/// Source: Sønderby et al. 2016 (arXiv 1610.04490); Arjovsky and Bottou 2017 (arXiv 1701.04862).
public struct InstanceNoise: Sendable {
    /// The deviation at the first step, in units of the examples.
    public let deviation: Double
    /// After how many steps it is gone, falling evenly; 0 keeps it for ever.
    public let steps: Int

    public init(deviation: Double, steps: Int) {
        self.deviation = deviation
        self.steps = steps
    }

    /// The deviation at a step, counted from 1.
    public func deviation(at step: Int) -> Double {
        steps > 0 ? deviation * max(0, 1 - Double(step - 1) / Double(steps)) : deviation
    }
}
