import Diagnostics
import Foundation
import Logs
import Recipes
import Testing

/// How the objective is inferred from the losses, and what is reported when it cannot be.
@Suite struct ObjectiveTests {
    private let folder = LogFolder()

    /// One program computes the losses of all its players alike, though those of a discriminator that won do not tell how.
    @Test func allPairsHaveOneConvention() throws {
        var noise = FixedNoise()
        let text = (1...300).map { step in
            "iter: \(step) D_A: \(0.14 + 0.02 * noise.next()) G_A: \(0.3 + 0.03 * noise.next()) D_B: \(0.0005 * (1 + 0.1 * noise.next())) G_B: \(0.97 + 0.01 * noise.next())\n"
        }
        let sentences = try folder.log(text.joined()).histories(objective: nil).map { $0.assumptions.joined() }
        #expect(sentences.count == 2 && sentences.allSatisfy { $0.contains("as the mean") }, "\(sentences)")
    }

    /// Several players of one program have one objective, though the losses of only some of them may tell it.
    @Test func allPairsHaveOneObjective() throws {
        var noise = FixedNoise()
        let text = (1...300).map { step in
            "iter: \(step) D_A: \(0.16 + 0.02 * noise.next()) G_A: \(0.5 + 0.03 * noise.next()) D_B: \(0.16 + 0.02 * noise.next()) G_B: \(1.7 + 0.5 * noise.next())\n"
        }
        let players = try folder.log(text.joined()).histories(objective: nil)
        #expect(players.map(\.history.objective) == [.leastSquares, .leastSquares])
        #expect(players.allSatisfy { $0.history.context.isObjectiveKnown })
        #expect(players.last?.assumptions.contains { $0.contains("objective that the other players") } == true)
    }

    /// Players whose losses are all zero are not judged by the objective of others.
    @Test func unusedPlayersShareNothing() throws {
        var noise = FixedNoise()
        let text = (1...300).map { step in
            "iter: \(step) D_A: \(0.16 + 0.02 * noise.next()) G_A: \(0.5 + 0.03 * noise.next()) D_B: 0.0 G_B: 0.0\n"
        }
        let players = try folder.log(text.joined()).histories(objective: nil)
        #expect(players.map(\.history.context.isObjectiveKnown) == [true, false])
    }

    @Test func policyGradientsHaveNoScale() throws {
        var noise = FixedNoise()
        let text = (1...100).map {
            "epoch \($0) pg_loss: \(0.5 + 0.1 * noise.next()) d_loss: \(0.3 + 0.1 * noise.next())\n"
        }
        let players = try #require(try folder.log(text.joined()).histories(objective: nil).first)
        #expect(!players.history.context.isObjectiveKnown && Diagnosis(players.history).verdict == .undecided)
        #expect(
            folder.problem("step,pg_loss,vf_loss,reward\n1,0.1,0.2,3\n2,0.1,0.3,4\n").contains("does not look like"))
    }

    /// Means over epochs that lie under the bound of cross-entropies nearly all of the time are those of a hinge loss.
    @Test func aHingeLossIsNoCrossEntropy() throws {
        var noise = FixedNoise()
        let text = (1...150).map {
            "Epoch \($0)/150 - Loss D: \(1.9 + 0.01 * noise.next()), Loss G: \(0.12 + 0.005 * noise.next())\n"
        }
        let players = try #require(try folder.log(text.joined()).histories(objective: nil).first)
        #expect(!players.history.context.isObjectiveKnown)
        #expect(Diagnosis(players.history).verdict == .undecided)
    }

    /// A loss that is printed as 0 is small, not of another objective.
    @Test func aLossPrintedAsZero() throws {
        var noise = FixedNoise()
        let text =
            "step,d_loss,g_loss\n"
            + (1...400).map { step in
                "\(step),\(step < 30 ? "0.\(99 - step)" : "0.0000"),\(5 + 0.2 * noise.next())\n"
            }.joined()
        let players = try #require(try folder.log(text, name: "log.csv").histories(objective: nil).first)
        #expect(Diagnosis(players.history).findings.first?.pattern == .discriminatorWins)
    }

    /// Lightning counts a step of each player and logs each in a row of its own; its example's discriminator loss is a mean.
    @Test func sparseRowsOfLightning() throws {
        var noise = FixedNoise()
        let text =
            "d_loss,epoch,g_loss,step\n"
            + (0..<200).map { batch in
                ",0,\(0.9 + 0.1 * noise.next()),\(20 * batch)\n\(0.55 + 0.05 * noise.next()),0,,\(20 * batch + 1)\n"
            }.joined()
        let log = try folder.log(text, name: "metrics.csv")
        #expect(log.rowCount == 200)
        let players = try #require(log.histories(objective: nil).first)
        #expect(players.history.objective == .nonSaturating && players.history.context.isObjectiveKnown)
        #expect(players.assumptions.contains { $0.contains("as the mean") }, "\(players.assumptions)")
        #expect(Diagnosis(players.history).verdict == .healthy)
    }

    /// A critic's losses have no scale, but those that grow without end have exploded.
    @Test func aCriticThatRunsAway() throws {
        func pattern(_ loss: (Double) -> Double) throws -> Pattern? {
            var noise = FixedNoise()
            let text = (1...500).map { step in
                let critic = -loss(Double(step)) * (1 + 0.1 * noise.next())
                return "step=\(10 * step) critic_loss=\(critic) generator_loss=\(-critic / 2 * noise.next())\n"
            }
            return try Diagnosis(#require(folder.log(text.joined()).histories(objective: nil).first).history).findings
                .first?.pattern
        }
        #expect(try pattern { exp(0.025 * $0) } == .explodingLosses)
        #expect(try pattern { 0.01 + 40 * $0 / (50 + $0) } == nil)
        #expect(try pattern { _ in 30_000 } == nil)
    }

    /// The whole of a loss is named, not the halves that were made of it.
    @Test func aWholeLossThatBreaks() throws {
        let text = (1...30).map {
            "step \($0) d_loss: \($0 < 20 ? "0.6\($0)" : "nan") g_loss: \($0 < 21 ? "1.\($0)" : "nan")\n"
        }
        let players = try #require(try folder.log(text.joined()).histories(objective: nil).first)
        let finding = try #require(Diagnosis(players.history).findings.first)
        #expect(finding.summary.hasPrefix("loss_discriminator became NaN at step 20"), "\(finding.summary)")
    }

    private func first(_ line: (Int, Double) -> String, rows: Int = 200) throws -> LossLog.PlayersHistory {
        var noise = FixedNoise()
        return try #require(
            try folder.log((0..<rows).map { line($0, noise.next()) }.joined()).histories(objective: nil).first)
    }

    private func isMean(_ players: LossLog.PlayersHistory) -> Bool {
        players.assumptions.contains { $0.contains("as the mean") }
    }

    /// The first losses of cross-entropies are those of guesses, whatever they are later.
    @Test(arguments: [(1.0, true), (2.0, false)])
    func guessesAtTheStart(_ factor: Double, _ isMeant: Bool) throws {
        let players = try first { step, noise in
            step == 0
                ? "step 0 d_loss: \(0.693 * factor) g_loss: 0.697\n"
                : "step \(step) d_loss: \(0.7 + 0.02 * noise) g_loss: \(0.9 + 0.1 * noise)\n"
        }
        #expect(players.history.objective == .nonSaturating && players.history.context.isObjectiveKnown)
        #expect(isMean(players) == isMeant)
    }

    /// A discriminator whose loss stays at log 2 beside a generator's: as a sum it would know all reals and no fake.
    @Test func guessesToTheEnd() throws {
        let players = try first {
            "step \($0) d_loss: \(0.6935 + 0.001 * $1) g_loss: \($0 == 0 ? 0.61 : 0.692 + 0.003 * $1)\n"
        }
        #expect(isMean(players) && Diagnosis(players.history).verdict != .healthy)
    }

    /// Answers of which a third is wrong cost more than a half of 0.62.
    @Test func accuraciesTellMeans() throws {
        func players(_ accuracy: Double) throws -> LossLog.PlayersHistory {
            try first { "\($0) [D loss: \(0.62 + 0.01 * $1), acc.: \(accuracy + $1)%] [G loss: \(1.05 + 0.05 * $1)]\n" }
        }
        let (wrong, right) = try (players(66), players(88))
        #expect(isMean(wrong) && !isMean(right) && wrong.history.objective == .nonSaturating)
    }

    /// Squares of so few errors would be smaller.
    @Test func accuraciesTellCrossEntropies() throws {
        func objective(_ loss: Double) throws -> Objective {
            try first { "\($0) d_acc: \(0.88 + 0.01 * $1) d_loss: \(loss + 0.01 * $1) g_loss: \(0.97 + 0.02 * $1)\n" }
                .history.objective
        }
        #expect(try objective(0.38) == .nonSaturating)
        #expect(try objective(0.15) == .leastSquares)
    }

    /// Least squares are the default objective of CycleGAN.
    @Test func cyclesAreOfSquares() throws {
        func objective(_ discriminator: Double, _ other: String) throws -> Objective {
            try first {
                "(epoch: 1, iters: \($0)) D_A: \(discriminator + 0.03 * $1) G_A: \(1.1 + 0.2 * $1) \(other): 0.7\n"
            }
            .history.objective
        }
        #expect(try objective(0.45, "cycle_A") == .leastSquares)
        #expect(try objective(0.45, "l1") == .nonSaturating)
        #expect(try objective(1.3, "cycle_A") == .nonSaturating)
    }

    /// Answers of a relativistic discriminator are compared, so that their level means nothing; the losses contradict it.
    @Test func answersThatTheLossContradicts() throws {
        func players(_ loss: Double) throws -> LossLog.PlayersHistory {
            try first {
                "step \($0) loss_d: \(loss + 0.05 * $1) loss_g: \(2.3 + 0.3 * $1) out_real: \(9 + $1) out_fake: \(7 + $1)\n"
            }
        }
        let relativistic = try players(0.3)
        #expect(relativistic.assumptions.contains { $0.contains("do not fit") })
        #expect(!Diagnosis(relativistic.history).findings.contains { $0.pattern == .discriminatorFrozen })
        #expect(Diagnosis(try players(7.5).history).findings.contains { $0.pattern == .discriminatorFrozen })
    }
}
