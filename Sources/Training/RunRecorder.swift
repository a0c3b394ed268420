import Diagnostics
import Foundation
import Images
public import Runs

/// Writes what a training tells into its run folder.
public final class RunRecorder: TrainingObserver {
    private let writer: RunWriter

    public init(_ writer: RunWriter) { self.writer = writer }

    public func receive(_ event: TrainingEvent) throws {
        switch event {
        case .stepped(let measurement), .evaluated(let measurement), .inspected(let measurement):
            writer.record(measurement)
        case .found(let record, let picture):
            try write(record, picture)
        case .binned(let bins, let centres):
            if let centres { try ImageFile.write(png: centres, to: writer.folder.bins) }
            writer.record(bins)
        case .classified(let classes):
            writer.record(classes)
        case .judged(let diagnosis, let position):
            writer.record(DiagnosisRecord(step: position.step, isFinal: false, diagnosis: diagnosis))
        case .concluded(let diagnosis, let records, let position):
            // First, as a picture may fail to be written.
            writer.record(DiagnosisRecord(step: position.step, isFinal: true, diagnosis: diagnosis))
            try records.forEach { try write($0.record, $0.picture) }
        case .sampled(let picture, let position, let endsEpoch):
            let file =
                "samples/"
                + (endsEpoch ? "epoch-\(position.epoch.padded(to: 4))" : "step-\(position.step.padded(to: 8))")
                + ".png"
            try ImageFile.write(png: picture, to: writer.folder.directory.appending(path: file))
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

    private func write(_ record: FindingRecord, _ picture: PixelImage?) throws {
        writer.record(record)
        guard let picture, record.closedStep == nil else { return }
        try FileManager.default.createDirectory(at: writer.folder.findings, withIntermediateDirectories: true)
        try ImageFile.write(png: picture, to: writer.folder.picture(of: record))
    }
}
