import Foundation
import Measurements

/// What a look at samples cannot see.
enum Blindness {
    /// How much of the divergence that a lost class would cause shows in bins of pixels, for the pairs of classes that show least: of 2,000 real
    /// images without two of ten classes the divergence was at least 0.013, of 0.075 where each bin held one class.
    private static let visibleShare = 0.17

    /// Samples of this crudeness hide lost classes: of GANs that were trained without one class of ten, it was named in about half.
    private static let hidingCrudeness = 0.5

    static func note(_ history: History) -> String? {
        guard history.has(.lostClassMass) else { return noteWithoutLabels(history) }
        guard let classes = history.classes, classes.crudeness ?? 0 >= hidingCrudeness,
            classes.classes.contains(where: { $0.status != .unknown })
        else { return nil }
        return
            "The samples are crude, so that a class could be lost without being seen here, if others resemble it; better samples show "
            + "more."
    }

    /// From how large a share of the data on a lost class is seen for certain; `nil` where the data's modes lie apart.
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
        guard let share = shares.first(where: { visibleShare * divergence(without: $0) >= line }) else {
            return
                "Without labels, samples of this quality do not show whether classes are missing; give labels of the data."
        }
        return
            "A class that makes up less than about \(Int((share * 100).rounded())) % of the data could be missing without being "
            + "seen here; with labels of the data even small ones are seen."
    }

    /// The Jensen–Shannon divergence of data from the same data without a share of it, in nats.
    static func divergence(without share: Double) -> Double {
        let (rest, middle) = (1 - share, 1 - share / 2)
        return (share * log(2) + rest * log(rest / middle) + log(1 / middle)) / 2
    }
}
