import Diagnostics
import Measurements
import Recipes
import Testing

@Suite struct LostClassTests {
    private func diagnosis(_ values: [SeriesName: Double], _ record: ClassRecord? = nil) -> Diagnosis {
        var history = History(objective: .nonSaturating)
        history.evaluationsNeeded = 1
        let sound: [SeriesName: Double] = [
            .jensenShannon: 0.004, .jensenShannonHeldOut: 0.004, .missingBins: 0, .diversity: 1, .duplicates: 0.01,
            .memorized: 0.01, .memorizedHeldOut: 0.01, .precision: 0.95, .coverage: 0.95, .precisionHeldOut: 0.95,
            .coverageHeldOut: 0.97,
        ]
        for (series, value) in sound.merging(values, uniquingKeysWith: { $1 }) {
            history.append(series, step: 1, value: value)
        }
        history.classes = record
        return Diagnosis(history)
    }

    private func record(lost: [String], rare: [String] = []) -> ClassRecord {
        func item(_ name: String, _ status: ClassRecord.Status, _ samples: Int) -> ClassRecord.Class {
            let share = Double(samples) / 200
            return ClassRecord.Class(
                name: name, due: 0.1, relativeShare: share, lower: share / 2, upper: share * 2, samples: samples,
                status: status)
        }
        return ClassRecord(
            step: 1, sampleCount: 2000, trustedCount: 1900,
            classes: lost.map { item($0, .lost, 4) } + rare.map { item($0, .rare, 50) } + [item("bag", .present, 200)])
    }

    /// One class of ten is a warning, two are a failure; a rare one is a warning.
    @Test(arguments: [(0.1, 0.0, false), (0.2, 0.0, true), (0.125, 0.0, true), (0.0, 0.1, false), (0.0, 0.3, false)])
    func severity(lost: Double, rare: Double, isFailure: Bool) throws {
        let values: [SeriesName: Double] = [.lostClassMass: lost, .rareClassMass: rare, .lowestClassShare: 0.02]
        let finding = try #require(diagnosis(values).findings.first)
        #expect(finding.pattern == .lostClasses && finding.failure == .modeCollapse)
        #expect((finding.severity >= 0.5) == isFailure && finding.severity > 0.2, "\(finding.severity)")
        #expect(!finding.evidence.isEmpty)
    }

    @Test func theClassesAreNamedWithTheirSamples() throws {
        let values: [SeriesName: Double] = [.lostClassMass: 0.2, .rareClassMass: 0.1, .lowestClassShare: 0.02]
        let summary = try #require(
            diagnosis(values, record(lost: ["coat", "shirt"], rare: ["sneaker"])).findings.first?.summary)
        for part in ["coat", "shirt", "sneaker", "(4 samples, expected 200)", "1900 of 2000"] {
            #expect(summary.contains(part), "\(summary)")
        }
        #expect(!summary.contains("bag"))
    }

    /// Two looks at few samples are needed, but one at many: it decides by itself, whatever those before said.
    @Test(
        arguments: [
            ([0.2], [512.0], nil), ([0.2, 0.2], [512, 512], true), ([0, 0.2], [512, 2000], true),
            ([0.2, 0], [512, 2000], nil),
            ([0.2, 0.2, 0.1], [512, 512, 2000], false), ([0, 0.2], [512, 512], nil),
        ] as [([Double], [Double], Bool?)])
    func oneLookAtManySamplesDecides(lost: [Double], samples: [Double], isFailure: Bool?) throws {
        var history = History(objective: .nonSaturating)
        for (look, (mass, count)) in zip(lost, samples).enumerated() {
            let values: [SeriesName: Double] = [
                .lostClassMass: mass, .rareClassMass: 0, .lowestClassShare: 0.1, .classSamples: count,
            ]
            for (series, value) in values { history.append(series, step: 200 * (look + 1), value: value) }
        }
        let finding = Diagnosis(history).findings.first { $0.pattern == .lostClasses }
        #expect(finding.map { $0.severity >= 0.5 } == isFailure, "\(String(describing: finding))")
    }

    @Test func noClassIsMissing() {
        let values: [SeriesName: Double] = [.lostClassMass: 0, .rareClassMass: 0, .lowestClassShare: 0.8]
        #expect(diagnosis(values, record(lost: [])).findings.isEmpty)
    }

    /// The nearer samples come to real ones, the smaller the divergence that counts.
    @Test(arguments: [
        (0.95, 0.95, 0.02, true), (0.95, 0.72, 0.05, true), (0.95, 0.95, 0.008, false), (0.5, 0.4, 0.05, false),
        (0.95, 0.4, 0.02, false),
    ])
    func proportionsWithoutLabels(precision: Double, coverage: Double, divergence: Double, isCalled: Bool) {
        let values: [SeriesName: Double] = [
            .precision: precision, .coverage: coverage, .jensenShannon: divergence,
        ]
        #expect(diagnosis(values).findings.contains { $0.pattern == .partialCollapse } == isCalled)
        // Where the classes are judged by themselves, they decide.
        let judged: [SeriesName: Double] = values.merging([.lostClassMass: 0, .rareClassMass: 0]) { $1 }
        #expect(diagnosis(judged).findings.isEmpty)
    }
}
