import Adversarial
import TestSupport
import Testing
import Torch

@Suite struct OptimizerTests {
    static let makers: [(name: String, make: @Sendable ([Tensor]) throws -> any Optimizer)] = [
        ("adam", { try Adam($0, learningRate: 0.01, beta1: 0.5, beta2: 0.999) }),
        ("adam_decay", { try Adam($0, learningRate: 0.01, beta1: 0.9, beta2: 0.99, weightDecay: 0.1) }),
        ("adamw", { try Adam($0, learningRate: 0.01, beta1: 0.5, weightDecay: 0.1, decoupledDecay: true) }),
        ("rmsprop", { try RMSProp($0, learningRate: 0.01, smoothing: 0.9) }),
        ("rmsprop_momentum", { try RMSProp($0, learningRate: 0.01, weightDecay: 0.1, momentum: 0.9) }),
        ("sgd", { try SGD($0, learningRate: 0.01) }),
        ("sgd_momentum", { try SGD($0, learningRate: 0.01, momentum: 0.9, weightDecay: 0.1) }),
    ]

    @Test(arguments: makers.indices)
    func tenStepsArePyTorchs(_ index: Int) throws {
        let (name, make) = Self.makers[index]
        let fixture = try Fixture.load("optimizers")
        let parameters = try (0..<2).map { try fixture.tensor("start.\($0)").requiringGradient() }
        let optimizer = try make(parameters)
        for step in 0..<10 { try optimizer.step((0..<2).map { try fixture.tensor("slope.\(step).\($0)") }) }
        for (index, parameter) in parameters.enumerated() {
            #expect(try parameter.relativeDifference(to: fixture.tensor("\(name).\(index)")) < 1e-6, "\(name)")
        }
    }

    @Test(arguments: makers.indices)
    func theStateCarriesOn(_ index: Int) throws {
        let (name, make) = Self.makers[index]
        let fixture = try Fixture.load("optimizers")
        func slopes(_ step: Int) throws -> [Tensor] { try (0..<2).map { try fixture.tensor("slope.\(step).\($0)") } }
        let parameters = try (0..<2).map { try fixture.tensor("start.\($0)").cloned() }
        let first = try make(parameters)
        for step in 0..<5 { try first.step(slopes(step)) }
        let saved = try Safetensors(
            tensors: Dictionary(
                uniqueKeysWithValues: first.state.map { ("x." + $0.name, try $0.tensor.cloned()) }))
        let copies = try parameters.map { try $0.cloned() }
        let second = try make(copies)
        try second.load(saved, prefix: "x.")
        for step in 5..<10 {
            try first.step(slopes(step))
            try second.step(slopes(step))
        }
        for (a, b) in zip(parameters, copies) { #expect(try a.isIdentical(to: b), "\(name)") }
    }
}
