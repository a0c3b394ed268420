import Foundation
import TestSupport
import Testing

@testable import Recipes

@Suite struct RecipeTests {
    private func read(_ yaml: String) throws -> TrainingConfiguration {
        try TrainingConfiguration(yaml: yaml, source: "test.yaml")
    }
    private func problem(_ yaml: String) -> String { message { _ = try read(yaml) } }

    @Test func roundTrip() throws {
        var configuration = TrainingConfiguration()
        for (path, text) in [
            ("seed", "42"), ("device", "cuda:1"), ("data.source", "/data/a: b # \"c\"\\é"), ("recipe", "null"),
            ("data.skipBroken", "true"), ("optimizer.discriminator.learningRate", "0.0001"),
            ("optimizer.generator.epsilon", "1e-12"), ("objective", "wasserstein-gp"), ("training.maxSteps", "12345"),
        ] { try configuration.set(path, to: text) }
        #expect(try read(configuration.yaml) == configuration)
        #expect(try read(TrainingConfiguration().yaml) == TrainingConfiguration())
    }

    @Test func anObjectiveBringsItsSettingsUnlessOthersAreGiven() throws {
        let penalty = try read("objective: wasserstein-gp")
        #expect(penalty.penalties.gradient.weight == 10 && penalty.training.discriminatorSteps == 5)
        #expect(penalty.optimizer.discriminator.beta2 == 0.9 && penalty.optimizer.generator.learningRate == 0.0001)
        let own = try read("training: {discriminatorSteps: 2}\noptimizer: {learningRate: 0.01}\nobjective: wasserstein")
        #expect(own.training.discriminatorSteps == 2 && own.optimizer.discriminator.learningRate == 0.01)
        #expect(own.optimizer.generator.kind == .rmsprop && own.penalties.weightClip == 0.01)
        let changed = try penalty.applying(["objective": "relativistic", "penalties.r1.weight": 4])
        #expect(changed.penalties.r1.weight == 4 && changed.penalties.r2.weight == 1)
        #expect(changed.penalties.gradient.weight == 0)
        #expect(try read(changed.yaml) == changed && changed.validated() == changed)
        var flags = TrainingConfiguration()
        try flags.set(assignments: [
            "optimizer.generator.learningRate=0.3", "optimizer.learningRate=0.2", "objective=wasserstein", "seed=1",
            "seed=2",
        ])
        #expect(flags.optimizer.generator.learningRate == 0.3 && flags.optimizer.discriminator.learningRate == 0.2)
        #expect(flags.optimizer.generator.kind == .rmsprop && flags.seed == 2)
    }

    @Test(arguments: [
        "1e3", "yes", "- a", "&x", "*x", "'q'", "a\u{7f}b", "0x10", "a: b", "#c", "~", " a", "é\u{2028}x", "/p",
    ])
    func textThatLooksLikeSomethingElseReadsBackAsText(text: String) throws {
        var configuration = TrainingConfiguration()
        configuration.data.source = text
        // A key's text has no white space around it and no control characters.
        let isAllowed = text == text.trimmingCharacters(in: .whitespaces) && !text.contains("\u{7f}")
        if isAllowed { #expect(try read(configuration.yaml) == configuration) }
        #expect(configuration.yaml.contains("source: "))
    }

    @Test func writingIsNestedOrderedAndReadable() {
        let yaml = TrainingConfiguration().yaml
        #expect(
            yaml.hasPrefix(
                "recipe: custom\nseed: 0\ndevice: auto\nprecision: float32\nthreads: 0\ndata:\n  source: mnist\n"))
        #expect(
            yaml.contains(
                """
                objective: non-saturating
                penalties:
                  gradient:
                    weight: 0
                    interval: 1
                  dragan:
                """))
        #expect(
            yaml.contains(
                """
                optimizer:
                  generator:
                    kind: adam
                    learningRate: 0.0002
                    beta1: 0.5
                    beta2: 0.999
                    epsilon: 1.0e-8
                    weightDecay: 0
                    momentum: 0
                    alpha: 0.99
                    gradientClip: 0
                    schedule: constant
                    warmUp: 0
                  discriminator:
                    kind: adam
                """))
    }

    @Test func aPlayersOwnKeyWinsOverASharedOneInAnyOrder() throws {
        let configuration = try read(
            """
            optimizer:
              discriminator: {learningRate: 0.0004}
              kind: sgd
              learningRate: 1e-3   # both
              generator:
                momentum: 0.5
            network.latent: 64
            """)
        #expect(configuration.optimizer.discriminator.learningRate == 0.0004)
        #expect(configuration.optimizer.generator.learningRate == 0.001)
        #expect(configuration.optimizer.discriminator.kind == .sgd)
        #expect(configuration.optimizer.generator.momentum == 0.5)
        #expect(configuration.network.latent == 64)
    }

    @Test func errorsNameKeyValueAndPlace() {
        #expect(
            problem("seed: 1\nlatnet: 5\n")
                == "There is no key “latnet” (test.yaml, line 2); did you mean “network.latent”?")
        #expect(
            problem("network:\n  latent: 0")
                == "The key “network.latent” cannot be 0 (test.yaml, line 2); it takes a whole number from 1 to 65536.")
        #expect(problem("training: {average: 0.9}").contains("did you mean “training.exponentialMovingAverage”?"))
        #expect(problem("data: {xyzzy: 1}").contains("the keys of “data” are source, imageSize, channels"))
        #expect(problem("xyzzy: 1").contains("the sections are recipe, seed"))
        #expect(problem("network:\n  latent: [1]").contains("cannot be a list"))
        #expect(problem("network:\n  latent: {a: 1}").contains("cannot be a map"))
        #expect(problem("seed:").contains("cannot be empty"))
        #expect(problem("network: 5").contains("a map of its own keys: architecture, latent"))
        #expect(problem("network:").contains("a map of its own keys"))
        #expect(problem("optimizer: adam").contains("kind, learningRate"))
        #expect(problem("optimizer: {learningRate: .nan}").contains("a number above 0"))
        #expect(problem("optimizer: {learningRate: .inf}").contains("a number above 0"))
    }

    @Test(arguments: [
        ("", "it is empty"), ("# only a comment\n", "it is empty"), ("- a\n- b", "not a map"), ("hello", "not a map"),
        ("seed: 1\nseed: 2", "duplicated"), ("network: {latent: 1}\nnetwork.latent: 2", "duplicated"),
        ("seed: 1\n  bad: [", "line 2"), ("seed: \"open", "line"), ("a: &x 1\nb: *x", "line 1"),
        ("b:\n- *x", "anchors and aliases"), ("seed: 1\nk: [*x]", "anchors and aliases"),
        ("base: &base\n  a: 1", "anchors and aliases"), ("\"k\": &x 1", "anchors and aliases"),
        ("recipe: !!str &x 1", "anchors and aliases"), ("{\"a\":&x 1}", "anchors and aliases"),
        ("recipe: foo\n  'bar\ndata: &x 1\nseed: *x", "anchors and aliases"),
        (String(repeating: "[", count: 5000), "nested too deeply"), ("seed: 1\n---\nseed: 2", "another document"),
        ("seed: \u{1}", "test.yaml"), ("? [a]\n: 1", "not a word"), ("seed: \t- 1", "test.yaml"),
        (String(repeating: "? ", count: 4000), "test.yaml"), ("%YAML 9.9\n---\nseed: 1", "test.yaml"),
    ])
    func whatIsNoRecipeIsRefused(yaml: String, words: String) {
        let sentence = problem(yaml)
        #expect(sentence.contains(words) && sentence.contains("test.yaml"), "\(sentence)")
    }

    @Test func anAliasBombIsRefusedAtOnce() {
        var bomb = "a: &a [x, x]\n"
        for letter in "bcdefghijklmnop" { bomb += "\(letter): &\(letter) [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n" }
        #expect(problem(bomb).contains("anchors and aliases"))
    }

    @Test func ampersandsAndStarsInsideTextAreText() throws {
        #expect(try read("data: {source: \"a & *b\"}").data.source == "a & *b")
        #expect(try read("data:\n  source: it's&that * x  # & *y 'z\nseed: 3").seed == 3)
        #expect(try read("recipe: 'a # & \"'\nseed: 4").seed == 4)
    }

    @Test func aHugeFileIsRefused() {
        #expect(problem("# " + String(repeating: "x", count: 1_100_000)).contains("larger than 1 MB"))
    }
}
