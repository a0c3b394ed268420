import EquipoiseTraining
import Foundation
import TestSupport
import Testing

@Suite struct OwnNetworksTests {
    /// The lines of the README's library example, compiled and run; the README is compared with them below.
    @Test func theLinesOfTheREADMETrainAndDiagnose() throws {
        try inTemporaryFolder { folder in
            let (session, printed) = try RandomNumbers.exclusively { try readmeExample(in: folder) }
            #expect(try session.diagnosis().verdict != .failed || !session.diagnosis().findings.isEmpty)
            #expect(printed.hasPrefix(try session.diagnosis().headline))
            let reader = try RunReader(session.folder)
            #expect(try reader.status() == .finished)
            #expect(try reader.points(of: .lossGenerator).count == 40)
            #expect(try reader.configuration().network.architecture == .custom)
            #expect(try reader.points(of: .ndb).isEmpty == false)
            #expect(try reader.sheets().isEmpty == false)
            #expect(FileManager.default.fileExists(atPath: session.folder.directory.appending(path: "losses.png").path))
        }
    }

    private func readmeExample(in folder: URL) throws -> (TrainingSession, String) {
        var printed = ""
        func print(_ diagnosis: Diagnosis) { printed = "\(diagnosis)" }
        // README begin
        let data = try MixtureDataset.ring(seed: 1)  // or any type of yours that is a Dataset
        let networks = CustomNetworks(
            generator: { try Sequential(Linear(16, 128), ReLU(), Linear(128, 2)) },
            discriminator: { try Sequential(Linear(2, 128), LeakyReLU(0.2), Linear(128, 1)) })
        var configuration = TrainingConfiguration()
        configuration.network.latent = 16
        configuration.training.maxSteps = 2000
        // README end
        configuration.training.maxSteps = 40
        configuration.training.batchSize = 128
        var options = TrainingSession.Options()
        options.library = RunLibrary(directory: folder)
        let setup = try TrainingSetup(configuration, data: data, networks: networks)
        let session = try TrainingSession(setup, options)
        try session.run()
        print(try session.diagnosis())
        return (session, printed)
    }

    @Test func theREADMEShowsThoseLines() throws {
        let here = URL(filePath: #filePath)
        let source = try String(contentsOf: here, encoding: .utf8)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let begin = try #require(source.range(of: "// README begin\n"))
        let end = try #require(source.range(of: "        // README end\n"))
        for line in source[begin.upperBound..<end.lowerBound].split(separator: "\n") {
            #expect(readme.contains(line.dropFirst(8)), "the README lacks: \(line)")
        }
    }

    /// A module of a dependent's own, with a layer of its own.
    private final class Scaled: Module {
        private let inner: Linear
        private let scale: Tensor

        init(_ inputs: Int, _ outputs: Int) throws {
            inner = try Linear(inputs, outputs)
            scale = try Tensor.ones([outputs]).requiringGradient()
        }

        func callAsFunction(_ input: Tensor) throws -> Tensor { try inner(input) * scale }

        func visit(_ visitor: StateVisitor) {
            visitor.module("inner", inner)
            visitor.parameter("scale", scale)
        }
    }

    /// Data of a dependent's own: vectors of five numbers.
    private struct Vectors: Dataset {
        let table: Tensor
        init(_ count: Int) throws { table = try Tensor.randomNormal([count, 5], from: RandomGenerator(seed: 3)) }
        var summary: String { "\(count) vectors of five numbers" }
        var count: Int { table.shape[0] }
        var exampleShape: [Int] { [5] }
        func examples(_ indices: Tensor) throws -> Tensor { try table.gathering(indices) }
        var contents: [Tensor] { [table] }
    }

    private func vectors(_ folder: URL, steps: Int, _ change: (inout TrainingConfiguration) -> Void = { _ in }) throws
        -> (
            TrainingSetup, TrainingSession.Options
        )
    {
        var configuration = TrainingConfiguration()
        configuration.network.latent = 4
        (configuration.training.batchSize, configuration.training.maxSteps) = (32, steps)
        configuration.training.exponentialMovingAverage = 0.9
        change(&configuration)
        let networks = CustomNetworks(
            generator: { try Sequential(Scaled(4, 16), ReLU(), Scaled(16, 5)) },
            discriminator: { try Sequential(Scaled(5, 16), LeakyReLU(0.2), Linear(16, 1)) })
        var options = TrainingSession.Options()
        options.library = RunLibrary(directory: folder)
        return (try TrainingSetup(configuration, data: Vectors(256), networks: networks), options)
    }

    @Test func ownModulesAndDataAreRecordedWatchedAndResumedBitForBit() throws {
        try inTemporaryFolder { folder in
            try RandomNumbers.exclusively {
                var warnings: [String] = []
                func watched(_ options: TrainingSession.Options) -> TrainingSession.Options {
                    var options = options
                    options.report = { if case .warning(let text) = $0 { warnings.append(text) } }
                    return options
                }
                let (setup, options) = try vectors(folder, steps: 60)
                let whole = try TrainingSession(setup, watched(options))
                try whole.run()
                let other = try TrainingSession(setup, watched(options))
                var steps = 0
                let stopped = try other.run {
                    steps += 1
                    return steps == 25
                }
                #expect(stopped.outcome == .stopped)
                let resumed = try TrainingSession(resuming: other.folder, setup, watched(options))
                #expect(resumed.isResumed && resumed.trainer.position.step == 25)
                #expect(try resumed.run().outcome == .finished)
                let (a, b) = (try RunReader(whole.folder), try RunReader(other.folder))
                for name in SeriesName.losses {
                    #expect(try a.points(of: name).map(\.value) == b.points(of: name).map(\.value))
                }
                #expect(try a.points(of: SeriesName("diversity")).isEmpty == false)
                #expect(try a.sheets().isEmpty, "vectors cannot be painted")
                #expect(try a.notes().filter { $0.kind == "warning" }.isEmpty)
                #expect(warnings.isEmpty)
                #expect(throws: SessionError.self) { try TrainingSession(resuming: other.folder, setup, options) }
            }
        }
    }

    @Test func networksThatDoNotFitAreRefusedInASentence() throws {
        try RandomNumbers.exclusively {
            func failure(
                _ generator: @escaping () throws -> any Module, _ discriminator: @escaping () throws -> any Module
            ) -> String {
                message {
                    var configuration = TrainingConfiguration()
                    configuration.network.latent = 4
                    configuration.training.batchSize = 8
                    let networks = CustomNetworks(generator: generator, discriminator: discriminator)
                    _ = try TrainingSetup(configuration, data: Vectors(64), networks: networks).trainer()
                }
            }
            let critic = { try Linear(5, 1) }
            #expect(
                failure({ try Linear(4, 3) }, critic)
                    == "The generator returns shape [2, 3] for 2 examples, but the data (64 vectors of five numbers) requires [2, 5]; change its output shape."
            )
            #expect(
                failure({ try Linear(4, 5) }, { try Linear(5, 7) })
                    == "The discriminator returns shape [2, 7] for 2 examples; it must be [2, 1].")
            #expect(failure({ Silent() }, critic).contains("Silent has no parameters to train"))
            #expect(failure({ try Linear(4, 5) }, critic).isEmpty)
        }
    }

    @Test func whatCustomNetworksCannotDoIsRefused() throws {
        try RandomNumbers.exclusively {
            func failure(
                _ networks: CustomNetworks, _ change: (inout TrainingConfiguration) -> Void = { _ in }
            ) -> String {
                message {
                    var configuration = TrainingConfiguration()
                    configuration.network.latent = 4
                    (configuration.training.batchSize, configuration.samples.count) = (8, 8)
                    change(&configuration)
                    _ = try TrainingSetup(configuration, data: Vectors(64), networks: networks).trainer()
                }
            }
            let generator = { try Linear(4, 5) }
            let shared = try Linear(5, 1)
            let once = CustomNetworks(generator: generator, discriminator: { shared })
            #expect(failure(once).isEmpty)
            #expect(failure(once).contains("CustomNetworks.discriminator returned the same network twice"))
            let normed = CustomNetworks(
                generator: generator, discriminator: { try Sequential(Linear(5, 8), BatchNorm(8), Linear(8, 1)) })
            #expect(failure(normed).isEmpty)
            #expect(failure(normed) { $0.penalties.r1.weight = 1 }.contains("its slope is meaningless"))
            let plain = CustomNetworks(generator: generator, discriminator: { try Linear(5, 1) })
            #expect(failure(plain) { $0.training.packing = 2 }.contains("does not take 2 examples at once"))
            let packed = CustomNetworks(generator: generator, discriminator: { try Linear(10, 1) })
            #expect(failure(packed) { $0.training.packing = 2 }.isEmpty)
            let twice = CustomNetworks(generator: generator, discriminator: { try Twice() })
            #expect(failure(twice).contains("Twice has two tensors named inner.weight"))
            #expect(failure(plain) { $0.optimizer.generator.learningRate = 1e9 }.contains("learningRate"))
        }
    }

    private final class Twice: Module {
        private let first, second: Linear
        init() throws { (first, second) = (try Linear(5, 5), try Linear(5, 1)) }
        func callAsFunction(_ input: Tensor) throws -> Tensor { try second(first(input)) }
        func visit(_ visitor: StateVisitor) {
            visitor.module("inner", first)
            visitor.module("inner", second)
        }
    }

    /// Own points with the built-in networks get remedies like any other run.
    @Test func ownPointsWithBuiltInNetworksAreValid() throws {
        var configuration = TrainingConfiguration()
        configuration.network.architecture = .mlp
        let setup = try TrainingSetup(configuration, data: MixtureDataset.ring(count: 100, seed: 1))
        #expect(setup.configuration.makesPoints && setup.configuration.needsItsProgram)
        #expect(throws: Never.self) { try setup.configuration.validated() }
        #expect(try TrainingConfiguration(yaml: setup.configuration.yaml, source: "run") == setup.configuration)
    }

    private final class Silent: Module {
        func callAsFunction(_ input: Tensor) throws -> Tensor { input }
    }

    /// A failed training of own networks is repaired with a change of what the configuration does describe.
    @Test func aFailedTrainingOfOwnNetworksIsRepaired() throws {
        try inTemporaryFolder { folder in
            try RandomNumbers.exclusively {
                let (setup, given) = try vectors(folder, steps: 400) {
                    $0.objective = .leastSquares
                    ($0.optimizer.generator.kind, $0.optimizer.discriminator.kind) = (.sgd, .sgd)
                    $0.optimizer.generator.learningRate = 1000
                    $0.optimizer.discriminator.learningRate = 1000
                }
                var options = given
                var repairs: [Repair] = []
                options.onFailure = .repair(times: 1)
                options.label = "own"
                options.report = { if case .repairs(let repair) = $0 { repairs.append(repair) } }
                let first = try TrainingSession(setup, options)
                let (last, _) = try first.runWithRepairs()
                #expect(repairs.count == 1)
                #expect(repairs.first?.changes.allSatisfy { !$0.path.hasPrefix("network.") } == true)
                #expect(last.folder != first.folder)
                #expect(try RunReader(last.folder).metadata().label == "own+1")
                #expect(try RunReader(last.folder).configuration().network.architecture == .custom)
            }
        }
    }

    @Test func onlyTheirProgramCanMakeOwnNetworksAndData() throws {
        var configuration = TrainingConfiguration()
        configuration.network.architecture = .custom
        let ring = try MixtureDataset.ring(count: 100, seed: 1)
        #expect(
            message { _ = try Trainer(configuration, data: ring, device: .cpu) }.contains(
                "only that program can create them"))
        configuration.data.source = TrainingConfiguration.DataOptions.customSource
        #expect(message { _ = try TrainingSetup(configuration) }.contains("only that program can train on it"))
    }
}
