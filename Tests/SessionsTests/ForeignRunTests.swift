import EquipoiseRuns
import EquipoiseTraining
import Foundation
import TestSupport
import Testing

/// Runs that another program trained are stored without a configuration.
@Suite struct ForeignRunTests {
    /// A DCGAN's printed losses; with `collapse`, the discriminator wins for good halfway through.
    private func printedLosses(rows: Int, collapse: Bool) -> String {
        (0..<rows).map { row in
            let isLost = collapse && row > rows / 2
            let wave = sin(Double(row) * 1.7) * 0.1
            let (d, g) = isLost ? (1e-5, 14 + wave) : (1.25 + wave, 0.85 - wave)
            return "[\(row / 100)/10][\(row % 100)/100]\tLoss_D: \(d)\tLoss_G: \(g)\n"
        }.joined()
    }

    private func twoPairs(rows: Int) -> String {
        "step,D_A,G_A,D_B,G_B\n"
            + (0..<rows).map { row in
                let wave = sin(Double(row) * 1.7) * 0.03
                return "\(row),\(0.25 + wave),\(0.3 - wave),\(0.24 - wave),\(0.31 + wave)\n"
            }.joined()
    }

    private func record(_ text: String, in folder: URL, name: String = "train.log") throws -> (ForeignLog, RunReader) {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        let log = try ForeignLog(
            [file.path], columns: [], objective: nil, facts: Facts(["learningRate=0.0002", "batchSize=64"]))
        let run = try log.record(in: folder.appending(path: "runs"), parameters: ["lr": "0.0002", "nz": "100"])
        return (log, try RunReader(run))
    }

    @Test(arguments: [false, true]) func aStoredLogHasTheDiagnosisOfTheLog(collapse: Bool) throws {
        try inTemporaryFolder { folder in
            let (log, reader) = try record(printedLosses(rows: 1000, collapse: collapse), in: folder)
            #expect(log.diagnosis().verdict == (collapse ? .failed : .healthy))
            #expect(try reader.diagnosis() == log.diagnosis())
            // The series alone give the same diagnosis, for example after an update of the rules.
            let program = try #require(try reader.metadata().program)
            #expect(try Diagnosis(ofPairs: program.histories(reading: reader)) == log.diagnosis())
            #expect(program.name == "train.log")
        }
    }

    @Test func severalPairsOfPlayersAreStoredSeparately() throws {
        try inTemporaryFolder { folder in
            let (log, reader) = try record(twoPairs(rows: 800), in: folder, name: "loss.csv")
            #expect(log.players.count == 2)
            #expect(try reader.seriesNames().contains("A/loss_generator"))
            let program = try #require(try reader.metadata().program)
            #expect(try Diagnosis(ofPairs: program.histories(reading: reader)) == log.diagnosis())
        }
    }

    @Test func itIsShownReportedComparedAndExported() throws {
        try inTemporaryFolder { folder in
            let (_, reader) = try record(printedLosses(rows: 400, collapse: true), in: folder)
            let summary = RunSummary(reader.folder)
            #expect(summary.problem == nil)
            #expect(summary.recipe == "train.log")
            #expect(summary.judgment?.verdict == .failed)
            #expect(try reader.orderedParameters().map(\.name) == ["lr", "nz"])
            #expect(try reader.settingsText() == "\"lr\": \"0.0002\"\n\"nz\": \"100\"\n")
            let (_, other) = try record(printedLosses(rows: 300, collapse: false), in: folder)
            #expect(try RunReader.differences(of: [reader, other]).isEmpty)
            _ = try ReportPage.html(ReportContents([reader, other]), plotly: "")
            _ = try reader.writeLossChart()
            _ = try TensorBoardExport.write(reader, to: folder.appending(path: "events"))
            var lines = 0
            try reader.csv { _ in lines += 1 }
            #expect(lines == 401)
        }
    }

    @Test func onlyItsProgramCanContinueIt() throws {
        try inTemporaryFolder { folder in
            let (_, reader) = try record(printedLosses(rows: 400, collapse: true), in: folder)
            #expect(try !reader.isRepeatable())
            let diagnosis = try JudgedRun(reader).diagnosis()
            #expect(diagnosis.verdict == .failed)
            #expect(throws: RunStoreError.foreign(folder: reader.folder.directory, program: "train.log")) {
                try reader.configuration()
            }
            #expect(throws: RunStoreError.self) { try Retry(reader, diagnosis: diagnosis) }
        }
    }
}
