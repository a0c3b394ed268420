public import Diagnostics
public import Foundation
public import Logs
import Measurements
public import Runs

/// The run of another program, recorded and judged while the program trains.
///
/// The run folder is created with the first interpretation of the program's log.
public final class WatchedRun {
    /// Where and how the run is stored.
    public struct Options {
        /// The folder of all runs.
        public var runsDirectory: URL
        /// The program's name in lists.
        public var name: String
        public var label: String?
        /// The command and its arguments; empty for a program that was started elsewhere.
        public var commandLine: [String]
        /// The program's own parameters, by name.
        public var parameters: [String: String] = [:]
        /// The folder whose Git repository is that of the program.
        public var workingDirectory = URL(
            fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)

        public init(runsDirectory: URL, name: String, label: String? = nil, commandLine: [String] = []) {
            (self.runsDirectory, self.name) = (runsDirectory, name)
            (self.label, self.commandLine) = (label, commandLine)
        }
    }

    /// What a new interpretation of the log has brought.
    public struct News {
        public let diagnosis: Diagnosis
        /// The findings that opened, became failures, or closed.
        public let findings: [FindingTracker.News]
        /// Whether a failure has just persisted for long enough to act on it.
        public let isAlarm: Bool
    }

    private let options: Options
    private var writer: RunWriter?
    private var program: ForeignProgram?
    private var recorded: [SeriesName: RecordedPart] = [:]
    /// The interpretation of which `recorded` is a part.
    private var recordedInterpretation: UUID?
    /// The log that was recorded; another one has its own findings.
    private var recordedSource: String?
    private var tracker = FindingTracker()
    private var alarm = Alarm()
    /// The number of windows of the last judgment.
    private var judgedWindows = -1

    public init(_ options: Options) { self.options = options }

    /// The run's folder; `nil` before the first interpretation.
    public var folder: RunFolder? { writer?.folder }

    /// Records what is new in the log, and judges it if there is enough news for another diagnosis.
    ///
    /// - Returns: `nil` if the log was not judged again.
    /// - Throws: ``RunStoreError``
    public func update(_ log: ForeignLog) throws -> News? {
        let program = ForeignProgram(log, name: options.name)
        let writer = try writer ?? start(program)
        if program != self.program {
            try writer.updateMetadata { $0.program = program }
            self.program = program
        }
        try record(log, of: program, writer)
        let windows = log.players.map(\.history.windowCount).reduce(0, +)
        let isBroken = log.players.contains { $0.history.hasNonFinite }
        guard windows != judgedWindows || isBroken && !alarm.isRinging else { return nil }
        judgedWindows = windows
        return judge(log, writer)
    }

    private func start(_ program: ForeignProgram) throws -> RunWriter {
        let metadata = RunMetadata.captured(
            label: options.label, device: "", threads: 0, torchVersion: "", commandLine: options.commandLine,
            workingDirectory: options.workingDirectory, program: program)
        let writer = try RunWriter.create(
            in: options.runsDirectory, parameters: options.parameters, metadata: metadata)
        (self.writer, self.program) = (writer, program)
        return writer
    }

    private func judge(_ log: ForeignLog, _ writer: RunWriter) -> News {
        let wasRinging = alarm.isRinging
        var diagnosis = log.diagnosis(.running(isAlarmed: wasRinging))
        // Much may have been logged since the last look, so the alarm goes by the steps, not by the looks.
        let onset = diagnosis.findings.filter(\.isFailure).map(\.sinceStep).min()
        if let history = log.players.first?.history { alarm.receive(diagnosis, of: history, onset: onset) }
        if alarm.isRinging != wasRinging { diagnosis = log.diagnosis(.running(isAlarmed: alarm.isRinging)) }
        let step = log.lastStep
        let earliest = log.players.map(\.history.earliestNewOnset).min() ?? 0
        let findings = tracker.receive(diagnosis, at: step, earliestOnset: earliest)
        findings.forEach { writer.record($0.record) }
        writer.record(DiagnosisRecord(step: step, isFinal: false, diagnosis: diagnosis))
        let isAlarm = alarm.isRinging && !wasRinging
        if isAlarm { writer.note("failed", diagnosis.findings.first?.summary ?? "", step: step) }
        return News(diagnosis: diagnosis, findings: findings, isAlarm: isAlarm)
    }

    /// Ends the run with its final diagnosis.
    ///
    /// - Parameter log: the last interpretation of the log.
    /// - Throws: ``RunStoreError``
    public func end(_ outcome: RunOutcome, _ log: ForeignLog) throws -> Diagnosis {
        _ = try update(log)
        let diagnosis = log.diagnosis()
        guard let writer else { return diagnosis }
        tracker.concluded(diagnosis, at: log.lastStep).forEach { writer.record($0.record) }
        if let classes = log.players.first?.history.classes { writer.record(classes) }
        for sentence in log.assumptions { writer.note("reading", sentence) }
        writer.record(DiagnosisRecord(step: log.lastStep, isFinal: true, diagnosis: diagnosis))
        try writer.finish(outcome)
        return diagnosis
    }

    // MARK: - Series

    /// The part of a series that is recorded already.
    private struct RecordedPart: Equatable {
        var count = 0
        private var hash = 0xCBF2_9CE4_8422_2325 as UInt64

        /// Adds the points that follow.
        mutating func append(_ points: ArraySlice<(step: Int, value: Double)>) {
            count += points.count
            for (step, value) in points {
                for bits in [UInt64(bitPattern: Int64(step)), value.bitPattern] {
                    hash = (hash ^ bits) &* 0x100_0000_01B3
                }
            }
        }
    }

    private func record(_ log: ForeignLog, of program: ForeignProgram, _ writer: RunWriter) throws {
        var series: [SeriesName: [(step: Int, value: Double)]] = [:]
        for (stored, own) in zip(program.players, log.players) {
            for (name, points) in own.series { series[stored.stored(name)] = points }
        }
        if log.interpretation != recordedInterpretation, !isExtended(by: series) {
            try writer.discardMeasurements(reason: "The log was interpreted anew, from its first row.")
            recorded = [:]
            if log.log.source != recordedSource { (tracker, alarm, judgedWindows) = (FindingTracker(), Alarm(), -1) }
        }
        (recordedInterpretation, recordedSource) = (log.interpretation, log.log.source)
        var new: [Int: [(series: SeriesName, value: Double)]] = [:]
        for (name, points) in series {
            let tail = points[(recorded[name]?.count ?? 0)...]
            for (step, value) in tail { new[step, default: []].append((name, value)) }
            recorded[name, default: RecordedPart()].append(tail)
        }
        let now = Date().timeIntervalSince1970
        for (step, values) in new.sorted(by: { $0.key < $1.key }) {
            writer.record(StepRecord(step: step, epoch: 0, imagesSeen: 0, wallTime: now, values: values))
        }
    }

    /// Whether everything recorded is the beginning of these series. With more rows, earlier ones may turn out to mean
    /// something else.
    private func isExtended(by series: [SeriesName: [(step: Int, value: Double)]]) -> Bool {
        recorded.allSatisfy { name, part in
            guard let points = series[name], points.count >= part.count else { return false }
            var beginning = RecordedPart()
            beginning.append(points[..<part.count])
            return beginning == part
        }
    }
}
