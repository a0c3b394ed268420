import TestSupport
import Testing
import Torch

@Suite struct GradientTests {
    @Test func gradientsOfAScalar() throws {
        let x = try Tensor([1, 2, 3] as [Float]).requiringGradient()
        let y = try Tensor([4, 5, 6] as [Float]).requiringGradient()
        let slopes = try gradients(of: (x * x * y).sum(), for: [x, y])
        #expect(try slopes[0].values(as: Float.self) == [8, 20, 36])
        #expect(try slopes[1].values(as: Float.self) == [1, 4, 9])
    }

    @Test func whatIsNotUsedGetsZeros() throws {
        let x = try Tensor([1] as [Float]).requiringGradient()
        let unused = try Tensor.ones([2, 2]).requiringGradient()
        #expect(try gradients(of: x.squared().sum(), for: [x, unused])[1].values(as: Float.self) == [0, 0, 0, 0])
    }

    @Test func secondDerivatives() throws {
        let x = try Tensor([2] as [Double]).requiringGradient()
        let first = try gradients(of: x.power(4).sum(), for: [x], createGraph: true)[0]
        #expect(try first.item() == 32)
        #expect(try gradients(of: first.sum(), for: [x])[0].item() == 48)
    }

    @Test func nothingIsRecordedWithoutGradients() throws {
        let x = try Tensor([2] as [Float]).requiringGradient()
        let y = try withoutGradients { try x * 2 }
        #expect(!y.requiresGradient)
        #expect(try (x * 2).requiresGradient)
        #expect(throws: TorchError.self) { try gradients(of: y.sum(), for: [x]) }
    }

    @Test func theModeComesBackAfterAnError() throws {
        let x = try Tensor([2] as [Float]).requiringGradient()
        #expect(throws: TorchError.self) { try withoutGradients { try x.reshaped([7]) } }
        #expect(try (x * 2).requiresGradient)
    }

    @Test func autocastUsesTheShorterType() throws {
        let a = try Tensor.ones([4, 4])
        let inside = try withAutocast(to: .bfloat16, on: .cpu) { try a.matmul(a) }
        #expect(inside.dtype == .bfloat16)
        #expect(try a.matmul(a).dtype == .float32)
    }
}

@Suite struct RandomTests {
    @Test func theStateCanBeSavedAndRestored() throws {
        try RandomNumbers.exclusively(seed: 5) {
            let state = try randomState()
            let first = try Tensor.randomNormal([33])
            try restoreRandomState(state)
            #expect(try Tensor.randomNormal([33]).isIdentical(to: first))
        }
    }

    /// `torch.manual_seed(5); torch.randn(3); torch.randperm(5)` of PyTorch 2.13.
    @Test func theNumbersArePyTorchs() throws {
        try RandomNumbers.exclusively(seed: 5) {
            let numbers = try Tensor.randomNormal([3]).values(as: Float.self)
            for (number, expected) in zip(
                numbers, [-0.4867807626724243, -0.6038215756416321, -0.5580962300300598] as [Float])
            { #expect(abs(number - expected) < 1e-6) }
            #expect(try Tensor.randomPermutation(5).values(as: Int64.self) == [3, 1, 0, 2, 4])
        }
    }

    @Test func aGeneratorOfItsOwnLeavesTheDefaultAlone() throws {
        try RandomNumbers.exclusively(seed: 5) {
            let state = try randomState()
            let generator = try RandomGenerator(seed: 9)
            let first = try Tensor.randomUniform([100], from: generator)
            #expect(try randomState().isIdentical(to: state))
            #expect(try (first .>= 0).allTrue() && (first .< 1).allTrue())
            let again = try RandomGenerator(seed: 9)
            #expect(try Tensor.randomUniform([100], from: again).isIdentical(to: first))
        }
    }
}

@Suite struct DeviceTests {
    @Test func aDeviceThatIsNotThereIsAnError() throws {
        #expect(try Device(named: "cpu") == .cpu)
        #expect(try Device(named: "auto").description.isEmpty == false)
        let unknown = #expect(throws: TorchError.self) { try Device(named: "gpu") }
        #expect(unknown?.description.contains("\"gpu\"") == true)
        #expect(throws: TorchError.self) { try Device(named: "cuda:99") }
    }

    @Test func versionAndThreads() throws {
        #expect(LibTorch.version.hasPrefix("2."))
        #expect(LibTorch.threadCount >= 1)
    }
}
