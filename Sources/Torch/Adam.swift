internal import CTorch

/// Updates all parameters in place with one step of Adam, or of AdamW if `decoupledDecay`.
///
/// The lists are parallel: entry i of each belongs to parameter i. `steps` holds one-element tensors, which are
/// incremented by one.
///
/// Source: Kingma and Ba 2014 (arXiv 1412.6980), algorithm 1; Loshchilov and Hutter 2017 (arXiv 1711.05101), algorithm
/// 2.
public func adamStep(
    parameters: [Tensor], gradients: [Tensor], firstMoments: [Tensor], secondMoments: [Tensor], steps: [Tensor],
    learningRate: Double, beta1: Double, beta2: Double, weightDecay: Double, epsilon: Double, decoupledDecay: Bool
) throws(TorchError) {
    let count = parameters.count
    precondition([gradients, firstMoments, secondMoments, steps].allSatisfy { $0.count == count })
    try (parameters + gradients + firstMoments + secondMoments + steps).withHandles { (all) throws(TorchError) in
        guard let all else { return }
        try check(
            torch.adam_step(
                all, all + count, all + 2 * count, all + 3 * count, all + 4 * count, count, learningRate, beta1, beta2,
                weightDecay, epsilon, decoupledDecay))
    }
}
