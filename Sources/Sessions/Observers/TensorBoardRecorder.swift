import Exporters
import Foundation
import Images
public import Runs
public import Training

/// Writes a training's series and sheets to TensorBoard event files while it runs. If that fails once, it is said, and the training goes on
/// without.
public final class TensorBoardRecorder: TrainingObserver {
    private var writer: EventFileWriter?
    private let folder: RunFolder

    public init(_ folder: RunFolder) { self.folder = folder }

    public func receive(_ event: TrainingEvent) throws {
        do {
            try write(event)
        } catch {
            writer = nil
            throw ObserverError("Nothing more is written for TensorBoard: \(error)")
        }
    }

    private func write(_ event: TrainingEvent) throws {
        switch event {
        case .started(_, let position):
            let writer = try EventFileWriter(folder: folder.tensorBoard)
            self.writer = writer
            // Of a run that goes on, a kill may have taken the last second, and what came after the checkpoint happens again.
            if position.step > 0 {
                try writer.write(RunReader(folder))
            } else {
                try writer.write(RunReader(folder).configuration(), wallTime: Date().timeIntervalSince1970)
            }
            try writer.replaceOthers()
        case .stepped(let measurement), .evaluated(let measurement), .inspected(let measurement):
            try writer?.write(measurement)
        case .sampled(let picture, let position, _):
            try writer?.write(
                png: Data(PNG.encode(picture)), tag: TensorBoardExport.sheets, step: position.step,
                wallTime: Date().timeIntervalSince1970)
        case .ended: try writer?.finish()
        case .savingCheckpoint: try writer?.flush()
        case .epochEnded, .savedCheckpoint, .binned, .classified, .found, .judged, .failed, .concluded, .warning: break
        }
    }
}
