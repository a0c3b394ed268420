import Diagnostics
import Foundation
import Measurements
import Training

/// Shows the progress of a training: a bar with the rate and the remaining time, and a line per epoch.
final class ProgressDisplay: TrainingObserver {
    private let console: Console
    private var plan = TrainingPlan(stepsPerEpoch: 1, totalSteps: 1, batchSize: 1)
    private var firstStep = 0
    private var start = ContinuousClock.now
    private var hasFailed = false
    private var lastShown = ContinuousClock.now - .seconds(10)
    private var lastLine = ContinuousClock.now

    init(_ console: Console) { self.console = console }

    func receive(_ event: TrainingEvent) {
        switch event {
        case .started(let plan, let position):
            self.plan = plan
            firstStep = position.step
            start = .now
            lastLine = .now
        case .stepped(let measurement):
            advance(measurement)
        case .epochEnded(let epoch, let means, let position):
            console.line(
                "epoch \(epoch)  step \(position.step)  "
                    + losses { series in means.first { $0.series == series }?.mean })
            lastLine = .now
        case .warning(let message, _):
            console.warning(message)
        case .found(let record, _):
            show(record)
        case .failed(let diagnosis, let position):
            hasFailed = true
            announce(diagnosis, at: position)
        case .evaluated, .inspected, .binned, .classified, .judged, .concluded, .sampled, .savingCheckpoint,
            .savedCheckpoint, .ended:
            break
        }
    }

    /// Prints a line when a failure pattern appears and one when it ends. Before the alarm, a finding is an early sign.
    private func show(_ record: FindingRecord) {
        let finding = record.finding
        if let closed = record.closedStep {
            console.line("step \(closed)  \(finding.pattern.rawValue) has ended")
            return
        }
        let words = hasFailed ? finding.failure.words : "early sign of \(finding.failure.words)"
        console.line("step \(record.openedStep)  \(words): \(finding.summary)")
    }

    /// Prints the alarm: the most severe finding and the first remedy. `--quiet` does not suppress it.
    private func announce(_ diagnosis: Diagnosis, at position: TrainingPosition) {
        guard let worst = diagnosis.findings.first else { return }
        console.warning("The training has failed (step \(position.step)): \(worst.failure.words). \(worst.summary)")
        if let remedy = diagnosis.remedies.first?.remedy { console.warning("try: \(remedy.words)") }
    }

    private func advance(_ measurement: StepRecord) {
        let now = ContinuousClock.now
        if console.isInteractive, now - lastShown > .milliseconds(100) {
            lastShown = now
            console.status(bar(measurement, now))
        } else if !console.isInteractive, now - lastLine > .seconds(30) {
            // Without a terminal, print progress now and then: an epoch may take hours.
            lastLine = now
            console.line(
                "step \(measurement.step) of \(plan.totalSteps)  " + losses { measurement[$0] } + "  "
                    + rate(measurement, now))
        }
    }

    private func bar(_ measurement: StepRecord, _ now: ContinuousClock.Instant) -> String {
        let share = Double(measurement.step) / Double(max(1, plan.totalSteps))
        let filled = Int(share * 20)
        let bar = String(repeating: "━", count: filled) + String(repeating: "╌", count: 20 - filled)
        return "epoch \(measurement.epoch) \(bar) \(Int(share * 100)) %  step \(measurement.step)/\(plan.totalSteps)  "
            + rate(measurement, now) + "  " + losses { measurement[$0] }
    }

    private func rate(_ measurement: StepRecord, _ now: ContinuousClock.Instant) -> String {
        let seconds = (now - start) / .seconds(1)
        let steps = Double(measurement.step - firstStep)
        let imagesPerSecond = steps * Double(plan.batchSize) / max(seconds, 1e-9)
        let left = Double(plan.totalSteps - measurement.step) * seconds / max(1, steps)
        return "\(Int(imagesPerSecond)) images/s  \(duration(left)) left"
    }

    private func losses(_ value: (SeriesName) -> Double?) -> String {
        let parts: [(String, SeriesName)] = [
            ("generator", .lossGenerator), ("real", .lossDiscriminatorReal), ("fake", .lossDiscriminatorFake),
        ]
        return "loss " + parts.map { "\($0) \(value($1).map(threeDecimals) ?? "–")" }.joined(separator: "  ")
    }
}

func threeDecimals(_ value: Double) -> String { String(format: abs(value) < 1e6 ? "%.3f" : "%.3g", value) }

/// A duration in words.
func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e8 else { return "a long time" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    if whole < 86_400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
}
