import Foundation
public import Measurements
public import Recipes

/// A rule that detects one failure pattern.
public protocol Rule: Sendable {
    var pattern: Pattern { get }
    /// The series that the rule requires.
    var signals: [SeriesName] { get }
    /// Whether the pattern is meaningful for an objective.
    func applies(to objective: Objective) -> Bool
    /// The same for a run whose objective may be unknown.
    func applies(to history: History) -> Bool
    /// The finding, without remedies; `nil` if the pattern does not hold now.
    func finding(in history: History) -> Finding?
}

extension Rule {
    public func applies(to objective: Objective) -> Bool { true }

    /// If the objective is unknown, only rules that apply to every objective are used.
    public func applies(to history: History) -> Bool {
        history.context.isObjectiveKnown
            ? applies(to: history.objective) : Objective.allCases.allSatisfy { applies(to: $0) }
    }
}

/// All the rules.
public enum Rules {
    public static let all: [any Rule] = [
        NonFinite(), DiscriminatorFrozen(), ConstantAccuracy(), DiscriminatorWins(), PerfectAccuracy(), GeneratorWins(),
        LossesVanish(), BothPlayersWin(), GeneratorLossRises(), Oscillation(),
        ExplodingLosses(), ExplodingGradients(), VanishingGradients(), CompleteCollapse(), PartialCollapse(),
        LostClasses(), DriftingCollapse(), Memorization(), BadQuality(), ScoreWorsens(), NeverLearns(), FrozenLoss(),
        ExplodingLayer(), PoorInitialization(), DeadUnits(), StalledLayer(), SaturatedOutputs(),
    ]
}

/// The strength of the evidence: 0.5 at the threshold, rising to 1 at `scale` times the threshold.
func strength(_ value: Double, over threshold: Double, scale: Double = 2) -> Double {
    guard value.isFinite, threshold > 0 else { return 1 }
    let times = max(1, value / threshold)
    return min(1, 0.5 + 0.5 * (times - 1) / (scale - 1))
}

/// Formats a number for a sentence, with about three significant digits.
func words(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "infinity" : "−infinity" }
    let magnitude = abs(value)
    if magnitude != 0, magnitude < 0.001 {
        let exponent = Int(log10(magnitude).rounded(.down))
        return "\((value / pow(10, Double(exponent)) * 10).rounded() / 10)e\(exponent)"
    }
    if magnitude >= 1e7 { return String(format: "%.3g", value).replacing("e+0", with: "e").replacing("e+", with: "e") }
    let digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3
    let factor = [1.0, 10, 100, 1000][digits]
    let rounded = (value * factor).rounded() / factor
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
}
