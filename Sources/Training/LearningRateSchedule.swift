import Foundation
import Recipes

/// The schedule of a learning rate over the course of training.
///
/// Source: linear decay to zero: Gulrajani et al. 2017 (arXiv 1704.00028); cosine: Loshchilov and Hutter 2016 (arXiv
/// 1608.03983), without restarts; warm-up: Goyal et al. 2017 (arXiv 1706.02677).
struct LearningRateSchedule {
    let kind: ScheduleKind
    let warmUp: Int
    let totalSteps: Int

    /// Returns the factor applied to the learning rate at a step, counted from 1.
    func factor(at step: Int) -> Double {
        if step <= warmUp { return Double(step) / Double(warmUp + 1) }
        let progress = min(1, Double(step - 1 - warmUp) / Double(max(1, totalSteps - warmUp)))
        switch kind {
        case .constant: return 1
        case .linear: return 1 - progress
        case .cosine: return (1 + cos(.pi * progress)) / 2
        }
    }
}
