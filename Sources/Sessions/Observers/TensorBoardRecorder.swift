import EventFiles
import Exporters
import Foundation
import Images
public import Runs
public import Training

/// Writes a training's series and sheets to TensorBoard event files while it runs. After the first failure it stops writing; the training
/// continues.
public final class TensorBoardRecorder: TrainingObserver {
    private var writer: EventFileWriter?
    private let folder: RunFolder

    public init(_ folder: RunFolder) { self.folder = folder }

    public func receive(_ event: TrainingEvent) throws {
        do {
            try write(event)
        } catch {
            writer = nil
            throw ObserverError("TensorBoard files are no longer written: \(error)")
        }
    }

    private func write(_ event: TrainingEvent) throws {
        switch event {
        case .started(_, let position):
            let writer = try EventFileWriter(folder: folder.tensorBoard)
            self.writer = writer
            // A resumed run rewrites the file: a kill may have lost the last second, and the steps after the checkpoint are repeated.
            if position.step > 0 {
                try writer.write(RunReader(folder))
            } else {
                try writer.writeSettings(of: RunReader(folder), wallTime: Date().timeIntervalSince1970)
            }
            try writer.replaceOthers()
        case .stepped(let measurement), .evaluated(let measurement), .inspected(let measurement):
            try writer?.write(measurement)
        case .sampled(let image, let position, _):
            try writer?.write(
                png: Data(PNG.encode(image)), tag: TensorBoardExport.sheets, step: position.step,
                wallTime: Date().timeIntervalSince1970)
        case .ended: try writer?.finish()
        case .savingCheckpoint: try writer?.flush()
        case .epochEnded, .savedCheckpoint, .binned, .classified, .found, .judged, .failed, .concluded, .warning: break
        }
    }
}
