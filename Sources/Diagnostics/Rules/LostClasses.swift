import Measurements

/// The generator never, or hardly ever, produces some classes of labeled data.
///
/// A class is lost below a tenth of its due share, and rare below a third of it. Lost classes that make up 12 % of the
/// data or more are a failure: two of ten, one of eight, three of twenty-five. Fewer lost classes, or rare ones alone,
/// are a warning. In crude samples, each lost or rare class counts in proportion to the probability that it is lost.
struct LostClasses: Rule {
    let pattern = Pattern.lostClasses
    let signals: [SeriesName] = [.lostClassMass, .rareClassMass]

    func finding(in history: History) -> Finding? {
        // If a classifier was ready only for the newest evaluation, there is no second measurement.
        let isFirstLook = history.windows(.lostClassMass).count == 1 && history.windows(.diversity).count > 1
        // One measurement of many samples, such as the final one of a run, decides by itself.
        let isGoodLook = hasGoodLook(history)
        let needed = isFirstLook || isGoodLook ? 1 : history.evaluationsNeeded
        let stretch = history.stretch(of: signals, lasting: needed) { $0[0].mean + $0[1].mean > 0 }
        guard let stretch else { return nil }
        func mass(_ series: SeriesName) -> Double {
            isGoodLook ? history.windows(series).last?.mean ?? 0 : stretch.typical(series)
        }
        func evidence(_ series: SeriesName, _ value: Double, threshold: Double) -> Evidence {
            Evidence(
                signal: series.rawValue, value: value, threshold: threshold,
                fromStep: isGoodLook ? history.windows(series).last?.firstStep ?? stretch.firstStep : stretch.firstStep,
                toStep: stretch.lastStep)
        }
        let (lost, rare) = (mass(.lostClassMass), mass(.rareClassMass))
        guard lost + rare > 0 else { return nil }
        let line = Thresholds.lostClassMass
        let severity =
            lost >= line
            ? strength(lost, over: line, scale: 4)
            : Thresholds.highestWarning * (1 + min(1, (lost + rare / 2) / line)) / 2
        return Finding(
            failure: .modeCollapse, pattern: pattern, severity: severity, sinceStep: stretch.firstStep,
            summary: summary(history.classes, lost, rare, since: history.since(stretch.firstStep)),
            evidence: [
                lost > 0 ? evidence(.lostClassMass, lost, threshold: line) : nil,
                rare > 0 ? evidence(.rareClassMass, rare, threshold: 0) : nil,
                history.has(.lowestClassShare) ? lowest(history) : nil,
            ].compactMap(\.self))
    }

    /// Whether the classes of many samples were measured at the newest step, and of more samples than before.
    private func hasGoodLook(_ history: History) -> Bool {
        let looks = history.windows(.classSamples).suffix(2)
        guard let newest = looks.last, newest.lastStep >= history.lastStep, newest.mean >= Thresholds.manySamples
        else {
            return false
        }
        return looks.count == 1 || newest.mean >= 2 * looks[looks.startIndex].mean
    }

    private func lowest(_ history: History) -> Evidence? {
        history.windows(.lowestClassShare).last.map {
            Evidence(
                signal: SeriesName.lowestClassShare.rawValue, value: $0.mean, threshold: Thresholds.rareClassShare,
                fromStep: $0.firstStep, toStep: $0.lastStep)
        }
    }

    private func summary(_ record: ClassRecord?, _ lost: Double, _ rare: Double, since: String) -> String {
        guard let record, !record.classes(.lost).isEmpty || !record.classes(.rare).isEmpty else {
            return lost > 0
                ? "Classes are lost: \(since)the samples have hardly any examples of classes that make up "
                    + "\(words(lost * 100)) % of the data."
                : "Classes are rare: \(since)the samples have less than a third of the due share of classes that make "
                    + "up \(words(rare * 100)) % of the data."
        }
        var parts: [String] = []
        if case let classes = record.classes(.lost), !classes.isEmpty {
            parts.append("have almost none of \(list(classes, of: record))")
        }
        if case let classes = record.classes(.rare), !classes.isEmpty {
            parts.append("have too few of \(list(classes, of: record))")
        }
        return
            "\(LostClasses.subject(record)): \(since)the samples "
            + parts.joined(separator: ", and ")
            + " (\(record.trustedCount) of \(record.sampleCount) samples clearly belong to one class)."
    }

    private static func subject(_ record: ClassRecord) -> String {
        let lost = record.classes(.lost)
        let count = lost.isEmpty ? record.classes(.rare).count : lost.count
        return (count == 1 ? "A class is " : "Classes are ") + (lost.isEmpty ? "rare" : "lost")
    }

    /// The maximum number of classes that a sentence names.
    private static let mostNamed = 8

    /// Names of classes, each with its number of samples and the expected number.
    private func list(_ classes: [ClassRecord.Class], of record: ClassRecord) -> String {
        let named = classes.prefix(LostClasses.mostNamed).map { item in
            let expected =
                item.relativeShare > 0
                ? Double(item.samples) / item.relativeShare : item.due * Double(record.trustedCount)
            let samples = item.samples == 1 ? "1 sample" : "\(item.samples) samples"
            return "“\(item.name)” (\(samples), expected \(Int(expected.rounded())))"
        }
        let others = classes.count - named.count
        let all = named + (others > 0 ? ["\(others) more"] : [])
        return all.count < 2 ? all.joined() : all.dropLast().joined(separator: ", ") + " and " + (all.last ?? "")
    }
}
