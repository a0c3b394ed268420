import Torch

/// Noise added to everything the discriminator sees, so that real and generated examples overlap; it decays to zero.
///
/// Source: Sønderby et al. 2016 (arXiv 1610.04490); Arjovsky and Bottou 2017 (arXiv 1701.04862).
public struct InstanceNoise: Sendable {
    /// The standard deviation at the first step, in the examples' units.
    public let deviation: Double
    /// The number of steps over which the noise decays linearly to zero; 0 keeps it constant.
    public let steps: Int

    public init(deviation: Double, steps: Int) {
        self.deviation = deviation
        self.steps = steps
    }

    /// The standard deviation at a step, counted from 1.
    public func deviation(at step: Int) -> Double {
        steps > 0 ? deviation * max(0, 1 - Double(step - 1) / Double(steps)) : deviation
    }
}
