import Foundation
import Torch

/// An optimizer's steps as functions of parameters and gradients, so that gradients flow back through them. They start
/// from the optimizer's current state but do not modify it.
protocol Lookahead: AnyObject {
    /// The parameters after one more step.
    func step(_ parameters: [Tensor], _ gradients: [Tensor]) throws -> [Tensor]
}

extension SGD {
    final class Steps: Lookahead {
        private let rule: SGD
        private var velocities: [Tensor]

        init(_ rule: SGD, _ velocities: [Tensor]) {
            self.rule = rule
            self.velocities = velocities
        }

        func step(_ parameters: [Tensor], _ gradients: [Tensor]) throws -> [Tensor] {
            let pulls = try zip(gradients, parameters).map { try $0.decayed(towards: $1, by: rule.weightDecay) }
            let changes = try velocities.gather(pulls, momentum: rule.momentum)
            return try zip(parameters, changes).map { try $0 - $1 * rule.learningRate }
        }
    }
}

extension RMSProp {
    final class Steps: Lookahead {
        private let rule: RMSProp
        private var meanSquares: [Tensor]
        private var velocities: [Tensor]

        init(_ rule: RMSProp, _ meanSquares: [Tensor], _ velocities: [Tensor]) {
            self.rule = rule
            self.meanSquares = meanSquares
            self.velocities = velocities
        }

        func step(_ parameters: [Tensor], _ gradients: [Tensor]) throws -> [Tensor] {
            let gradients = try zip(gradients, parameters).map { try $0.decayed(towards: $1, by: rule.weightDecay) }
            meanSquares = try zip(meanSquares, gradients).map { mean, gradient in
                try mean * rule.smoothing + gradient.squared() * (1 - rule.smoothing)
            }
            let scaled = try zip(gradients, meanSquares).map { try $0 / ($1.smoothRoot() + rule.epsilon) }
            let changes = try velocities.gather(scaled, momentum: rule.momentum)
            return try zip(parameters, changes).map { try $0 - $1 * rule.learningRate }
        }
    }
}

extension Adam {
    final class Steps: Lookahead {
        private let rule: Adam
        private var firstMoments: [Tensor]
        private var secondMoments: [Tensor]
        private var count: Int

        init(_ rule: Adam, _ firstMoments: [Tensor], _ secondMoments: [Tensor], count: Int) {
            self.rule = rule
            self.firstMoments = firstMoments
            self.secondMoments = secondMoments
            self.count = count
        }

        func step(_ parameters: [Tensor], _ gradients: [Tensor]) throws -> [Tensor] {
            count += 1
            let (rate, decay) = (rule.learningRate, rule.weightDecay)
            let gradients = try zip(gradients, parameters).map {
                try $0.decayed(towards: $1, by: rule.decoupledDecay ? 0 : decay)
            }
            firstMoments = try zip(firstMoments, gradients).map { try $0 * rule.beta1 + $1 * (1 - rule.beta1) }
            secondMoments = try zip(secondMoments, gradients).map {
                try $0 * rule.beta2 + $1.squared() * (1 - rule.beta2)
            }
            let first = 1 - pow(rule.beta1, Double(count))
            let second = (1 - pow(rule.beta2, Double(count))).squareRoot()
            return try parameters.indices.map { index in
                let parameter = try parameters[index] * (rule.decoupledDecay ? 1 - rate * decay : 1)
                let size = try secondMoments[index].smoothRoot() / second + rule.epsilon
                return try parameter - firstMoments[index] / size * (rate / first)
            }
        }
    }
}

extension [Tensor] {
    /// Adds changes to these velocities and returns them; without momentum, returns the changes.
    fileprivate mutating func gather(_ changes: [Tensor], momentum: Double) throws -> [Tensor] {
        guard momentum > 0 else { return changes }
        self = try zip(self, changes).map { try $0 * momentum + $1 }
        return self
    }
}

extension Tensor {
    /// The square root, differentiable also at 0.
    fileprivate func smoothRoot() throws -> Tensor { try (self + 1e-30).squareRoot() }
}
