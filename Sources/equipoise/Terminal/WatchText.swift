import Diagnostics
import Foundation
import Runs
import Watching

/// The lines that `watch` prints between those of the command.
enum WatchText {
    static func lines(of event: LogWatcher.Event) -> [String] {
        switch event {
        case .began(let folder): ["equipoise: recording the run \(folder.lastPathComponent)"]
        case .warning(let sentence): ["equipoise: warning: \(sentence)"]
        case .news(let news, let unit): lines(of: news, unit)
        }
    }

    private static func lines(of news: WatchedRun.News, _ unit: String) -> [String] {
        func place(_ step: Int) -> String { History.place(step, unit: unit) }
        var lines = news.findings.map { change in
            let finding = change.record.finding
            if let closed = change.record.closedStep {
                return "equipoise: \(place(closed)): \(finding.pattern.rawValue) has ended"
            }
            return
                "equipoise: \(place(change.record.openedStep)): early sign of \(finding.failure.words): \(finding.summary)"
        }
        if news.isAlarm, let worst = news.diagnosis.findings.first {
            lines.append("equipoise: the training has failed: \(worst.failure.words). \(worst.summary)")
            if let remedy = news.diagnosis.remedies.first?.remedy { lines.append("equipoise: try: \(remedy.words)") }
        }
        return lines
    }

    /// The verdict, and where to read more.
    static func summary(of result: LogWatcher.Result?, name: String, _ runs: RunsOption) -> [String] {
        guard let result else { return ["equipoise: \(name) contains no losses of a GAN, so there is no verdict."] }
        var lines = ["equipoise: \(result.diagnosis.headline)"]
        if let worst = result.diagnosis.findings.first { lines.append("equipoise: \(worst.summary)") }
        if let remedy = result.diagnosis.remedies.first?.remedy { lines.append("equipoise: try: \(remedy.words)") }
        if let folder = result.folder {
            lines.append("equipoise: details: equipoise diagnose \(runs.arguments(for: RunFolder(folder)))")
        }
        return lines
    }
}
