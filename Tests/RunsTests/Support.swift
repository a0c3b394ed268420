import Foundation
import Measurements
import Recipes
import TestSupport

@testable import Runs

extension RunMetadata {
    static func sample(start: Date = Date(timeIntervalSince1970: 1_700_000_000)) -> RunMetadata {
        RunMetadata(
            id: RunIdentifier(date: start), label: nil, commandLine: ["equipoise", "train"], hostName: "host",
            operatingSystem: "system", processor: "processor", processorCount: 2, threads: 2, device: "CPU",
            equipoiseVersion: "0.1.0", swiftVersion: "6.3", torchVersion: "2.13.0", gitCommit: nil, gitDirty: nil,
            start: start, end: nil, outcome: .running, parent: nil)
    }
}

extension StepRecord {
    static func losses(_ step: Int, epoch: Int = 1, _ generator: Double, _ real: Double? = nil) -> StepRecord {
        var values: [(series: SeriesName, value: Double)] = [(.lossGenerator, generator)]
        if let real { values.append((.lossDiscriminatorReal, real)) }
        return StepRecord(
            step: step, epoch: epoch, imagesSeen: step * 10, wallTime: 1_700_000_000 + Double(step), values: values)
    }
}

extension RunWriter {
    static func sample(in folder: TemporaryFolder, label: String? = nil) throws -> RunWriter {
        try create(in: folder.url, configuration: TrainingConfiguration(), metadata: .sample(), label: label)
    }
}
