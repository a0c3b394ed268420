import Diagnostics
import Measurements
import Recipes
import Testing

@Suite struct LayerRuleTests {
    /// A history of looks every 20 steps into layers that are sound but for what is given by series.
    private func history(
        looks: Int = 20, _ odd: [SeriesName: (Int) -> Double] = [:],
        _ configuration: TrainingConfiguration = TrainingConfiguration()
    ) -> History {
        var history = History(configuration)
        let layers = [
            "generator.main.0", "generator.main.2", "generator.main.10", "discriminator.main.0", "discriminator.judge",
        ]
        let sound: [(SeriesName.LayerStatistic, Double)] = [
            (.deadUnits, 0.38), (.negativeUnits, 0.3), (.saturated, 0.3), (.updateRatio, 0.001), (.gradientNorm, 0.1),
            (.gain, 0.6), (.spectralNorm, 3),
        ]
        for look in 0..<looks {
            let step = look == 0 ? 1 : 20 * look
            for layer in layers {
                for (statistic, value) in sound {
                    let series = SeriesName.layer(statistic, layer)
                    history.append(series, step: step, value: odd[series]?(look) ?? value)
                }
            }
        }
        for step in 1...20 { history.append(.gradientNormGenerator, step: step, value: 1) }
        return history
    }

    private func finding(_ pattern: Pattern, _ history: History) -> Finding? {
        Diagnosis(history).findings.first { $0.pattern == pattern }
    }

    @Test func soundLayersHaveNoFindings() {
        #expect(Diagnosis(history()).findings.isEmpty)
    }

    static let odd: [(statistic: SeriesName.LayerStatistic, layer: String, value: Double, pattern: Pattern)] = [
        (.deadUnits, "generator.main.2", 1, .deadUnits),
        (.negativeUnits, "discriminator.main.0", 0.95, .deadUnits),
        (.saturated, "generator.main.10", 0.99, .saturatedOutputs),
        (.saturated, "discriminator.judge", 0.6, .saturatedOutputs),
        (.updateRatio, "generator.main.0", 0, .stalledLayer),
        (.updateRatio, "discriminator.judge", 1e-7, .stalledLayer),
        (.updateRatio, "generator.main.0", 0.5, .explodingLayer),
        (.gain, "discriminator.main.0", 50, .explodingLayer),
        (.gradientNorm, "generator.main.0", 1e-5, .vanishingGradients),
    ]

    @Test(arguments: odd.indices)
    func theOddLayerIsNamed(_ index: Int) throws {
        let (statistic, layer, value, pattern) = Self.odd[index]
        let series = SeriesName.layer(statistic, layer)
        let found = try #require(finding(pattern, history([series: { $0 < 10 ? 0.3 : value }])))
        #expect(found.summary.contains(layer) && found.severity < 0.5)
        #expect(found.evidence.first?.signal == series.rawValue && found.evidence.first?.value == value)
        #expect(found.sinceStep == 200)
        // Two looks may be an accident, and what is over is over.
        #expect(finding(pattern, history([series: { $0 < 18 ? 0.3 : value }])) == nil)
        #expect(finding(pattern, history([series: { (10..<19).contains($0) ? value : 0.3 }])) == nil)
    }

    /// Half of a layer's units, a layer that moves a tenth as far as the others, a ratio of a first look.
    @Test(arguments: [
        (SeriesName.LayerStatistic.deadUnits, "generator.main.2", 0.5), (.updateRatio, "generator.main.0", 1e-5),
        (.updateRatio, "generator.main.0", 0.1), (.gradientNorm, "generator.main.0", 1e-3),
        (.gain, "generator.main.0", 3),
    ])
    func whatSoundRunsHaveIsNoFinding(_ statistic: SeriesName.LayerStatistic, _ layer: String, _ value: Double) {
        #expect(Diagnosis(history([.layer(statistic, layer): { _ in value }])).findings.isEmpty)
    }

    @Test(arguments: [(1000.0, true), (20, true), (3, false), (0.03, false), (0.0005, true), (0, false)])
    func initializationsAreComparedWithUsualOnes(_ gain: Double, _ isPoor: Bool) throws {
        let series = SeriesName.layer(.gain, "generator.main.2")
        let young = finding(.poorInitialization, history(looks: 5, [series: { $0 == 0 ? gain : 0.6 }]))
        #expect((young != nil) == isPoor)
        #expect(young?.summary.contains("generator.main.2") ?? true)
        // It has healed, and the training is no longer young.
        #expect(finding(.poorInitialization, history([series: { $0 == 0 ? gain : 0.6 }])) == nil)
        #expect((finding(.poorInitialization, history([series: { _ in gain }])) != nil) == isPoor)
    }

    /// The learning rate of one layer is far too high: its weights are soon many times as large, and then move little in proportion.
    @Test(arguments: [(1.2, false), (2.5, false), (4, true), (12, true)])
    func whatGrowsWithinTheFirstStepsIsFound(_ times: Double, _ isFound: Bool) throws {
        let series = SeriesName.layer(.gain, "generator.main.2")
        let found = finding(.explodingLayer, history([series: { $0 == 0 ? 0.5 : 0.5 * times }]))
        #expect((found != nil) == isFound)
        #expect(found?.summary.contains("generator.main.2") ?? true)
        // What grows slowly is how networks train.
        #expect(finding(.explodingLayer, history([series: { 0.5 + 0.5 * Double($0) / 20 * times }])) == nil)
    }

    @Test func aScheduleThatEndsAtZeroIsNoStandstill() {
        var still: [SeriesName: (Int) -> Double] = [:]
        for layer in ["main.0", "main.2", "main.10"] {
            still[.layer(.updateRatio, "generator.\(layer)")] = { _ in 0 }
        }
        #expect(finding(.stalledLayer, history(still))?.summary.contains("No layer of the generator changes") == true)
        var configuration = TrainingConfiguration()
        configuration.optimizer.generator.schedule = .cosine
        #expect(finding(.stalledLayer, history(still, configuration)) == nil)
    }

    @Test func clippedWeightsMayRest() {
        let series = SeriesName.layer(.updateRatio, "discriminator.main.0")
        #expect(finding(.stalledLayer, history([series: { _ in 0 }])) != nil)
        var configuration = TrainingConfiguration()
        configuration.penalties.weightClip = 0.01
        #expect(finding(.stalledLayer, history([series: { _ in 0 }], configuration)) == nil)
    }

    /// Numbers that are lost keep the layer that was out of hand before.
    @Test func aLossThatIsNoNumberNamesTheLayer() throws {
        let series = SeriesName.layer(.gain, "discriminator.main.0")
        var history = self.history(looks: 3, [series: { $0 == 0 ? 0.6 : $0 == 1 ? 90 : .nan }])
        history.append(.lossGenerator, step: 30, value: .nan)
        let found = try #require(finding(.nonFinite, history))
        #expect(found.summary.contains("discriminator.main.0"))
        #expect(found.evidence.map(\.signal).contains(series.rawValue))
    }

    @Test func namesOfSeriesAreReadBack() {
        let name = SeriesName.layer(.deadUnits, "generator.main.1")
        #expect(name.rawValue == "layer_dead_units/generator.main.1")
        #expect(name.ofLayer?.statistic == .deadUnits && name.ofLayer?.layer == "generator.main.1")
        for other in ["loss_generator", "layer_dead_units", "layer_other/generator.main.1", "a/b"] {
            #expect(SeriesName(other).ofLayer == nil)
        }
    }
}
