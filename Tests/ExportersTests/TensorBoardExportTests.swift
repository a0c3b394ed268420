import Exporters
import Foundation
import Logs
import Measurements
import Recipes
import Runs
import TestSupport
import Testing

@Suite struct TensorBoardExportTests {
    @Test func anExportedRunReadsAsALog() throws {
        try inTemporaryFolder { folder in
            let writer = try RunWriter.create(
                in: folder.appending(path: "runs"), configuration: TrainingConfiguration(),
                metadata: .captured(device: "CPU", threads: 1, torchVersion: "2.11.0"))
            for step in 1...50 {
                writer.record(
                    StepRecord(
                        step: step, epoch: 1, imagesSeen: step, wallTime: 1000 + Double(step),
                        values: [(.lossGenerator, Double(step) / 4), (.lossDiscriminatorReal, 0.5)]))
            }
            try writer.finish(.finished)
            let events = folder.appending(path: "events")
            _ = try TensorBoardExport.write(RunReader(writer.folder), to: events)
            let log = try LossLog(contentsOf: events)
            let losses = log.values("loss_generator")
            #expect(losses.map(\.step) == Array(1...50) && losses.map(\.value) == (1...50).map { Double($0) / 4 })
            // Texts are no series.
            #expect(!log.names.contains("objective") && !log.names.contains("configuration"))
        }
    }
}
