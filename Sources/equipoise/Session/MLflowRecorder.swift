import Exporters
import Foundation
import Images
import Runs
import Training

/// Sends a training's series and sheets to an MLflow server while it runs.
final class MLflowRecorder: TrainingObserver {
    private let uploader: MLflowUploader
    private let folder: RunFolder

    init(_ folder: RunFolder, _ client: MLflowClient, experiment: String, _ console: Console) {
        self.folder = folder
        let messages = Messages(console)
        uploader = MLflowUploader(
            open: { try MLflowRun.open(RunReader(folder), client, experiment: experiment) },
            report: { messages.warn($0) })
    }

    func receive(_ event: TrainingEvent) throws {
        switch event {
        case .stepped(let measurement), .evaluated(let measurement): uploader.log(measurement)
        case .sampled(let picture, let position, _):
            let sheet = SheetRecord(
                step: position.step, epoch: position.epoch, imagesSeen: position.imagesSeen, file: "",
                wallTime: Date().timeIntervalSince1970)
            uploader.log(sheet, png: Data(try PNG.encode(picture)))
        case .ended(let outcome, _):
            guard uploader.finish(outcome) else {
                throw CommandError(
                    "Not everything was sent to MLflow; the rest: equipoise export \(folder.name) --format mlflow --url URL"
                )
            }
        case .started, .epochEnded, .savingCheckpoint, .savedCheckpoint, .found, .failed, .warning: break
        }
    }

    /// Warnings from the uploader's thread.
    private final class Messages: @unchecked Sendable {
        private let console: Console
        private let lock = NSLock()
        init(_ console: Console) { self.console = console }
        func warn(_ text: String) { lock.withLock { complain("warning: \(text)") } }
    }
}
