import Adversarial
import Dashboard
import Datasets
import Diagnostics
import Exporters
import Foundation
import Images
import Measurements
import Networks
import Recipes
import Runs
import Torch
import Training

/// What `train` and `resume` share: a trainer with its run folder, shown in the terminal.
struct TrainingSession {
    let trainer: Trainer
    let writer: RunWriter
    let console: Console
    let watch: WatchOptions

    /// Another run from which a new one starts.
    struct Origin {
        let parent: RunIdentifier
        let remedy: AppliedRemedy
        /// Where that run was when it was still well; `nil` to start from the first step.
        var checkpoint: CheckpointStore.Contents?
    }

    /// Makes a new run of a configuration and trains it to the end, with repairs if they are wanted.
    ///
    /// - Parameters:
    ///   - fallbackData: data to take when the configuration's is not here and cannot be downloaded.
    ///   - origin: the run that this one repeats with a change.
    /// - Returns: the exit code, see ``run(_:)``.
    static func begin(
        _ requested: TrainingConfiguration, fallbackData: String? = nil, label: String?, origin: Origin? = nil,
        in runs: RunsOption, watch: WatchOptions, _ console: Console
    ) throws -> Int32 {
        let dashboard = watch.startDashboard(runs, console)
        defer { dashboard?.stop() }
        return try make(
            requested, fallbackData: fallbackData, label: label, origin: origin, in: runs, watch: watch, console
        ).runWithRepairs(in: runs)
    }

    static func make(
        _ requested: TrainingConfiguration, fallbackData: String? = nil, label: String?, origin: Origin?,
        in runs: RunsOption, watch: WatchOptions, _ console: Console
    ) throws -> TrainingSession {
        let preparation = try Preparation(requested, fallbackData: fallbackData, console: console)
        let configuration = preparation.configuration
        func freshTrainer() throws -> Trainer {
            try Trainer(configuration, data: preparation.data, device: preparation.device)
        }
        var trainer = try freshTrainer()
        var remedy = origin?.remedy
        if let checkpoint = origin?.checkpoint {
            if try trainer.adopt(checkpoint) {
                remedy?.fromStep = trainer.position.step
            } else {
                trainer = try freshTrainer()
                console.warning(
                    "The checkpoint does not fit what was changed, or leaves nothing to train, so the training starts anew."
                )
            }
        }
        try watch.attach(to: trainer, console)
        let writer = try RunWriter.create(
            in: runs.library.directory, configuration: configuration,
            metadata: RunMetadata.captured(
                label: label, device: preparation.deviceDescription, threads: configuration.threads,
                equipoiseVersion: Equipoise.version, torchVersion: LibTorch.version, parent: origin?.parent,
                remedy: remedy))
        trainer.checkpoints = CheckpointStore(
            folder: writer.folder.checkpoints, keep: configuration.checkpoints.keep)

        if origin == nil { configuration.yaml.split(separator: "\n").forEach { console.line(String($0)) } }
        console.line()
        console.line("\(preparation.data.summary); \(preparation.deviceDescription)")
        console.line(
            "generator \(trainer.game.generator.network.parameterCount) parameters, discriminator "
                + "\(trainer.game.discriminator.network.parameterCount); \(trainer.plan.totalSteps) steps, "
                + "\(trainer.plan.stepsPerEpoch) an epoch")
        let start = trainer.position.step > 0 ? " from step \(trainer.position.step)" : ""
        console.line("run \(writer.folder.name)\(origin.map { ", after \($0.parent)\(start)" } ?? "")")
        return TrainingSession(trainer: trainer, writer: writer, console: console, watch: watch)
    }

    /// Trains to the end and says where everything lies.
    ///
    /// - Returns: the exit code: 0, 1 if something could not be saved, 3 if it failed and was to stop then, or 130 if it was
    ///   stopped by a person.
    func run(_ interruption: Interruption) -> Int32 {
        let console = console
        let folder = writer.folder
        console.startLog(at: folder.console)
        writer.observeProblems { problem in complain(problem ?? "The run's database can be written again.") }
        trainer.observe(RunRecorder(writer))
        trainer.observe(ProgressDisplay(console))
        if let client = watch.mlflow.flatMap({ try? MLflowClient(server: $0) }) {
            trainer.observe(MLflowRecorder(folder, client, experiment: watch.experiment))
        }
        if watch.tensorboard { trainer.observe(TensorBoardRecorder(folder)) }
        let notifier = watch.notify.map { Notifier($0, folder, console) }
        if let notifier { trainer.observe(notifier) }
        defer { notifier?.finish() }
        let outcome: RunOutcome
        do {
            outcome = try trainer.run { interruption.isRequested }
        } catch {
            try? writer.finish(.failed("\(error)"))
            complain("The training failed after step \(trainer.position.step): \(error)")
            // Whoever failed in the first step would fail there again.
            let advice = trainer.position.step > 0 ? "; go on with: equipoise resume \(reference)" : "."
            complain("What was recorded is in \(folder.directory.path)\(advice)")
            return 1
        }
        do {
            try writer.finish(outcome)
        } catch {
            complain("\(error)")
            complain("The run's last values could not be saved; make room, then: equipoise resume \(reference)")
            return 1
        }
        summarize(outcome)
        switch outcome {
        case .failed(let reason):
            complain("\(reason) Make room or mend the folder, then: equipoise resume \(reference)")
            return 1
        case .stopped: return trainer.hasFailed && !interruption.isRequested ? 3 : 130
        default: return trainer.hasFailed ? 3 : 0
        }
    }

    /// What finds the run again from this folder: its name, or its path if it lies elsewhere.
    private var reference: String {
        let folder = writer.folder
        let found = try? RunsOption.standard.find(folder.name)
        guard found != folder else { return folder.name }
        let path = folder.directory.path
        return path.contains(" ") ? "'\(path)'" : path
    }

    private func summarize(_ outcome: RunOutcome) {
        guard let reader = try? RunReader(writer.folder) else { return }
        console.line()
        let names: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake]
        let lines = names.map { name in
            TerminalChart.Line(name: name.rawValue, values: ((try? reader.points(of: name)) ?? []).map(\.value))
        }
        let chart = TerminalChart(lines: lines, isColoured: console.isInteractive)
        chart.render().forEach { console.line($0) }
        console.line()
        let folder = writer.folder
        let position = trainer.position
        if let diagnosis = try? reader.diagnosis() { summarize(diagnosis) }
        let verb = outcome == .finished ? "Finished" : "Stopped"
        console.line("\(verb) after step \(position.step), epoch \(position.epoch), \(position.imagesSeen) examples.")
        if let chart = try? LossChartFile.write(reader) { console.line("  losses       \(chart.path)") }
        if let sheet = try? reader.sheets().last {
            console.line("  samples      \(folder.directory.appending(path: sheet.file).path)")
        }
        console.line("  checkpoints  \(folder.checkpoints.path)")
        console.line("  everything   \(folder.directory.path)")
        if outcome == .stopped { console.line("Go on with: equipoise resume \(reference)") }
    }

    private func summarize(_ diagnosis: Diagnosis) {
        console.line("Diagnosis: \(diagnosis.headline)")
        console.line(diagnosis.judged.sentences.joined(separator: " "))
        for finding in diagnosis.findings {
            console.line("\(finding.failure.words.firstUppercased): \(finding.summary)")
        }
        for note in diagnosis.notes { console.line(note) }
        if diagnosis.verdict == .undecided { for line in diagnosis.unseen { console.line(line) } }
        console.line("See all of it with: equipoise diagnose \(reference)")
        console.line()
    }
}

/// The chart of a run's three losses, merged as in the article.
enum LossChartFile {
    static func write(_ reader: RunReader) throws -> URL {
        let names: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake]
        let series = try names.map { name in
            LineChart.Series(
                name: name.rawValue,
                points: try reader.points(of: name).map { LineChart.Point(step: $0.step, value: $0.value) })
        }
        let metadata = try reader.metadata()
        let title = try "Losses of \(metadata.label ?? reader.configuration().recipe), \(metadata.id)"
        let url = reader.folder.directory.appending(path: "losses.png")
        try ImageFile.write(png: LineChart(title: title, series: series).render(), to: url)
        return url
    }
}
