import TestSupport
import Testing
import Torch

@Suite struct TensorTests {
    private func floats(_ tensor: Tensor) throws -> [Float] { try tensor.values() }

    @Test func valuesGoInAndOut() throws {
        let tensor = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        #expect(tensor.shape == [2, 3] && tensor.count == 6 && tensor.dtype == .float32 && tensor.device == .cpu)
        #expect(try floats(tensor.transposed()) == [1, 4, 2, 5, 3, 6])
        #expect(try Tensor([7 as Int64, -1]).values(as: Int64.self) == [7, -1])
        #expect(try Tensor([true, false]).values(as: Bool.self) == [true, false])
    }

    @Test func wrongShapesAndTypesAreErrors() throws {
        #expect(throws: TorchError.self) { try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }
        #expect(throws: TorchError.self) { try Tensor([1] as [Float], shape: [-1]) }
        #expect(throws: TorchError.self) { try Tensor.zeros([2]).values(as: Double.self) }
        #expect(throws: TorchError.self) { try Tensor.zeros([2, 3]).matmul(Tensor.zeros([2, 3])) }
        #expect(throws: TorchError.self) { try Tensor.zeros([2]) + Tensor.zeros([3]) }
        #expect(throws: TorchError.self) { try Tensor.zeros([2]).selecting(5) }
    }

    @Test func aTensorTooLargeForTheMachineIsAnError() throws {
        let error = #expect(throws: TorchError.self) { try Tensor.zeros([1 << 40, 1 << 10]) }
        #expect(error?.kind == .outOfMemory)
    }

    @Test func arithmetic() throws {
        let a = try Tensor([1, 4, 9] as [Float])
        let b = try Tensor([2, 2, 3] as [Float])
        #expect(try floats(a + b) == [3, 6, 12])
        #expect(try floats(a - b) == [-1, 2, 6])
        #expect(try floats(a * b) == [2, 8, 27])
        #expect(try floats(a / b) == [0.5, 2, 3])
        #expect(try floats(1 - a) == [0, -3, -8])
        #expect(try floats(18 / a) == [18, 4.5, 2])
        #expect(try floats(2 * a + 1) == [3, 9, 19])
        #expect(try floats((-a).magnitude().squareRoot()) == [1, 2, 3])
        #expect(try floats(a.power(0.5)) == [1, 2, 3])
        #expect(try floats(a.clamped(2, 5)) == [2, 4, 5])
        #expect(try floats(a.minimum(b)) == [1, 2, 3])
        #expect(try floats(Tensor([0.5, 1.5, 2.5] as [Float]).rounded()) == [0, 2, 2])
    }

    @Test func changesInPlace() throws {
        let a = try Tensor([1, 2] as [Float])
        let b = try Tensor([3, 5] as [Float])
        try a.addInPlace(b, scale: 2)
        #expect(try floats(a) == [7, 12])
        try a.addProductInPlace(b, b, scale: -1)
        #expect(try floats(a) == [-2, -13])
        try a.addQuotientInPlace(b, b)
        try a.multiplyInPlace(by: 2)
        #expect(try floats(a) == [-2, -24])
        try a.clampInPlace(-3, 3)
        #expect(try floats(a) == [-2, -3])
    }

    @Test func comparison() throws {
        let a = try Tensor([1, 2, 3] as [Float])
        let b = try Tensor([3, 2, 1] as [Float])
        #expect(try (a .< b).values() == [true, false, false])
        #expect(try (a .>= 2).values() == [false, true, true])
        #expect(try (a .== b).values() == [false, true, false])
        #expect(try (a .> 0).allTrue() && !(a .> 1).allTrue() && (a .> 2).anyTrue())
        #expect(try floats((a .< b).select(a, else: b)) == [1, 2, 1])
        #expect(try Tensor([1, .nan, .infinity] as [Float]).isFinite().values() == [true, false, false])
    }

    @Test func reductions() throws {
        let a = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        #expect(try a.sum().item() == 21 && a.mean().item() == 3.5)
        #expect(try floats(a.sum([0])) == [5, 7, 9])
        #expect(try a.mean([1], keepingDimensions: true).shape == [2, 1])
        #expect(try abs(a.variance().item() - 3.5) < 1e-6)
        #expect(try abs(a.variance(correction: 0).item() - 35.0 / 12) < 1e-6)
        #expect(try floats(Tensor([3, 4] as [Float]).norm().unsqueezed(0)) == [5])
        #expect(try a.indexOfMaximum(1).values(as: Int64.self) == [2, 2])
        #expect(try floats(a.maximum(over: [1])) == [3, 6])
        let (values, order) = try Tensor([2, 3, 1] as [Float]).sorted(descending: true)
        #expect(try floats(values) == [3, 2, 1] && order.values(as: Int64.self) == [1, 0, 2])
        #expect(try Tensor([0, 2, 2] as [Int64]).counts(bins: 4).values(as: Int64.self) == [1, 0, 2, 0])
        #expect(try Tensor.totalNorm([Tensor([3] as [Float]), Tensor([0, 4] as [Float])]).item() == 5)
    }

    @Test func views() throws {
        let a = try Tensor.range(24).to(.float32).reshaped([2, 3, 4])
        #expect(try a.permuted([2, 0, 1]).shape == [4, 2, 3])
        #expect(try a.flattened(from: 1).shape == [2, 12])
        #expect(try floats(a.selecting(1).selecting(2, dimension: 1)) == [14, 18, 22])
        #expect(try floats(a.slice(1..<3, dimension: 2).flattened().slice(0..<2)) == [1, 2])
        #expect(try a.unsqueezed(1).squeezed(1).sharesMemory(with: a))
        #expect(try a.slice(0..<1).expanded([5, -1, -1]).shape == [5, 3, 4])
        #expect(try floats(a.gathering(Tensor([1] as [Int64])).flattened().slice(0..<1)) == [12])
        #expect(try Tensor.concatenate([a, a], dimension: 1).shape == [2, 6, 4])
        #expect(try Tensor.stack([a, a]).shape == [2, 2, 3, 4])
        #expect(try floats(Tensor([1, 2] as [Float]).flipped(0)) == [2, 1])
        #expect(try a.padded(left: 1, right: 0, top: 0, bottom: 2).shape == [2, 5, 5])
    }

    @Test func channelsLastKeepsTheValues() throws {
        let image = try Tensor.range(24).to(.float32).reshaped([1, 2, 3, 4])
        let other = try image.channelsLast()
        #expect(other.isChannelsLast && !image.isChannelsLast)
        #expect(try other.bytes() == image.bytes())
    }
}
