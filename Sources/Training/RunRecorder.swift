import Diagnosis
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
            writer.record(record)
            if let picture, record.closedStep == nil {
                try FileManager.default.createDirectory(
                    at: writer.folder.findings, withIntermediateDirectories: true)
                try ImageFile.write(png: picture, to: writer.folder.picture(of: record))
            }
        case .binned(let bins, let centres):
            if let centres { try ImageFile.write(png: centres, to: writer.folder.bins) }
            writer.record(bins)
        case .concluded(let records):
            records.forEach(writer.record)
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
        case .savingCheckpoint:
            // A checkpoint whose earlier steps were lost would leave a hole in the series.
            try writer.flush()
        case .savedCheckpoint(let record, let removed):
            removed.forEach(writer.removeCheckpoint)
            writer.record(record)
        case .failed(let diagnosis, let position):
            writer.note("failed", diagnosis.findings.first?.summary ?? "", step: position.step)
        case .warning(let message, let position):
            writer.note("warning", message, step: position.step)
        case .started, .epochEnded, .ended:
            break
        }
    }
}
