import Adversarial
import Foundation
import Measurements
import Recipes
import Runs
import TestSupport
import Testing
import Torch

@testable import Training

@Suite struct CheckpointTests {
    /// Trains with a checkpoint every step, of which three stay.
    private func trained(in folder: URL) throws {
        try RandomNumbers.exclusively {
            let trainer = try Trainer(tinyConfiguration { $0.checkpoints.everySteps = 1 }, data: discs(), device: .cpu)
            trainer.checkpoints = CheckpointStore(folder: folder, keep: 3)
            _ = try trainer.run()
        }
    }

    @Test func theOldestGoAway() throws {
        let directory = try TemporaryFolder()
        try trained(in: directory.url)
        let store = CheckpointStore(folder: directory.url, keep: 3)
        #expect(store.names() == ["step-00000007", "step-00000008", "step-00000009"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).count == 3)
    }

    @Test func theLastFromBeforeAFailureStays() throws {
        let directory = try TemporaryFolder()
        try trained(in: directory.url)
        let store = CheckpointStore(folder: directory.url, keep: 2)
        let contents = try #require(try store.newest()).contents
        for step in 10...14 { _ = try store.save(contents, step: step, keepingOneBefore: [9]) }
        #expect(store.names() == ["step-00000008", "step-00000013", "step-00000014"])
        _ = try store.save(contents, step: 15)
        #expect(store.names() == ["step-00000014", "step-00000015"])
    }

    /// A failure is dated back to where it began, which is long ago by the time that it is found: one checkpoint from before
    /// is still there, and not from long before.
    @Test(arguments: [10, 50, 170, 400])
    func oneFromBeforeAFailureIsThereWhenItIsFound(_ interval: Int) throws {
        let directory = try TemporaryFolder()
        try trained(in: directory.url)
        let contents = try #require(try CheckpointStore(folder: directory.url, keep: 3).newest()).contents
        let long = directory.url.appending(path: "long")
        try FileManager.default.createDirectory(at: long, withIntermediateDirectories: false)
        let store = CheckpointStore(folder: long, keep: 3)
        let monitor = try Monitor(tinyConfiguration(), probe: nil, device: .cpu)
        let onset = 1200
        for step in 1...3000 where !monitor.hasFailed {
            let isWon = step > onset
            // Losses that never change would be a failure of their own.
            let wobble = 1 + 0.01 * Double(step % 3)
            monitor.receive(
                StepRecord(
                    step: step, epoch: 1, imagesSeen: step, wallTime: 0,
                    values: [
                        (.lossGenerator, wobble * (isWon ? 9 : 0.8)),
                        (.lossDiscriminatorReal, wobble * (isWon ? 0.0003 : 0.6)),
                        (.lossDiscriminatorFake, wobble * (isWon ? 0.0003 : 0.6)),
                    ]))
            if monitor.isJudgmentDue(at: step) { _ = monitor.judge(at: step) }
            if step % interval == 0 {
                _ = try store.save(
                    contents, step: step, keepingOneBefore: monitor.onsets, andBeforeMoving: monitor.nextOnset(at: step)
                )
            }
        }
        #expect(monitor.hasFailed)
        let since = try #require(monitor.onsetOfFailure)
        #expect(abs(since - onset) <= 40)
        let steps = store.names().compactMap { Int($0.dropFirst(5)) }
        let healthy = try #require(steps.last { $0 < since }, "\(steps)")
        #expect(since - healthy <= 900 + interval && steps.count <= 5, "\(steps)")
    }

    @Test(arguments: ["generator", "discriminator", "state"])
    func oneCutShortGivesWayToTheOneBefore(_ file: String) throws {
        let directory = try TemporaryFolder()
        try trained(in: directory.url)
        let store = CheckpointStore(folder: directory.url, keep: 3)
        let broken = directory.url.appending(path: "step-00000009/\(file).safetensors")
        let bytes = try Data(contentsOf: broken)
        try bytes.prefix(bytes.count / 2).write(to: broken)
        var reports: [String] = []
        #expect(try store.newest { reports.append($0) }?.name == "step-00000008")
        #expect(reports.count == 1 && reports[0].contains("step-00000009") && reports[0].contains(file))
        try FileManager.default.removeItem(at: directory.url.appending(path: "step-00000008/\(file).safetensors"))
        #expect(try store.newest()?.name == "step-00000007")
        try Data().write(to: directory.url.appending(path: "step-00000007/\(file).safetensors"))
        #expect(throws: TorchError.self) { try store.newest() }
    }

    @Test func unreadableOnesSetAsideTakeNoPlace() throws {
        let directory = try TemporaryFolder()
        try trained(in: directory.url)
        let store = CheckpointStore(folder: directory.url, keep: 3)
        store.setAside(after: 7)
        #expect(store.names() == ["step-00000007"])
        let all = try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted()
        #expect(all == ["step-00000007", "step-00000008.unreadable", "step-00000009.unreadable"])
    }

    @Test func aTrainedGeneratorMakesTheTrainersExamples() throws {
        let directory = try TemporaryFolder()
        try RandomNumbers.exclusively {
            var configuration = tinyConfiguration()
            (configuration.data.channels, configuration.data.imageSize) = (1, 28)
            let trainer = try Trainer(configuration, data: discs(), device: .cpu)
            trainer.checkpoints = CheckpointStore(folder: directory.url, keep: 3)
            _ = try trainer.run()
            let newest = try #require(try trainer.checkpoints?.newest())
            let generator = try TrainedGenerator(configuration, newest.contents, device: .cpu)
            #expect(generator.step == 9)
            let noise = try Tensor.randomNormal([10, 6], from: RandomGenerator(seed: 5))
            let expected = try trainer.examples(from: noise)
            #expect(try generator.examples(count: 10, seed: 5).relativeDifference(to: expected) < 1e-5)
        }
    }

    @Test func samplesComeFromTheMovingAverage() throws {
        let directory = try TemporaryFolder()
        try RandomNumbers.exclusively {
            var configuration = tinyConfiguration { $0.training.exponentialMovingAverage = 0.8 }
            (configuration.data.channels, configuration.data.imageSize) = (1, 28)
            var plain = configuration
            plain.training.exponentialMovingAverage = 0
            // What is averaged by hand, from the parameters after each step.
            var average: [[Double]] = []
            let witness = Witness()
            let trainer = try Trainer(configuration, data: discs(), device: .cpu)
            func parameters() throws -> [[Double]] {
                try trainer.game.generator.parameters.map { try $0.to(.float64).values() }
            }
            average = try parameters()
            witness.onStep = { step in
                let decay = min(0.8, (1 + Double(step)) / (10 + Double(step)))
                average = zip(average, try parameters()).map { old, new in
                    zip(old, new).map { decay * $0 + (1 - decay) * $1 }
                }
            }
            trainer.observe(witness)
            trainer.checkpoints = CheckpointStore(folder: directory.url, keep: 1)
            _ = try trainer.run()
            let newest = try #require(try trainer.checkpoints?.newest())
            let saved = newest.contents.state.tensors.filter { $0.key.hasPrefix("generator_average.") }
            #expect(saved.count == newest.contents.generator.tensors.count)
            let sums = try saved.values.map { try $0.to(.float64).sum().item() }.sorted()
            for (sum, expected) in zip(sums, average.map { $0.reduce(0, +) }.sorted()) {
                #expect(abs(sum - expected) < 1e-4 * max(1, abs(expected)))
            }
            let noise = try Tensor.randomNormal([10, 6], from: RandomGenerator(seed: 5))
            let made = try TrainedGenerator(configuration, newest.contents, device: .cpu).examples(count: 10, seed: 5)
            #expect(try made.relativeDifference(to: trainer.examples(from: noise)) < 1e-5)
            // The training itself does not notice.
            let other = try Trainer(plain, data: discs(), device: .cpu)
            let otherWitness = Witness()
            other.observe(otherWitness)
            _ = try other.run()
            #expect(otherWitness.losses == witness.losses)
            #expect(try made.relativeDifference(to: other.examples(from: noise)) > 1e-4)
        }
    }

    @Test func whatWasLeftUnfinishedIsNoCheckpoint() throws {
        let directory = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: directory.url.appending(path: ".step-00000005.unfinished"), withIntermediateDirectories: false)
        let newest = try CheckpointStore(folder: directory.url, keep: 3).newest()
        #expect(newest?.name == nil)
    }

    @Test func oneOfOtherNetworksIsRefused() throws {
        let directory = try TemporaryFolder()
        try trained(in: directory.url)
        let newest = try #require(try CheckpointStore(folder: directory.url, keep: 3).newest())
        try RandomNumbers.exclusively {
            let wider = try Trainer(tinyConfiguration { $0.network.generatorWidth = 5 }, data: discs(), device: .cpu)
            #expect(throws: TorchError.self) { try wider.restore(newest.contents) }
            let other = try Trainer(
                tinyConfiguration { $0.optimizer.generator.kind = .rmsprop }, data: discs(), device: .cpu)
            #expect(throws: TorchError.self) { try other.restore(newest.contents) }
            let fewer = try Trainer(tinyConfiguration(), data: discs(20), device: .cpu)
            #expect(throws: TorchError.self) { try fewer.restore(newest.contents) }
        }
    }

    @Test func aFailureIsToldAndTheRunIsNotFinished() throws {
        let directory = try TemporaryFolder()
        let file = directory.url.appending(path: "a-file")
        try Data().write(to: file)
        let witness = Witness()
        try RandomNumbers.exclusively {
            let trainer = try Trainer(tinyConfiguration(), data: discs(), device: .cpu)
            trainer.checkpoints = CheckpointStore(folder: file, keep: 3)
            trainer.observe(witness)
            let outcome = try trainer.run()
            #expect(outcome == .failed("The state after step 9 could not be saved."))
        }
        #expect(witness.losses.count == 9)
        #expect(!witness.warnings.isEmpty)
        for warning in witness.warnings { #expect(warning.contains("The checkpoint after step")) }
    }
}
