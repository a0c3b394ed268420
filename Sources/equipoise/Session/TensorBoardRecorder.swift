import Exporters
import Foundation
import Images
import Runs
import Training

/// Writes a training's series and sheets to TensorBoard event files while it runs. If that fails once, it is said, and the training goes on
/// without.
final class TensorBoardRecorder: TrainingObserver {
    private var writer: EventFileWriter?
    private let folder: URL

    init(_ folder: RunFolder) { self.folder = folder.tensorBoard }

    func receive(_ event: TrainingEvent) throws {
        do {
            try write(event)
        } catch {
            writer = nil
            throw CommandError("Nothing more is written for TensorBoard: \(error)")
        }
    }

    private func write(_ event: TrainingEvent) throws {
        switch event {
        case .started(_, let position):
            // Of a run that goes on, what was written after its checkpoint happens again.
            writer = try EventFileWriter(folder: folder, after: position.step > 0 ? position.step : nil)
        case .stepped(let measurement), .evaluated(let measurement): try writer?.write(measurement)
        case .sampled(let picture, let position, _):
            try writer?.write(
                png: Data(PNG.encode(picture)), tag: TensorBoardExport.sheets, step: position.step,
                wallTime: Date().timeIntervalSince1970)
        case .ended: try writer?.finish()
        case .epochEnded, .savingCheckpoint, .savedCheckpoint, .found, .failed, .warning: break
        }
    }
}
