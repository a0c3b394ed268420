import Diagnostics
import Foundation
import Images
public import Runs

/// Records the events of training in a run folder.
public final class RunRecorder: TrainingObserver {
    private let writer: RunWriter

    public init(_ writer: RunWriter) { self.writer = writer }

    public func receive(_ event: TrainingEvent) throws {
        switch event {
        case .stepped(let measurement), .evaluated(let measurement), .inspected(let measurement):
            writer.record(measurement)
        case .found(let record, let image):
            try write(record, image)
        case .binned(let bins, let centers):
            if let centers { try ImageFile.write(png: centers, to: writer.folder.bins) }
            writer.record(bins)
        case .classified(let classes):
            writer.record(classes)
        case .judged(let diagnosis, let position):
            writer.record(DiagnosisRecord(step: position.step, isFinal: false, diagnosis: diagnosis))
        case .concluded(let diagnosis, let records, let position):
            // Record the diagnosis first, since writing an image may fail.
            writer.record(DiagnosisRecord(step: position.step, isFinal: true, diagnosis: diagnosis))
            try records.forEach { try write($0.record, $0.image) }
        case .sampled(let image, let position, let endsEpoch):
            let file =
                "samples/"
                + (endsEpoch ? "epoch-\(position.epoch.padded(to: 4))" : "step-\(position.step.padded(to: 8))")
                + ".png"
            try ImageFile.write(png: image, to: writer.folder.directory.appending(path: file))
            writer.record(
                SheetRecord(
                    step: position.step, epoch: position.epoch, imagesSeen: position.imagesSeen, file: file,
                    wallTime: Date().timeIntervalSince1970))
        case .savedCheckpoint(let record, let removed):
            removed.forEach(writer.removeCheckpoint)
            writer.record(record)
        case .failed(let diagnosis, let position):
            writer.note("failed", diagnosis.findings.first?.summary ?? "", step: position.step)
        case .warning(let message, let position):
            writer.note("warning", message, step: position.step)
        case .started, .epochEnded, .savingCheckpoint, .ended:
            break
        }
    }

    private func write(_ record: FindingRecord, _ image: PixelImage?) throws {
        writer.record(record)
        guard let image, record.closedStep == nil else { return }
        try FileManager.default.createDirectory(at: writer.folder.findings, withIntermediateDirectories: true)
        try ImageFile.write(png: image, to: writer.folder.image(of: record))
    }
}
