import EquipoiseRuns
import EquipoiseTraining
import Foundation
import TestSupport
import Testing

/// The code of the documentation's articles, compiled and run here; the articles are compared with this file.
@Suite struct DocumentationTests {
    @Test func gettingStarted() throws {
        try inTemporaryFolder { folder in
            try RandomNumbers.exclusively {
                var configuration = try RecipeCatalog.configuration("ring")
                try configuration.set("training.maxSteps", to: "200")
                try configuration.set("optimizer.learningRate", to: "1e-3")  // of both players
                configuration.training.maxSteps = 30
                configuration.data.limit = 2000
                let setup = try TrainingSetup(configuration.validated())
                var options = TrainingSession.Options()
                options.library = RunLibrary(directory: folder)
                options.label = "first"
                let session = try TrainingSession(setup, options)
                let ending = try session.run()
                #expect(ending.outcome == .finished)
                let diagnosis = try session.diagnosis()
                print(diagnosis.headline)
                for finding in diagnosis.findings {
                    print(finding)
                    for remedy in finding.remedies { print("  \(remedy)") }
                }
                options.onFailure = .repair(times: 2)
                #expect(options.onFailure != .warn)
            }
        }
    }

    final class ResidualBlock: Module {
        private let first, second: Linear

        init(_ width: Int) throws {
            first = try Linear(width, width)
            second = try Linear(width, width)
        }

        func callAsFunction(_ input: Tensor) throws -> Tensor {
            try input + second(ReLU()(first(input)))
        }

        func visit(_ visitor: StateVisitor) {
            visitor.module("first", first)
            visitor.module("second", second)
        }
    }

    struct Measurements: Dataset {
        let table: Tensor  // [count, 5]

        var summary: String { "\(count) measurements" }
        var count: Int { table.shape[0] }
        var exampleShape: [Int] { [5] }
        var contents: [Tensor] { [table] }

        func examples(_ indices: Tensor) throws -> Tensor { try table.gathering(indices) }
    }

    final class LossPrinter: TrainingObserver {
        func receive(_ event: TrainingEvent) throws {
            if case .stepped(let record) = event, record.step % 50 == 0 {
                print(record.step, record[.lossGenerator] ?? .nan)
            }
        }
    }

    @Test func ownNetworksAndData() throws {
        try inTemporaryFolder { folder in
            try RandomNumbers.exclusively {
                let data = Measurements(table: try Tensor.randomNormal([512, 5], from: RandomGenerator(seed: 1)))
                let networks = CustomNetworks(
                    generator: { try Sequential(Linear(8, 32), ResidualBlock(32), Linear(32, 5)) },
                    discriminator: { try Sequential(Linear(5, 32), LeakyReLU(0.2), Linear(32, 1)) })
                var configuration = TrainingConfiguration()
                configuration.network.latent = 8
                configuration.training.maxSteps = 100
                configuration.training.batchSize = 64
                let setup = try TrainingSetup(configuration, data: data, networks: networks)
                var options = TrainingSession.Options()
                options.library = RunLibrary(directory: folder)
                options.observers = { _ in [LossPrinter()] }
                let session = try TrainingSession(setup, options)
                var steps = 0
                try session.run {
                    steps += 1
                    return steps == 60
                }
                let resumed = try TrainingSession(resuming: session.folder, setup, options)
                #expect(try resumed.run().outcome == .finished)
            }
        }
    }

    @Test func readingAnotherProgramsLog() throws {
        try inTemporaryFolder { folder in
            let lines = (1...400).map {
                "step \($0) D_loss: \(1.386 * exp(-Double($0) / 25)) G_loss: \(0.7 + Double($0) / 25)"
            }
            let path = folder.appending(path: "train.log").path
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
            let log = try ForeignLog([path], columns: [], objective: nil, facts: Facts())
            print(log.summary)
            print(log.diagnosis())
            #expect(log.diagnosis().verdict == .failed)
            let known = try ForeignLog(
                [path], columns: ["loss_generator=G_loss"], objective: .nonSaturating,
                facts: Facts(["learningRate=0.02", "batchSize=64"]))
            #expect(known.diagnosis().remedies.contains { !$0.remedy.change.isEmpty })
            let runs = folder.appending(path: "runs")
            let run = try log.record(in: runs, parameters: ["lr": "0.02"])
            #expect(try RunReader(run).diagnosis() == log.diagnosis())
        }
        var history = History(objective: .nonSaturating)
        for step in 1...400 {
            history.append(.lossDiscriminatorReal, step: step, value: 0.7 * exp(-Double(step) / 25))
            history.append(.lossDiscriminatorFake, step: step, value: 0.7 * exp(-Double(step) / 25))
            history.append(.lossGenerator, step: step, value: 0.7 + Double(step) / 25)
        }
        let diagnosis = Diagnosis(history)
        #expect(diagnosis.verdict == .failed)
    }

    struct GeneratorLossStuck: Rule {
        let pattern = Pattern.frozenLoss
        let signals: [SeriesName] = [.lossGenerator]

        func finding(in history: History) -> Finding? {
            let windows = history.windows(.lossGenerator).suffix(10)
            guard windows.count == 10, let first = windows.first, let last = windows.last else { return nil }
            let low = windows.map(\.minimum).min() ?? 0
            let high = windows.map(\.maximum).max() ?? .infinity
            guard high - low < 1e-6 else { return nil }
            return Finding(
                failure: .convergenceFailure, pattern: pattern, severity: 0.8, sinceStep: first.firstStep,
                summary: "The generator's loss has been \(high) since step \(first.firstStep).",
                evidence: [
                    Evidence(
                        signal: SeriesName.lossGenerator.rawValue, value: high - low, threshold: 1e-6,
                        fromStep: first.firstStep, toStep: last.lastStep)
                ])
        }
    }

    @Test func addingARule() {
        var history = History(objective: .nonSaturating)
        for step in 1...400 { history.append(.lossGenerator, step: step, value: 0.7) }
        let diagnosis = Diagnosis(history, rules: Rules.all + [GeneratorLossStuck()])
        #expect(diagnosis.findings.contains { $0.summary.hasPrefix("The generator's loss has been 0.7") })
    }

    @Test func everySnippetOfTheArticlesIsInThisFile() throws {
        let here = URL(filePath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        func lines(_ text: some StringProtocol) -> [String] {
            text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let source = lines(try String(contentsOf: here, encoding: .utf8))
        let folder = root.appending(path: "Documentation/Equipoise.docc")
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".md") {
            let article = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            for block in article.components(separatedBy: "```swift\n").dropFirst() {
                let snippet = lines(block.components(separatedBy: "```")[0])
                let isHere = source.indices.contains { source[$0...].starts(with: snippet) }
                #expect(isHere, "\(name): \(snippet.first ?? "")")
                count += 1
            }
        }
        #expect(count == 16)
    }
}
