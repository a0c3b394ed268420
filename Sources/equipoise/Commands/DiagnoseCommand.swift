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
        commandName: "diagnose", abstract: "Diagnose a run: what is wrong, since when, and what to change.",
        discussion: """
            Judges a run of Equipoise, or the log and samples of any other program. Exits with 3 if the verdict is failed.

            Examples:
              equipoise diagnose latest
              equipoise diagnose --losses train.log
              equipoise diagnose --losses losses.csv --column loss_generator=G_loss --set learningRate=0.02
              equipoise diagnose --losses events.out.tfevents.1 --samples samples/ --reference mnist --json
            """)

    @Argument(help: ArgumentHelp("A run: an id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The log of any program: printed text, CSV, JSON, TensorBoard or NumPy files, or a folder.",
            valueName: "file|folder"))
    var losses: [String] = []
    @OptionGroup var reading: LogReadingOptions
    @Option(
        help:
            "Samples of that run: a folder of PNG, JPEG or IDX files or sheets, a sheet, or an IDX, .npy or .npz file."
    )
    var samples: String?
    @Option(help: "Real data to compare the samples with: the name of a dataset, or a path.") var reference: String?
    @Option(help: "Resize and crop images of a folder to this side in pixels; 0 keeps their size.")
    var imageSize = 0
    @Option(
        name: .long, help: "Folder for the images that illustrate the findings. Default: findings/ in the run folder.")
    var images: String?
    /// The former name of `--images`.
    @Option(help: .hidden) var pictures: String?
    @OptionGroup var runs: RunsOption
    @Flag(help: "Print JSON only.") var json = false

    func validate() throws {
        guard runName != nil || !losses.isEmpty || samples != nil else {
            throw ValidationError("Name a run, or give another program's --losses or --samples.")
        }
        guard runName == nil || (losses.isEmpty && samples == nil) else {
            throw ValidationError("Name a run, or files of another program, but not both.")
        }
        guard samples == nil || reference != nil else {
            throw ValidationError("--samples needs --reference, the real data to compare with.")
        }
        guard samples != nil || reference == nil else {
            throw ValidationError("--reference needs --samples; a run is compared with its own data.")
        }
        guard (0...4096).contains(imageSize) else { throw ValidationError("--image-size takes 0 to 4096.") }
        guard samples != nil || imageSize == 0 else {
            throw ValidationError("--image-size needs --samples.")
        }
        guard runName == nil || reading.settings.isEmpty else {
            throw ValidationError("--set needs --losses or --samples; a run of Equipoise has its settings recorded.")
        }
        guard !losses.isEmpty || (reading.objective == nil && reading.column.isEmpty) else {
            throw ValidationError("--objective and --column need --losses.")
        }
    }

    func run() throws {
        let console = Console(quiet: json)
        let subject = try runName.map { try runSubject($0, console) } ?? otherSubject(console)
        let diagnosis = subject.diagnosis
        let shown = try writeImages(diagnosis, subject, console)
        if json {
            let answer = Answer(diagnosis: diagnosis, log: subject.log?.contents, classes: subject.history.classes)
            try emit(JSONText.encode(answer))
        } else {
            try emit("\(subject.name)\n")
            let unit = subject.log?.log.unit ?? subject.history.context.unit
            try DiagnosisText(diagnosis, images: shown, run: subject.run, unit: unit).lines.forEach {
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
        var imageFolder: URL?
        /// What the run is found by, if it is one of this program.
        var run: String?
    }

    private func runSubject(_ name: String, _ console: Console) throws -> Subject {
        let judged = try JudgedRun(runs.reader(name), report: console.show)
        let folder = judged.reader.folder
        return Subject(
            name: judged.summary,
            history: judged.history, diagnosis: try judged.diagnosis(), probe: judged.probe,
            assumptions: [judged.problem].compactMap(\.self),
            imageFolder: folder.directory.appending(path: "findings", directoryHint: .isDirectory),
            run: try judged.reader.isRepeatable() ? runs.arguments(for: folder) : nil)
    }

    /// The log, the samples, or both of another program's training.
    private func otherSubject(_ console: Console) throws -> Subject {
        var training = try ForeignTraining(objective: reading.trainingObjective, facts: reading.facts())
        if !losses.isEmpty {
            try training.read(log: losses, columns: reading.column, isNeeded: samples == nil, report: console.show)
        }
        if let samples, let reference {
            try training.measure(samples: samples, imageSize: imageSize, against: reference, report: console.show)
        }
        return Subject(
            name: training.summary, history: training.history, diagnosis: training.diagnosis(), log: training.log,
            probe: training.probe, assumptions: training.assumptions)
    }

    /// Writes the images that show the findings; answers with their paths.
    private func writeImages(
        _ diagnosis: Diagnosis, _ subject: Subject, _ console: Console
    ) throws -> [Pattern: String] {
        guard
            let folder = (images ?? pictures).map({ URL(fileURLWithPath: $0, isDirectory: true) })
                ?? subject.imageFolder
        else {
            return [:]
        }
        var paths: [Pattern: String] = [:]
        for finding in diagnosis.findings {
            let classes = subject.history.classes
            guard let image = try subject.probe?.image(of: finding.pattern, classes: classes) else { continue }
            let url = folder.appending(path: "\(finding.pattern.rawValue).png")
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try ImageFile.write(png: image, to: url)
                paths[finding.pattern] = url.path
            } catch {
                console.warning("An image could not be written: \(plainReason(error))")
            }
        }
        return paths
    }
}
