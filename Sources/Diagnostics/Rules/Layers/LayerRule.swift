import Foundation
import Measurements

/// A pattern of single layers of one's own runs, seen by looks into the networks. It warns and names the layer: a run with an odd layer may be sound, and a
/// failed one has other findings, which say that it failed.
protocol LayerRule: Rule {}

extension LayerRule {
    /// Foreign logs know nothing of layers, so that nothing is missing there.
    var signals: [SeriesName] { [] }
}

/// What is said of layers: severities, from the cause to what may follow from it.
enum LayerSeverity {
    static let exploding = 0.48
    static let initialization = 0.46
    static let dead = 0.44
    static let saturated = 0.43
    static let stalled = 0.42
    static let vanishing = 0.38
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
