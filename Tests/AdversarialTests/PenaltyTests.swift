import Adversarial
import Foundation
import TestSupport
import Testing
import Torch

/// Each penalty against its formula, and its second derivatives against finite differences.
@Suite struct PenaltyTests {
    /// A smooth discriminator of three inputs in double precision: softplus(x V) w.
    private struct Judge {
        var inner: Tensor
        var outer: Tensor

        init() throws {
            let generator = try RandomGenerator(seed: 5)
            inner = try Tensor.randomNormal([3, 4], from: generator).to(.float64)
            outer = try Tensor.randomNormal([4, 1], from: generator).to(.float64)
        }

        func callAsFunction(_ examples: Tensor) throws -> Tensor { try examples.matmul(inner).softplus().matmul(outer) }
    }

    private func part(_ penalty: any Penalty, _ judge: Judge? = nil) throws -> PenaltyPart {
        let generator = try RandomGenerator(seed: 6)
        let real = try Tensor.randomNormal([6, 3], from: generator).to(.float64)
        let fake = try Tensor.randomNormal([6, 3], from: generator).to(.float64)
        let drawn = try RandomNumbers.exclusively(seed: 7) { try penalty.draw(for: real.to(.float32))?.to(.float64) }
        let judge = try judge ?? Judge()
        return PenaltyPart(
            real: real, fake: fake, realLogits: try judge(real), fakeLogits: try judge(fake), drawn: drawn)
    }

    private static var all: [(name: String, penalty: any Penalty)] {
        [
            ("gradient", GradientPenalty()), ("dragan", DraganPenalty()), ("r1", ZeroCenteredPenalty(at: .real)),
            ("r2", ZeroCenteredPenalty(at: .fake)),
        ]
    }

    @Test(arguments: 0..<5)
    func secondDerivatives(_ index: Int) throws {
        let lecam = try LeCamPenalty()
        for _ in 0..<2 {
            try lecam.updateState(realLogit: Tensor.full([], 1.5), fakeLogit: Tensor.full([], -0.5))
        }
        let (name, penalty) = (Self.all + [("lecam", lecam)])[index]
        let judge = try Judge()
        let weights = [try judge.inner.requiringGradient(), try judge.outer.requiringGradient()]
        let slopes = try gradients(of: penalty(part(penalty, judge)) { try judge($0) }, for: weights)
        let step = 1e-5
        for (weight, slope) in zip(0..., slopes) {
            let expected: [Double] = try slope.values()
            for place in expected.indices {
                func value(_ change: Double) throws -> Double {
                    var moved = try Judge()
                    let original = weight == 0 ? moved.inner : moved.outer
                    var numbers: [Double] = try original.values()
                    numbers[place] += change
                    let tensor = try Tensor(numbers, shape: original.shape)
                    if weight == 0 { moved.inner = tensor } else { moved.outer = tensor }
                    return try penalty(part(penalty, moved)) { try moved($0) }.item()
                }
                let difference = try (value(step) - value(-step)) / (2 * step)
                #expect(abs(difference - expected[place]) < 1e-6 * max(1, abs(difference)), "\(name)")
            }
        }
    }

    @Test func aPlaneHasOneSlopeEverywhere() throws {
        let weights = try Tensor([1, 2, 2] as [Double], shape: [3, 1])
        for (name, penalty) in Self.all {
            let value = try penalty(part(penalty)) { try $0.matmul(weights) }.item()
            // The slope is 3: (3 − 1)² = 4, and half of its square is 4.5.
            #expect(abs(value - (name.hasPrefix("r") ? 4.5 : 4)) < 1e-9, "\(name)")
        }
        // Where there is no slope at all, its derivatives are numbers all the same.
        let flat = try Tensor([0, 0, 0] as [Double], shape: [3, 1]).requiringGradient()
        for (name, penalty) in Self.all {
            let slopes = try gradients(of: penalty(part(penalty)) { try $0.matmul(flat) }, for: [flat])
            #expect(try slopes[0].isFinite().allTrue(), "\(name)")
        }
    }

    @Test func answersStayNearTheirAverages() throws {
        let penalty = try LeCamPenalty(decay: 0.9)
        let (real, fake) = (
            try Tensor([2, 4] as [Float], shape: [2, 1]), try Tensor([-1, 0] as [Float], shape: [2, 1])
        )
        let part = PenaltyPart(real: real, fake: fake, realLogits: real, fakeLogits: fake)
        func value() throws -> Double { try penalty(part) { $0 }.item() }
        // Before the first answers there is nothing to stay near to.
        #expect(try value() == 0)
        try penalty.updateState(realLogit: real.mean(), fakeLogit: fake.mean())
        // Then 3 and −0.5: answers to reals against the fakes' average, and the other way round.
        let expected = (2.5 * 2.5 + 4.5 * 4.5) / 2 + (4 * 4 + 3 * 3) / 2
        #expect(try abs(value() - expected) < 1e-5)
        // A tenth of the way on, of the 0.19 that are known: (0.9 · 0.1 · 3 + 0.1 · 1) / 0.19 and (0.9 · 0.1 · −0.5 + 0.1 · 2) / 0.19.
        try penalty.updateState(realLogit: Tensor.full([], 1), fakeLogit: Tensor.full([], 2))
        let (ofReal, ofFake) = (0.37 / 0.19, 0.155 / 0.19)
        func squares(_ answers: [Double], _ average: Double) -> Double {
            answers.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 2
        }
        #expect(try abs(value() - squares([2, 4], ofFake) - squares([-1, 0], ofReal)) < 1e-5)
    }

    @Test func wherePenaltiesLook() throws {
        let real = try Tensor.ones([400, 3])
        try RandomNumbers.exclusively(seed: 1) {
            let shares: [Float] = try #require(try GradientPenalty().draw(for: real)).values()
            #expect(shares.count == 400 && shares.allSatisfy { (0..<1).contains($0) } && shares[0] != shares[1])
            let noise = try #require(try DraganPenalty().draw(for: Tensor.randomNormal([400, 3]) * 4))
            // Half of a deviation of about 4, times 0 to 1: no more than 2.4 unless the deviation is wrong by a fifth.
            let (least, most) = (try noise.minimum().item(), try noise.maximum().item())
            #expect(noise.shape == [400, 3] && least >= 0 && (1.6...2.4).contains(most))
            // Two numbers from 0 to 1 have the mean ¼: half of 4 times that, over 400 examples with an error of 0.02; the seed is fixed.
            #expect(try abs(noise.mean().item() - 0.5) < 0.1)
            #expect(try ZeroCenteredPenalty(at: .real).draw(for: real) == nil)
        }
    }
}
