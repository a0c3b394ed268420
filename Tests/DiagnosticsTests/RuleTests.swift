import Diagnostics
import Foundation
import Measurements
import Recipes
import Testing

/// Each pattern on made-up series that show it, and on sound ones that nearly do.
@Suite struct RuleTests {
    typealias Curves = [SeriesName: (Int) -> Double]

    /// A training of `steps` steps with these curves, a little noise on them.
    func training(_ curves: Curves, steps: Int = 1200, objective: Objective = .nonSaturating) -> History {
        var history = History(objective: objective)
        var noise = FixedNoise()
        for step in 1...steps {
            for (series, curve) in curves.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                history.append(series, step: step, value: curve(step) * (1 + 0.02 * noise.next()))
            }
        }
        return history
    }

    /// The sound training with some curves in place of its own.
    func sound(but changes: Curves) -> Curves { sound.merging(changes) { $1 } }

    /// A curve that jumps at a step.
    static func jump(at place: Int, _ before: Double, _ after: Double) -> (Int) -> Double {
        { $0 < place ? before : after }
    }

    /// The same numbers in every run, about evenly between −1 and 1.
    struct FixedNoise {
        var state: UInt64 = 1
        mutating func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 33) / Double(1 << 30) - 1
        }
    }

    let sound: Curves = [
        .lossGenerator: Self.jump(at: 100, 4, 0.9), .lossDiscriminatorReal: Self.jump(at: 100, 0.01, 0.6),
        .lossDiscriminatorFake: Self.jump(at: 100, 0.01, 0.6), .probabilityReal: { _ in 0.57 },
        .probabilityFake: { _ in 0.43 }, .gradientNormGenerator: { _ in 2 }, .gradientNormDiscriminator: { _ in 5 },
    ]

    let soundEvaluation: [SeriesName: Double] = [
        .ndb: 0.4, .ndbHeldOut: 0.05, .jensenShannon: 0.04, .jensenShannonHeldOut: 0.011, .binDrift: 0.03,
        .missingBins: 0.03, .diversity: 0.97, .duplicates: 0, .memorized: 0.02, .memorizedHeldOut: 0.05,
        .precision: 0.6, .coverage: 0.45, .lostClassMass: 0, .rareClassMass: 0,
    ]

    func expect(
        _ pattern: Pattern, _ failure: Finding.Failure, since: ClosedRange<Int>, _ history: History,
        evaluations: [SeriesName: Double] = [:]
    ) throws {
        var history = history
        for step in [400, 800, 1200] where !evaluations.isEmpty {
            for (series, value) in soundEvaluation.merging(evaluations, uniquingKeysWith: { $1 }) {
                history.append(series, step: step, value: value)
            }
        }
        let diagnosis = Diagnosis(history)
        let finding = try #require(diagnosis.findings.first { $0.pattern == pattern }, "\(diagnosis)")
        #expect(finding.failure == failure && since.contains(finding.sinceStep), "\(finding)")
        #expect((0...1).contains(finding.severity) && !finding.evidence.isEmpty)
        #expect(finding.summary.hasSuffix(".") && finding.summary.contains("step"), "\(finding.summary)")
    }

    @Test func aSoundTrainingIsHealthy() {
        var history = training(sound)
        for step in [400, 800, 1200] {
            for (series, value) in soundEvaluation { history.append(series, step: step, value: value) }
        }
        let diagnosis = Diagnosis(history)
        #expect(diagnosis.verdict == .healthy && diagnosis.findings.isEmpty, "\(diagnosis.findings)")
        #expect(diagnosis.unseen.isEmpty)
    }

    @Test func aDiscriminatorThatWins() throws {
        let won = sound(but: [
            .lossGenerator: Self.jump(at: 500, 0.9, 6), .lossDiscriminatorReal: Self.jump(at: 500, 0.6, 0.0003),
            .lossDiscriminatorFake: Self.jump(at: 500, 0.6, 0.0003),
        ])
        try expect(.discriminatorWins, .convergenceFailure, since: 481...521, training(won))
        #expect(Diagnosis(training(won)).verdict == .failed)
        // Losses like these are common in sound trainings: only samples tell.
        let ahead = won.mapValues { curve in { (step: Int) -> Double in curve(step) < 0.001 ? 0.01 : curve(step) } }
        #expect(Diagnosis(training(ahead)).verdict == .undecided)
        try expect(
            .discriminatorWins, .convergenceFailure, since: 481...521, training(ahead), evaluations: [.diversity: 0.97])
        // It has to last: ten windows of twenty steps.
        #expect(!Diagnosis(training(won, steps: 600)).findings.contains { $0.pattern == .discriminatorWins })
        // One odd window shortly before the end hides nothing, and what held before a long pause does not count.
        let odd: Curves = won.mapValues { curve in
            { (step: Int) -> Double in curve((1141...1160).contains(step) ? 400 : step) }
        }
        try expect(.discriminatorWins, .convergenceFailure, since: 481...521, training(odd))
        let twice: Curves = won.mapValues { curve in { (step: Int) -> Double in curve(step < 200 ? 600 : step) } }
        try expect(.discriminatorWins, .convergenceFailure, since: 481...521, training(twice))
        // A run that has recovered is not called.
        let recovered: Curves = won.mapValues { curve in { (step: Int) -> Double in curve(step > 900 ? 400 : step) } }
        #expect(!Diagnosis(training(recovered)).findings.contains { $0.pattern == .discriminatorWins })
        // The same numbers mean nothing to a critic.
        #expect(Diagnosis(training(won, objective: .wasserstein)).findings.isEmpty)
    }

    @Test func aFrozenDiscriminator() throws {
        let frozen = sound(but: [
            .lossDiscriminatorReal: Self.jump(at: 300, 0.6, 0.001), .lossDiscriminatorFake: Self.jump(at: 300, 0.6, 7),
            .probabilityReal: Self.jump(at: 300, 0.57, 0.985), .probabilityFake: Self.jump(at: 300, 0.43, 0.985),
        ])
        try expect(.discriminatorFrozen, .convergenceFailure, since: 281...321, training(frozen))
        #expect(
            !Diagnosis(training(sound(but: [.probabilityFake: { _ in 0.985 }]))).findings.contains {
                $0.pattern == .discriminatorFrozen
            })
    }

    @Test func aGeneratorThatWins() throws {
        let fooled = sound(but: [
            .lossGenerator: Self.jump(at: 300, 0.9, 0.12), .lossDiscriminatorReal: Self.jump(at: 300, 0.6, 0.8),
            .lossDiscriminatorFake: Self.jump(at: 300, 0.6, 2.2), .probabilityReal: Self.jump(at: 300, 0.57, 0.45),
            .probabilityFake: Self.jump(at: 300, 0.43, 0.89),
        ])
        try expect(.generatorWins, .convergenceFailure, since: 281...321, training(fooled))
        let diagnosis = Diagnosis(training(fooled))
        #expect(diagnosis.verdict == .failed && diagnosis.findings.map(\.pattern) == [.generatorWins], "\(diagnosis)")
        // Samples that look like the data take it back.
        var history = training(fooled)
        for step in [400, 800, 1200] {
            for (series, value) in soundEvaluation { history.append(series, step: step, value: value) }
        }
        #expect(Diagnosis(history).verdict == .warning)
        // It has to last, and a discriminator that only does worse than guessing decides nothing.
        let late: Curves = fooled.mapValues { curve in { (step: Int) -> Double in curve(step < 1120 ? 1 : step) } }
        #expect(Diagnosis(training(late)).verdict == .undecided)
        let behind = fooled.merging([.lossGenerator: { _ in 0.6 }]) { $1 }
        #expect(Diagnosis(training(behind)).verdict == .undecided)
        // A critic's losses have no scale.
        #expect(Diagnosis(training(fooled, objective: .hinge)).findings.isEmpty)
    }

    /// What a second sigmoid leaves of a discriminator, and what good samples leave of it.
    @Test func aDiscriminatorThatGuesses() throws {
        func guessing(within margin: Double, but odd: (Int) -> Bool = { _ in false }) -> History {
            var history = History(objective: .nonSaturating)
            var noise = FixedNoise()
            for step in 1...1200 {
                for series in [SeriesName.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake] {
                    let value = log(2) + margin * noise.next()
                    history.append(series, step: step, value: odd(step) ? 0.3 : value)
                }
                for series in [SeriesName.probabilityReal, .probabilityFake] {
                    history.append(series, step: step, value: 0.5)
                }
            }
            return history
        }
        try expect(.discriminatorFrozen, .convergenceFailure, since: 1...21, guessing(within: 0.0005))
        for history in [guessing(within: 0.005), guessing(within: 0.0005) { $0 % 100 == 50 }] {
            let diagnosis = Diagnosis(history)
            #expect(diagnosis.findings.isEmpty && diagnosis.verdict == .undecided, "\(diagnosis)")
            #expect(diagnosis.judged.losses.contains("chance level"))
        }
        #expect(Diagnosis(training(sound)).verdict == .healthy)
    }

    /// As PyTorch's BCELoss reports probabilities that have rounded to 0 and 1: each mistake costs 100.
    @Test func aDiscriminatorThatIsStuck() throws {
        func stuck(real: Double, fake: Double, mistakes: Double = 0) -> Curves {
            sound(but: [
                .probabilityReal: Self.jump(at: 300, 0.57, real), .probabilityFake: Self.jump(at: 300, 0.43, fake),
                .lossDiscriminatorReal: Self.jump(at: 300, 0.6, 100 * (1 - real)),
                .lossDiscriminatorFake: Self.jump(at: 300, 0.6, 100 * fake + mistakes),
                .lossGenerator: Self.jump(at: 300, 0.9, 100 * (1 - fake)),
            ])
        }
        for (real, fake, words) in [
            (0.0, 0.0, "everything generated"), (1, 1, "everything real"), (0, 1, "everything wrong"),
        ] {
            let history = training(stuck(real: real, fake: fake))
            try expect(.discriminatorFrozen, .convergenceFailure, since: 281...321, history)
            #expect(Diagnosis(history).findings.contains { $0.summary.contains(words) }, "\(words)")
        }
        let won = training(stuck(real: 1, fake: 0, mistakes: 1.5))
        try expect(.discriminatorWins, .convergenceFailure, since: 281...321, won, evaluations: [.diversity: 0.97])
        #expect(!Diagnosis(won).findings.contains { $0.pattern == .discriminatorFrozen })
    }

    @Test func lossesThatExplode() throws {
        let exploded = sound(but: [
            .lossGenerator: Self.jump(at: 300, 0.9, 45), .lossDiscriminatorFake: Self.jump(at: 300, 0.6, 9),
            .probabilityReal: { _ in 0.8 }, .probabilityFake: { _ in 0.3 },
        ])
        try expect(.explodingLosses, .convergenceFailure, since: 281...321, training(exploded))
        // A discriminator that has won is told as that; a critic's values have no scale.
        let won = sound(but: [
            .lossGenerator: { _ in 45 }, .lossDiscriminatorReal: { _ in 0 }, .lossDiscriminatorFake: { _ in 0 },
        ])
        #expect(Diagnosis(training(won)).findings.map(\.pattern) == [.discriminatorWins])
        // Answers that were logged seldom do not hide what the losses say.
        var seldom = training(won.filter { $0.key != .probabilityReal && $0.key != .probabilityFake })
        for epoch in 1...3 { seldom.append(.probabilityReal, step: epoch * 400, value: 0.5) }
        #expect(Diagnosis(seldom).findings.map(\.pattern) == [.discriminatorWins])
        #expect(Diagnosis(training(exploded, objective: .wasserstein)).findings.isEmpty)
    }

    /// A generator that also has targets still learns from those.
    @Test func aDiscriminatorThatHasWonBesideTargets() {
        var history = training(
            sound(but: [
                .lossGenerator: { _ in 9 }, .lossDiscriminatorReal: { _ in 0.0001 },
                .lossDiscriminatorFake: { _ in 0.0001 },
            ]))
        #expect(Diagnosis(history).verdict == .failed)
        history.context.hasTargets = true
        #expect(Diagnosis(history).verdict == .warning)
    }

    @Test func lossesThatVanish() throws {
        let gone = sound(but: [
            .lossGenerator: { _ in -0.001 }, .lossDiscriminatorReal: { _ in 0.001 },
            .lossDiscriminatorFake: { _ in 0.001 },
        ])
        try expect(.lossesVanish, .convergenceFailure, since: 1...21, training(gone, objective: .minimax))
    }

    /// Each answer explains in its way why both players' losses are near zero.
    @Test(arguments: [
        (0.001, 0.96, "swapped labels"), (0.96, 0.001, "wrong label"), (nil, nil, "swapped labels), or"),
    ])
    func playersThatBothWin(_ real: Double?, _ fake: Double?, _ words: String) throws {
        var curves = sound(but: [
            .lossGenerator: { _ in 0.001 }, .lossDiscriminatorReal: { _ in 0.001 },
            .lossDiscriminatorFake: { _ in 0.001 },
        ])
        curves[.probabilityReal] = real.map { real in { _ in real } }
        curves[.probabilityFake] = fake.map { fake in { _ in fake } }
        let history = training(curves)
        try expect(.bothPlayersWin, .convergenceFailure, since: 1...21, history)
        #expect(Diagnosis(history).findings[0].summary.contains(words), "\(Diagnosis(history).findings[0].summary)")
        // Targets besides the discriminator may be what is small.
        var foreign = history
        foreign.context.hasTargets = true
        #expect(Diagnosis(foreign).findings.contains { $0.pattern == .lossesVanish && $0.severity < 0.5 })
    }

    @Test func aGeneratorLossThatRises() throws {
        let rising = sound(but: [.lossGenerator: { $0 < 600 ? 1 : 1 + Double($0 - 600) / 200 }])
        try expect(.generatorLossRises, .convergenceFailure, since: 200...700, training(rising))
        #expect(Diagnosis(training(rising)).verdict == .warning)
    }

    @Test func lossesThatSwing() throws {
        let swinging = sound(but: [.lossGenerator: { 2 + 1.5 * sin(Double($0) / 30) }])
        try expect(.oscillation, .convergenceFailure, since: 200...500, training(swinging))
    }

    @Test(arguments: [SeriesName.gradientNormGenerator, .gradientNormDiscriminator])
    func gradientsThatExplode(_ series: SeriesName) throws {
        let exploding = sound(but: [series: Self.jump(at: 700, 2, 900)])
        try expect(.explodingGradients, .convergenceFailure, since: 681...721, training(exploding))
        let early = sound(but: [series: Self.jump(at: 100, 2, 1e8)])
        try expect(.explodingGradients, .convergenceFailure, since: 81...121, training(early))
        // Norms that are high from the start, and stay so, are that network's own.
        let high = sound(but: [series: { _ in 150 }])
        #expect(!Diagnosis(training(high)).findings.contains { $0.pattern == .explodingGradients })
    }

    @Test func gradientsThatVanish() throws {
        let vanishing = sound(but: [.gradientNormGenerator: Self.jump(at: 700, 2, 1e-5)])
        try expect(.vanishingGradients, .convergenceFailure, since: 681...721, training(vanishing))
    }

    @Test(arguments: [Double.nan, .infinity])
    func valuesThatAreNotFinite(_ value: Double) throws {
        let broken = sound(but: [.lossGenerator: { $0 == 555 ? value : 0.9 }])
        try expect(.nonFinite, .convergenceFailure, since: 555...555, training(broken))
        let data = try JSONEncoder().encode(Diagnosis(training(broken)))
        #expect(try JSONDecoder().decode(Diagnosis.self, from: data).findings.first?.pattern == .nonFinite)
    }

    @Test func seriesOfDifferentIntervalsAreComparedByStep() throws {
        var history = History(objective: .nonSaturating)
        for step in 1...4000 {
            // The generator is beaten up to step 2000, the discriminator wins from there on: never at once.
            history.append(.lossGenerator, step: step, value: step <= 2000 ? 8 : 1)
            guard step % 4 == 0 else { continue }
            history.append(.lossDiscriminatorReal, step: step, value: step <= 2000 ? 0.7 : 0.001)
            history.append(.lossDiscriminatorFake, step: step, value: step <= 2000 ? 0.7 : 0.001)
        }
        let names: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal]
        #expect(history.stretch(of: names, lasting: 10) { $0[0].mean > 4 && $0[1].mean < 0.1 } == nil)
        let stretch = try #require(history.stretch(of: names, lasting: 10) { $0[0].mean < 4 && $0[1].mean < 0.1 })
        #expect(stretch.firstStep == 2004 && stretch.lastStep == 4000 && stretch.count == 25)
    }

    @Test func aSeriesThatEndedLongAgoSaysNothingOfNow() {
        var history = History(objective: .nonSaturating)
        for step in 1...4000 {
            history.append(.lossGenerator, step: step, value: step <= 1000 ? 9 : 0.8 + 0.01 * Double(step % 3))
            guard step <= 1000 else { continue }
            history.append(.lossDiscriminatorReal, step: step, value: 0.001)
            history.append(.lossDiscriminatorFake, step: step, value: 0.001)
        }
        #expect(Diagnosis(history).findings.isEmpty)
    }

    @Test func pointsBetweenTheModesAreOfBadQuality() throws {
        try expect(
            .badQuality, .convergenceFailure, since: 400...400, training(sound),
            evaluations: [.missingModes: 0, .precision: 0.1])
    }

    @Test func hugeLossesHaveAMean() {
        let window = Window((1...20).map { (step: $0, value: $0 % 2 == 0 ? 1.6e308 : 1.4e308) })
        #expect(abs(window.mean / 1.5e308 - 1) < 1e-12 && abs(window.deviation / 1e307 - 1) < 1e-6)
        #expect(Window([(step: 1, value: 3), (step: 2, value: 3)]).deviation == 0)
    }

    @Test func oneOddEvaluationIsNoFinding() {
        var history = training(sound)
        for step in [400, 800, 1200] {
            for (series, value) in soundEvaluation { history.append(series, step: step, value: value) }
        }
        history.append(.coverage, step: 1300, value: 0.01)
        #expect(Diagnosis(history).findings.isEmpty)
    }

    @Test func whatCannotBeSeenIsSaid() {
        var history = History(objective: .nonSaturating)
        for step in 1...400 { history.append(.lossGenerator, step: step, value: 1) }
        let unseen = Diagnosis(history).unseen.joined(separator: "\n")
        #expect(unseen.contains("only losses") && unseen.contains("loss_discriminator_fake"))
        var short = History(objective: .hinge)
        short.append(.lossGenerator, step: 1, value: 1)
        #expect(Diagnosis(short).unseen.contains { $0.contains("too short") })
        short.append(.jensenShannonHeldOut, step: 1, value: 0.3)
        #expect(Diagnosis(short).unseen.contains { $0.contains("too few") })
    }

    /// Live and after the fact the same is found: the windows do not depend on when one looks.
    @Test func growingGivesWhatTheWholeGives() {
        let curves = sound(but: [.gradientNormGenerator: Self.jump(at: 700, 2, 1e-5)])
        let whole = training(curves)
        var grown = History(objective: .nonSaturating)
        var noise = FixedNoise()
        for step in 1...1200 {
            for (series, curve) in curves.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                grown.append(series, step: step, value: curve(step) * (1 + 0.02 * noise.next()))
            }
            if step % 20 == 0 { _ = Diagnosis(grown) }
        }
        #expect(Diagnosis(grown) == Diagnosis(whole) && !Diagnosis(whole).findings.isEmpty)
    }
}
