import Foundation

/// Round tick values along an axis, with their labels.
struct AxisTicks {
    let values: [Double]
    let labels: [String]

    /// Creates about `count` ticks within `range`, at multiples of 1, 2 or 5 times a power of ten.
    ///
    /// `range` must be finite and not empty. With `wholeNumbers`, only integers are used.
    init(in range: ClosedRange<Double>, about count: Int, wholeNumbers: Bool = false) {
        let span = range.upperBound - range.lowerBound
        let rough = span / Double(max(count, 1))
        let magnitude = pow(10, log10(rough).rounded(.down))
        var step =
            magnitude
            * ([1.0, 2, 5, 10].min { abs(log(magnitude * $0 / rough)) < abs(log(magnitude * $1 / rough)) } ?? 1)
        if wholeNumbers { step = max(step, 1) }
        let first = (range.lowerBound / step).rounded(.up)
        let last = (range.upperBound / step).rounded(.down)
        // A range narrower than the floating-point resolution contains no round numbers.
        guard step.isNormal, last - first >= 0, last - first < 1000, abs(first) < 1e15 else {
            values = []
            labels = []
            return
        }
        let ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
        values = ticks
        let largest = ticks.map(abs).max() ?? 0
        labels = ticks.map { Self.label($0, step: step, largest: largest) }
    }

    private init(values: [Double], labels: [String]) {
        self.values = values
        self.labels = labels
    }

    /// The same ticks with typographic minus signs instead of hyphens.
    var withMinusSigns: AxisTicks {
        AxisTicks(values: values, labels: labels.map { $0.replacing("-", with: "\u{2212}") })
    }

    /// Formats a number as briefly as the tick spacing allows: `0.25`, `40`, `12.5k`, `3M`, `2e-07`.
    private static func label(_ value: Double, step: Double, largest: Double) -> String {
        if value == 0 { return "0" }
        if largest >= 1e9 || largest < 1e-4 {
            let exponent = Int(log10(abs(value)).rounded(.down))
            let digits = max(0, exponent - Int((log10(step) + 1e-9).rounded(.down)))
            return String(format: "%.\(min(digits, 15))e", value)
        }
        let (unit, suffix) = largest >= 1e6 ? (1e6, "M") : largest >= 1e4 ? (1e3, "k") : (1, "")
        let decimals = max(0, -Int((log10(step / unit) + 1e-9).rounded(.down)))
        return String(format: "%.\(min(decimals, 15))f", value / unit) + suffix
    }
}
