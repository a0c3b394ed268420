public import Exporters
import Foundation
import Images
import Measurements
public import Runs
public import Training

/// Sends a training's series and sheets to an MLflow server while it runs.
public final class MLflowRecorder: TrainingObserver {
    private let folder: RunFolder
    private let start: (_ after: Int) -> MLflowUploader
    private var uploader: MLflowUploader?

    /// - Parameter report: receives a sentence about data that cannot be sent; called from another thread.
    public init(
        _ folder: RunFolder, _ client: MLflowClient, experiment: String, report: @escaping @Sendable (String) -> Void
    ) {
        self.folder = folder
        start = { step in
            MLflowUploader(
                open: {
                    let reader = try RunReader(folder)
                    let run = try MLflowRun.open(reader, client, experiment: experiment)
                    // The server may lack values of a resumed run.
                    if step > 0 { try run.log(reader.measurements().filter { $0.step <= step }) }
                    return run
                }, report: report)
        }
    }

    public func receive(_ event: TrainingEvent) throws {
        switch event {
        case .started(_, let position): uploader = start(position.step)
        case .stepped(let measurement), .evaluated(let measurement), .inspected(let measurement):
            uploader?.log(measurement)
        case .sampled(let image, let position, _):
            let sheet = SheetRecord(
                step: position.step, epoch: position.epoch, imagesSeen: position.imagesSeen, file: "",
                wallTime: Date().timeIntervalSince1970)
            uploader?.log(sheet, png: Data(try PNG.encode(image)))
        case .ended(let outcome, _):
            guard uploader?.finish(outcome) != false else {
                throw ObserverError(
                    "Not everything was sent to MLflow; send the rest with: equipoise export \(folder.name) --format mlflow --url URL"
                )
            }
        case .epochEnded, .savingCheckpoint, .savedCheckpoint, .binned, .classified, .found, .judged, .failed,
            .concluded,
            .warning:
            break
        }
    }
}
