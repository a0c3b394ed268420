import Diagnostics
import Foundation
import Logs
import Measurements
import Recipes
import Testing

/// What the discriminator's accuracy in a log tells.
@Suite struct AccuracyTests {
    private let folder = LogFolder()

    /// Lines as those of Keras-GAN.
    private func lines(
        discriminator: Double, generator: Double, count: Int = 400, accuracy: (Double) -> Double
    ) throws -> LossLog {
        var noise = FixedNoise()
        let text = (0..<count).map { step in
            "\(step) [D loss: \(discriminator * (1 + 0.1 * noise.next())), acc.: \(accuracy(noise.next()))%] [G loss: \(generator * (1 + 0.1 * noise.next()))]\n"
        }
        return try folder.log(text.joined())
    }

    private func diagnosis(_ log: LossLog, _ objective: Objective? = nil) throws -> Diagnosis {
        Diagnosis(try #require(log.histories(objective: objective).first).history)
    }

    @Test func accuracyIsAColumn() throws {
        let log = try lines(discriminator: 1.2, generator: 1) { 75 + 10 * $0 }
        #expect(log.mapping.columns[.accuracyDiscriminator] == "D loss acc.")
        let history = try #require(log.histories(objective: nil).first).history
        #expect(abs((history.windows(.accuracyDiscriminator).first?.mean ?? 0) - 0.75) < 0.05)
        #expect(try diagnosis(log).findings.isEmpty)
    }

    @Test func halvesGiveTheWhole() throws {
        let text = (1...300).map {
            ">\($0), d1=0.\(50 + $0 % 9), d2=0.\(70 - $0 % 7) g=0.9\($0 % 10), a1=\(80 + $0 % 5), a2=60\n"
        }
        let log = try folder.log(text.joined())
        #expect(log.mapping.columns[.accuracyReal] == "a1" && log.mapping.columns[.accuracyFake] == "a2")
        let history = try #require(log.histories(objective: nil).first).history
        #expect(abs((history.windows(.accuracyDiscriminator).last?.mean ?? 0) - 0.71) < 0.01)
    }

    /// Right about everything, with losses that are not yet zero: a warning, also where nobody knows the objective.
    @Test(arguments: [(0.06, 5.0), (0.02, 0.9)])
    func aDiscriminatorThatIsAlwaysRight(_ discriminator: Double, _ generator: Double) throws {
        let log = try lines(discriminator: discriminator, generator: generator) { 99.6 + 0.4 * $0 }
        let judged = try diagnosis(log)
        let finding = try #require(judged.findings.first { $0.pattern == .discriminatorWins }, "\(judged)")
        #expect(judged.verdict == .warning && finding.evidence.first?.signal == "accuracy_discriminator")
        #expect(finding.summary.contains("% of all examples"))
        #expect(!finding.remedies.isEmpty)
        // A critic's answers have no line between real and generated.
        #expect(try diagnosis(log, .wasserstein).findings.isEmpty)
    }

    /// ACGAN's programs print the accuracy of classes in the same place, beside losses near those of guessing.
    @Test func aPerfectAccuracyBesideLossesOfGuessing() throws {
        let judged = try diagnosis(lines(discriminator: 1.2, generator: 1.1) { 99.6 + 0.4 * $0 })
        #expect(judged.verdict == .healthy, "\(judged)")
    }

    @Test func aDiscriminatorThatAnswersTheSame() throws {
        let judged = try diagnosis(lines(discriminator: 3, generator: 0.3) { _ in 50 }, .nonSaturating)
        let finding = try #require(judged.findings.first { $0.pattern == .discriminatorFrozen }, "\(judged)")
        #expect(judged.verdict == .failed && finding.summary.contains("right about half"))
        // With smoothed labels a perfect discriminator is right about half of all examples, by Keras's count; its losses are low.
        let smoothed = try diagnosis(lines(discriminator: 0.4, generator: 3) { _ in 50 }, .nonSaturating)
        #expect(!smoothed.findings.contains { $0.pattern == .discriminatorFrozen })
        // Chance is near half, but not half at every step.
        let chance = try diagnosis(lines(discriminator: 1.39, generator: 0.69) { 50 + 5 * $0 }, .nonSaturating)
        #expect(!chance.findings.contains { $0.pattern == .discriminatorFrozen })
    }

    @Test(arguments: ["class_acc", "val_acc", "G_acc", "cls accuracy", "op_acc", "acc", "C_acc", "target_acc", "acc5"])
    func otherAccuraciesAreNotTheDiscriminators(_ name: String) throws {
        let rows = (1...50).map { "\($0),0.\(60 + $0 % 9),0.9\($0 % 10),0.99\n" }
        let log = try folder.log("step,d_loss,g_loss,\(name)\n" + rows.joined(), name: "losses.csv")
        #expect(log.mapping.columns[.accuracyDiscriminator] == nil)
    }
}
