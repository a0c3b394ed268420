import Foundation
import Measurements

/// Describes what an evaluation of samples cannot detect.
enum Blindness {
    static func note(_ history: History) -> String? {
        guard history.has(.lostClassMass) else { return noteWithoutLabels(history) }
        guard let classes = history.classes, classes.crudeness ?? 0 >= Thresholds.hidingCrudeness,
            classes.classes.contains(where: { $0.status != .unknown })
        else { return nil }
        return
            "The samples are crude, so a lost class that resembles other classes could go undetected; better samples show more."
    }

    /// States the share of the data from which a lost class is certain to be detected; `nil` if the data's modes are
    /// well separated.
    private static func noteWithoutLabels(_ history: History) -> String? {
        let names: [SeriesName] = [.jensenShannonHeldOut, .precision, .coverage, .precisionHeldOut, .coverageHeldOut]
        let newest = names.compactMap { history.windows($0).last?.mean }
        guard newest.count == names.count, newest.allSatisfy(\.isFinite), !history.has(.missingModes) else {
            return nil
        }
        let quality = Thresholds.quality(
            precision: newest[1], heldOut: newest[3], coverage: newest[2], coverageHeldOut: newest[4])
        let line = newest[0] + Thresholds.skewedDivergence(precision: newest[1], quality: quality, noise: newest[0])
        let shares = stride(from: 0.01, through: 0.5, by: 0.01)
        guard let share = shares.first(where: { Thresholds.visibleShare * divergence(without: $0) >= line }) else {
            return
                "Without labels, samples of this quality do not show whether classes are missing; provide labels for the data."
        }
        return
            "A missing class that makes up less than about \(Int((share * 100).rounded())) % of the data could go "
            + "undetected; with labels for the data, even small classes are checked."
    }

    /// The Jensen–Shannon divergence, in nats, between data and the same data without a share of it.
    static func divergence(without share: Double) -> Double {
        let (rest, middle) = (1 - share, 1 - share / 2)
        return (share * log(2) + rest * log(rest / middle) + log(1 / middle)) / 2
    }
}
