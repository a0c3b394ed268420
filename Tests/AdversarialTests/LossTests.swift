import Adversarial
import Foundation
import Testing
import Torch

/// Each loss against its formula, worked out for two examples.
@Suite struct LossTests {
    private let real = Result { try Tensor([2, -1] as [Float], shape: [2, 1]) }
    private let fake = Result { try Tensor([0.5, -3] as [Float], shape: [2, 1]) }

    private func expect(_ loss: any AdversarialLoss, real: Double, fake: Double, generator: Double) throws {
        let losses = try loss.discriminator(real: self.real.get(), fake: self.fake.get())
        #expect(try abs(losses.real.item() - real) < 1e-6)
        #expect(try abs(losses.fake.item() - fake) < 1e-6)
        #expect(try abs(loss.generator(fake: self.fake.get(), real: self.real.get()).item() - generator) < 1e-6)
    }

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    @Test func crossEntropies() throws {
        let onReal = -(log(sigmoid(2)) + log(sigmoid(-1))) / 2
        let onFake = -(log(1 - sigmoid(0.5)) + log(1 - sigmoid(-3))) / 2
        let generator = -(log(sigmoid(0.5)) + log(sigmoid(-3))) / 2
        try expect(NonSaturatingLoss(), real: onReal, fake: onFake, generator: generator)
        try expect(MinimaxLoss(), real: onReal, fake: onFake, generator: -onFake)
    }

    @Test func leastSquares() throws {
        try expect(
            LeastSquaresLoss(), real: (1 + 4) / 2.0, fake: (0.25 + 9) / 2, generator: (0.25 + 16) / 2)
    }

    @Test func hinge() throws {
        try expect(HingeLoss(), real: (0 + 2) / 2.0, fake: (1.5 + 0) / 2, generator: -(0.5 - 3) / 2)
    }

    @Test func wasserstein() throws {
        try expect(WassersteinLoss(), real: -(2 - 1) / 2.0, fake: (0.5 - 3) / 2, generator: -(0.5 - 3) / 2)
    }

    @Test func boundaryEquilibrium() throws {
        let loss = try BEGANLoss(ratio: 0.5, rate: 0.1)
        // Errors in a logit's place.
        let (real, fake) = (
            try Tensor([2, 4] as [Float], shape: [2, 1]), try Tensor([1, 0] as [Float], shape: [2, 1])
        )
        func errors() throws -> [Double] {
            let losses = try loss.discriminator(real: real, fake: fake)
            return [try losses.real.item(), try losses.fake.item(), try loss.generator(fake: fake, real: nil).item()]
        }
        #expect(try errors() == [3, 0, 0.5])
        // k grows by 0.1 (0.5 · 3 − 0.5) = 0.1; M is 3 + 1.
        let series = try loss.updateState(real: real.mean(), generator: fake.mean())
        #expect(series.map(\.name) == ["began_k", "convergence_measure"])
        #expect(try abs(series[0].value.item() - 0.1) < 1e-6 && abs(series[1].value.item() - 4) < 1e-6)
        #expect(try abs(errors()[1] + 0.05) < 1e-6)
        // It never falls below 0.
        _ = try loss.updateState(real: Tensor.zeros([]), generator: Tensor.ones([]) * 100)
        #expect(try loss.state[0].tensor.item() == 0)
    }

    @Test func relativistic() throws {
        func softplus(_ x: Double) -> Double { log(1 + exp(x)) }
        // Pairs differ by 2 − 0.5 and −1 + 3.
        let discriminator = (softplus(-1.5) + softplus(-2)) / 2
        try expect(
            RelativisticLoss(), real: discriminator / 2, fake: discriminator / 2,
            generator: (softplus(1.5) + softplus(2)) / 2)
        #expect(throws: TorchError.self) { try RelativisticLoss().generator(fake: fake.get(), real: nil) }
    }
}
