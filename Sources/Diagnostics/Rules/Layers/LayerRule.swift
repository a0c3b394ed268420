import Foundation
import Measurements

/// A pattern of single layers in Equipoise's own runs, detected by probing the networks. It only warns and names the
/// layer: a run with an abnormal layer may be healthy, and a failed run has other findings that say so.
protocol LayerRule: Rule {}

extension LayerRule {
    /// Foreign logs have no layer statistics, so nothing is reported as missing there.
    var signals: [SeriesName] { [] }
}

extension [LayerSignal.Streak] {
    /// The layers' names for a sentence: the first three, and how many more there are.
    var names: String {
        let shown = prefix(3).map(\.signal.layer)
        let rest = count - shown.count
        guard rest == 0 else { return shown.joined(separator: ", ") + " and \(rest) more" }
        return shown.count == 1 ? shown[0] : shown.dropLast().joined(separator: ", ") + " and " + (shown.last ?? "")
    }
}
