import ArgumentParser
import DataFiles
import Diagnostics
import Foundation
import Images
import Logs
import Measurements
import Recipes
import Runs
import Sessions
import Training

struct DiagnoseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose", abstract: "Say what is wrong with a training, since when, and what helps.",
        discussion: """
            A run of this program, or the log and samples of any other. Exits with 3 if the run has failed.

            Examples:
              equipoise diagnose latest
              equipoise diagnose --losses train.log
              equipoise diagnose --losses losses.csv --column loss_generator=G_loss --set learningRate=0.02
              equipoise diagnose --losses events.out.tfevents.1 --samples pictures/ --reference mnist --json
            """)

    @Argument(help: ArgumentHelp("A run: an id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "In place of a run, the log of any program: printed text, CSV, JSON, TensorBoard's or NumPy's files, or a folder.",
            valueName: "file|folder"))
    var losses: [String] = []
    @Option(help: ArgumentHelp("Which column is which; may be repeated.", valueName: "series=column"))
    var column: [String] = []
    @Option(help: "The training objective; told by the losses without it. Only with --losses.") var objective: String?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting of that training, so that the remedies fit, such as learningRate=0.02; may be repeated.",
            valueName: "key=value"))
    var settings: [String] = []
    @Option(
        help:
            "Samples of that training: a folder of PNG, JPEG or IDX files or sheets, a sheet, or an IDX, .npy or .npz file."
    )
    var samples: String?
    @Option(help: "What the samples should look like: a data set's name, or a path.") var reference: String?
    @Option(help: "The side in pixels that pictures of a folder are resized and cropped to; 0 keeps theirs.")
    var imageSize = 0
    @Option(name: .long, help: "A folder for the pictures that show what was found; a run's own folder without it.")
    var pictures: String?
    @OptionGroup var runs: RunsOption
    @Flag(help: "Print JSON only.") var json = false

    func validate() throws {
        guard runName != nil || !losses.isEmpty || samples != nil else {
            throw ValidationError("Name a run, or give another program's --losses or --samples.")
        }
        guard runName == nil || (losses.isEmpty && samples == nil) else {
            throw ValidationError("Name a run, or files of another program; not both.")
        }
        guard samples == nil || reference != nil else {
            throw ValidationError("--samples needs --reference: what the samples should look like.")
        }
        guard samples != nil || reference == nil else {
            throw ValidationError("--reference belongs to --samples; a run is compared with its own data.")
        }
        guard (0...4096).contains(imageSize) else { throw ValidationError("--image-size takes 0 to 4096.") }
        guard samples != nil || imageSize == 0 else {
            throw ValidationError("--image-size belongs to --samples: to pictures of a folder.")
        }
        guard runName == nil || settings.isEmpty else {
            throw ValidationError("--set belongs to --losses or --samples; a run of this program knows its settings.")
        }
        guard !losses.isEmpty || (objective == nil && column.isEmpty) else {
            throw ValidationError("--objective and --column belong to --losses.")
        }
        if let objective, Objective(rawValue: objective) == nil {
            let names = Objective.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--objective takes one of \(names).")
        }
    }

    func run() throws {
        let console = Console(quiet: json)
        let subject = try runName.map { try runSubject($0, console) } ?? otherSubject(console)
        let diagnosis = subject.diagnosis
        let shown = try writePictures(diagnosis, subject, console)
        if json {
            let answer = Answer(diagnosis: diagnosis, log: subject.log?.contents, classes: subject.history.classes)
            try emit(JSONText.encode(answer))
        } else {
            try emit("\(subject.name)\n")
            let unit = subject.log?.log.unit ?? "step"
            try DiagnosisText(diagnosis, pictures: shown, run: subject.run, unit: unit).lines.forEach {
                try emit($0)
            }
            try subject.assumptions.forEach { try emit($0) }
        }
        if diagnosis.verdict == .failed { throw ExitCode(3) }
    }

    /// The diagnosis as JSON, and beside it how another program's log was read and how the newest samples spread over the data's classes.
    private struct Answer: Encodable {
        let diagnosis: Diagnosis
        let log: ForeignLog.Contents?
        let classes: ClassRecord?

        private enum CodingKeys: String, CodingKey { case log, classes }

        func encode(to encoder: any Encoder) throws {
            try diagnosis.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(log, forKey: .log)
            try container.encodeIfPresent(classes, forKey: .classes)
        }
    }

    /// What is judged.
    private struct Subject {
        var name: String
        var history: History
        var diagnosis: Diagnosis
        /// The log of another program.
        var log: ForeignLog?
        var probe: SampleProbe?
        var assumptions: [String] = []
        var pictureFolder: URL?
        /// What the run is found by, if it is one of this program.
        var run: String?
    }

    private func runSubject(_ name: String, _ console: Console) throws -> Subject {
        let judged = try JudgedRun(runs.reader(name), report: console.show)
        let folder = judged.reader.folder
        return Subject(
            name: "\(folder.name): \(judged.history.lastStep) steps, \(judged.configuration.objective.rawValue)",
            history: judged.history, diagnosis: try judged.diagnosis(), probe: judged.probe,
            assumptions: [judged.problem].compactMap(\.self),
            pictureFolder: folder.directory.appending(path: "findings", directoryHint: .isDirectory),
            run: runs.arguments(for: folder))
    }

    /// The log, the samples, or both of another program's training.
    private func otherSubject(_ console: Console) throws -> Subject {
        var training = try ForeignTraining(objective: objective.flatMap(Objective.init), facts: Facts(settings))
        if !losses.isEmpty {
            try training.read(log: losses, columns: column, isNeeded: samples == nil, report: console.show)
        }
        if let samples, let reference {
            try training.measure(samples: samples, imageSize: imageSize, against: reference, report: console.show)
        }
        return Subject(
            name: training.summary, history: training.history, diagnosis: training.diagnosis(), log: training.log,
            probe: training.probe, assumptions: training.assumptions)
    }

    /// Writes the pictures that show the findings; answers with their paths.
    private func writePictures(
        _ diagnosis: Diagnosis, _ subject: Subject, _ console: Console
    ) throws -> [Pattern: String] {
        guard let folder = pictures.map({ URL(fileURLWithPath: $0, isDirectory: true) }) ?? subject.pictureFolder else {
            return [:]
        }
        var paths: [Pattern: String] = [:]
        for finding in diagnosis.findings {
            let classes = subject.history.classes
            guard let picture = try subject.probe?.picture(of: finding.pattern, classes: classes) else { continue }
            let url = folder.appending(path: "\(finding.pattern.rawValue).png")
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try ImageFile.write(png: picture, to: url)
                paths[finding.pattern] = url.path
            } catch {
                console.warning("A picture could not be written: \(plainReason(error))")
            }
        }
        return paths
    }
}
