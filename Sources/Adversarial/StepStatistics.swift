public import Torch

/// The statistics recorded for one step. They stay on the device because reading a value would wait for it.
public struct StepStatistics {
    /// Scalars by series name, in recording order.
    public private(set) var scalars: [(name: String, value: Tensor)] = []

    /// Adds the value for a part of the batch; `weight` is the part's share of it.
    mutating func add(_ name: String, _ value: Tensor, weight: Double = 1) throws {
        let share = try value.detached() * weight
        if let index = scalars.firstIndex(where: { $0.name == name }) {
            try scalars[index].value.addInPlace(share)
        } else {
            scalars.append((name, share))
        }
    }

    /// The value of a series, a scalar on the training device; `nil` if the step did not record it.
    public subscript(name: String) -> Tensor? { scalars.first { $0.name == name }?.value }

    /// Reads the values; waits for the device once.
    public func read() throws -> [(name: String, value: Double)] {
        let values: [Double] = try Tensor.stack(scalars.map(\.value)).to(.float64).values()
        return zip(scalars, values).map { ($0.name, $1) }
    }
}

/// The discriminator's mean logits over a batch, accumulated over its parts.
struct LogitMeans {
    struct Values {
        let real, fake: Tensor
        /// The mean sign of the logits for real examples.
        let realSign: Tensor
    }

    private(set) var values: Values?

    mutating func add(real: Tensor, fake: Tensor, weight: Double) throws {
        try withoutGradients {
            let sign = try (real .> 0).to(.float32) - (real .< 0).to(.float32)
            let part = Values(
                real: try real.mean() * weight, fake: try fake.mean() * weight, realSign: try sign.mean() * weight)
            values =
                try values.map {
                    Values(
                        real: try $0.real + part.real, fake: try $0.fake + part.fake,
                        realSign: try $0.realSign + part.realSign)
                } ?? part
        }
    }
}
