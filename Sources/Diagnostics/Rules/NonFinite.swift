import Measurements

/// A loss or a gradient is NaN or infinite: no value after it can be trusted.
///
/// It applies to every objective and needs no persistence: NaN does not go away by itself.
struct NonFinite: Rule {
    let pattern = Pattern.nonFinite
    let signals: [SeriesName] = [.lossGenerator]

    /// The watched series. If several break at the same step, the first is named: a total loss before halves that were
    /// derived from it.
    private static let watched: [SeriesName] = [
        .lossDiscriminator, .lossDiscriminatorReal, .lossDiscriminatorFake, .gradientNormDiscriminator, .lossGenerator,
        .gradientNormGenerator, .diversity,
    ]

    func finding(in history: History) -> Finding? {
        let first = NonFinite.watched.compactMap { series in
            history.firstNonFinite(series).map { (series: series, step: $0.step, value: $0.value) }
        }.min { $0.step < $1.step }
        guard let first else { return nil }
        let before = history.windows(.gradientNormGenerator).last { $0.lastStep < first.step }
        let gradient =
            before.map { " Just before, the generator's gradient norm reached \(words($0.maximum))." } ?? ""
        let what =
            first.series == .diversity
            ? "The samples contain values that are not finite, or too large to compare,"
            : "\(first.series) became \(words(first.value))"
        // A layer that was out of control by then is the likeliest cause.
        let layer = ExplodingLayer().finding(in: history) ?? PoorInitialization().finding(in: history)
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 1, sinceStep: first.step,
            summary:
                "\(what) at \(history.place(first.step))\(first.series == .diversity ? "." : ", and nothing after it can be trusted.")\(gradient)"
                + (layer.map { " \($0.summary)" } ?? ""),
            evidence: [
                Evidence(
                    signal: first.series.rawValue, value: first.value, threshold: .infinity, fromStep: first.step,
                    toStep: history.lastStep)
            ] + (layer?.evidence ?? []))
    }
}
