import Adversarial
import Foundation
import Recipes
import TestSupport
import Testing
import Torch

@Suite struct StabilizerTests {
    @Test func latentDistributions() throws {
        let count = 4000
        func values(_ distribution: LatentDistribution) throws -> [Double] {
            let space = LatentSpace(dimensions: 5, distribution: distribution)
            let drawn = try space.draw(count, from: RandomGenerator(seed: 1))
            #expect(drawn.shape == [count, 5])
            return try drawn.to(.float64).values()
        }
        func deviation(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
        // Of 20,000 numbers a deviation that is off by 0.03 is over four standard errors; the seed is fixed.
        #expect(abs(deviation(try values(.normal)) - 1) < 0.03)
        let uniform = try values(.uniform)
        #expect(uniform.allSatisfy { (-1...1).contains($0) } && abs(deviation(uniform) - 1 / 3.0.squareRoot()) < 0.02)
        // The deviation of a normal distribution cut at 2: √(1 − 4 φ(2) / (2 Φ(2) − 1)).
        let truncated = try values(.truncated)
        #expect(truncated.allSatisfy { abs($0) <= 2 } && abs(deviation(truncated) - 0.8796) < 0.03)
        let plain = try Tensor.randomNormal([3, 5], from: RandomGenerator(seed: 2))
        #expect(try LatentSpace(dimensions: 5).draw(3, from: RandomGenerator(seed: 2)).isIdentical(to: plain))
    }

    @Test func labelsThatAreSmoothedOrFlipped() throws {
        let real = try Tensor([2, -1] as [Float], shape: [2, 1])
        let fake = try Tensor([0.5, -3] as [Float], shape: [2, 1])
        func softplus(_ x: Double) -> Double { log(1 + exp(x)) }
        let smooth = try LabelNoise(smoothing: 0.1).discriminator(real: real, fake: fake, draws: nil)
        // 0.9 softplus(−l) + 0.1 softplus(l) on reals, softplus(l) on fakes.
        let onReal = (0.9 * softplus(-2) + 0.1 * softplus(2) + 0.9 * softplus(1) + 0.1 * softplus(-1)) / 2
        #expect(try abs(smooth.real.item() - onReal) < 1e-6)
        #expect(try abs(smooth.fake.item() - (softplus(0.5) + softplus(-3)) / 2) < 1e-6)
        // The first real label and the second generated one are flipped.
        let draws = try Tensor([0.1, 0.9, 0.9, 0.1] as [Float], shape: [2, 2])
        let flipped = try LabelNoise(flips: 0.2).discriminator(real: real, fake: fake, draws: draws)
        #expect(try abs(flipped.real.item() - (softplus(2) + softplus(1)) / 2) < 1e-6)
        #expect(try abs(flipped.fake.item() - (softplus(0.5) + softplus(3)) / 2) < 1e-6)
        // Without noise it is the cross-entropy itself.
        let plain = try LabelNoise().discriminator(real: real, fake: fake, draws: draws)
        let expected = try NonSaturatingLoss().discriminator(real: real, fake: fake)
        #expect(try abs(plain.real.item() - expected.real.item()) < 1e-6)
        #expect(try abs(plain.fake.item() - expected.fake.item()) < 1e-6)
    }

    @Test func instanceNoiseFades() {
        let noise = InstanceNoise(deviation: 0.4, steps: 100)
        #expect(noise.deviation(at: 1) == 0.4 && abs(noise.deviation(at: 51) - 0.2) < 1e-12)
        #expect(noise.deviation(at: 101) == 0 && noise.deviation(at: 5000) == 0)
        #expect(InstanceNoise(deviation: 0.4, steps: 0).deviation(at: 5000) == 0.4)
    }
}
