import Adversarial
import ArgumentParser
import Dashboard
import Datasets
import Diagnostics
import Foundation
import Measurements
import Networks
import Recipes
import Runs
import Sessions
import Training

/// Runs a training session in the terminal and prints its events.
struct TerminalSession {
    let runs: RunsOption
    let watch: WatchOptions
    let console: Console

    /// Trains a configuration as a new run.
    func begin(
        _ requested: TrainingConfiguration, fallbackData: String? = nil, label: String?,
        origin: TrainingSession.Origin? = nil
    ) throws {
        try run { report in
            let setup = try TrainingSetup(requested, fallbackData: fallbackData, report: report)
            return try TrainingSession(setup, options(label, report), origin: origin)
        }
    }

    /// Resumes a run.
    ///
    /// - Parameter device: another device than the run's.
    func resume(_ reader: RunReader, device: String?) throws {
        try TrainingSession.requireUnfinished(reader)
        guard try reader.status() != .running else {
            throw RunStoreError.inUse(folder: reader.folder.directory, process: nil)
        }
        var configuration = try reader.configuration()
        if let device { try configuration.set("device", to: device) }
        try run { report in
            let setup = try TrainingSetup(configuration, report: report)
            return try TrainingSession(resuming: reader.folder, setup, options(nil, report))
        }
    }

    /// - Throws: `ExitCode`: 1 if something could not be saved, 3 if an alarm ended the training, 130 if the user stopped it.
    private func run(_ make: (@escaping (SessionEvent) -> Void) throws -> TrainingSession) throws {
        let dashboard = watch.live.start(runs, console)
        defer { dashboard?.stop() }
        let session = try make(show)
        // Shared by all repairs, so that a request to stop between two runs counts too.
        let interruption = Interruption()
        let ending: TrainingSession.Ending
        do {
            ending = try session.runWithRepairs { interruption.isRequested }.ending
        } catch let error as SessionError {
            explain(error)
            throw ExitCode(1)
        }
        switch ending.outcome {
        case .failed: throw ExitCode(1)
        case .stopped where !ending.isFailure: throw ExitCode(130)
        default:
            guard ending.isFailure else { return }
            // Ctrl-C between two repairs, or while the failed run was stopping.
            let isInterrupted = interruption.isRequested && (ending.outcome == .stopped || watch.onFailure == .repair)
            throw ExitCode(isInterrupted ? 130 : 3)
        }
    }

    private func options(_ label: String?, _ report: @escaping (SessionEvent) -> Void) -> TrainingSession.Options {
        var options = TrainingSession.Options()
        options.library = runs.library
        options.label = label
        options.onFailure = watch.reaction
        options.observers = { [watch, console] folder in [ProgressDisplay(console)] + watch.observers(folder, console) }
        options.report = report
        return options
    }

    private func show(_ event: SessionEvent) {
        switch event {
        case .note, .downloading, .warning: console.show(event)
        case .begins(let session): introduce(session)
        case .repairs(let repair): announce(repair)
        case .ended(let session, let ending): summarize(session, ending)
        }
    }

    private func introduce(_ session: TrainingSession) {
        let trainer = session.trainer
        console.startLog(at: session.folder.console)
        session.observeWriting { problem in complain(problem ?? "The run's database is writable again.") }
        guard !session.isResumed else {
            return console.line("run \(session.folder.name) continues after step \(trainer.position.step)")
        }
        if session.origin == nil {
            session.setup.configuration.yaml.split(separator: "\n").forEach { console.line(String($0)) }
        }
        console.line()
        console.line("\(session.setup.data.summary); \(session.setup.deviceDescription)")
        console.line(
            "generator \(trainer.game.generator.network.parameterCount) parameters, discriminator "
                + "\(trainer.game.discriminator.network.parameterCount); \(trainer.plan.totalSteps) steps, "
                + "\(trainer.plan.stepsPerEpoch) an epoch")
        let start = trainer.position.step > 0 ? " from step \(trainer.position.step)" : ""
        console.line("run \(session.folder.name)\(session.origin.map { ", after \($0.parent)\(start)" } ?? "")")
    }

    private func announce(_ repair: Repair) {
        let changes = repair.changes.map { "\($0.path) \($0.theirs) → \($0.ours)" }.joined(separator: ", ")
        console.line()
        console.warning("repair \(repair.number) of up to \(repair.limit): \(repair.remedy.title) (\(changes))")
        if repair.restarts {
            console.warning(
                "There is no checkpoint from before the failure, so the training restarts from the first step.")
        }
    }

    private func explain(_ error: SessionError) {
        complain("\(error)")
        switch error {
        case .failed(let run, let step, _):
            // A training that failed in its first step would fail there again.
            let advice = step > 0 ? "; continue with: equipoise resume \(reference(run))" : "."
            complain("What was recorded is in \(run.directory.path)\(advice)")
        case .notSaved(let run, _):
            complain(
                "The last values of the run could not be saved. Free some space, then: equipoise resume \(reference(run))"
            )
        case .finished, .unknownKeys, .unusableCheckpoints: break
        }
    }

    /// The argument that names a run again: its id, or its path if it is not in the default folder.
    private func reference(_ folder: RunFolder) -> String {
        let found = try? RunsOption.standard.find(folder.name)
        guard found != folder else { return folder.name }
        let path = folder.directory.path
        return path.contains(" ") ? "'\(path)'" : path
    }

    /// Prints the loss chart, the diagnosis, and where the files are.
    private func summarize(_ session: TrainingSession, _ ending: TrainingSession.Ending) {
        let folder = session.folder
        guard let reader = try? RunReader(folder) else { return }
        console.line()
        let lines = SeriesName.losses.map { name in
            TerminalChart.Line(name: name.rawValue, values: ((try? reader.points(of: name)) ?? []).map(\.value))
        }
        let chart = TerminalChart(lines: lines, isColored: console.isInteractive)
        chart.render().forEach { console.line($0) }
        console.line()
        let position = session.trainer.position
        if let diagnosis = try? reader.diagnosis() { summarize(diagnosis, of: folder) }
        let verb = ending.outcome == .finished ? "Finished" : "Stopped"
        console.line("\(verb) after step \(position.step), epoch \(position.epoch), \(position.imagesSeen) examples.")
        if let chart = ending.lossChart { console.line("  losses       \(chart.path)") }
        if let sheet = try? reader.sheets().last {
            console.line("  samples      \(folder.directory.appending(path: sheet.file).path)")
        }
        console.line("  checkpoints  \(folder.checkpoints.path)")
        console.line("  run folder   \(folder.directory.path)")
        if ending.outcome == .stopped { console.line("Continue with: equipoise resume \(reference(folder))") }
        if case .failed(let reason) = ending.outcome {
            complain("\(reason) Free some space or repair the folder, then: equipoise resume \(reference(folder))")
        }
    }

    private func summarize(_ diagnosis: Diagnosis, of folder: RunFolder) {
        console.line("Diagnosis: \(diagnosis.headline)")
        console.line(diagnosis.judged.sentences.joined(separator: " "))
        for finding in diagnosis.findings {
            console.line("\(finding.failure.words.firstUppercased): \(finding.summary)")
        }
        for note in diagnosis.notes { console.line(note) }
        if diagnosis.verdict == .undecided { for line in diagnosis.unseen { console.line(line) } }
        console.line("Details: equipoise diagnose \(reference(folder))")
        console.line()
    }
}
