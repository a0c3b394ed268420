import Evaluation
import Foundation
import Testing
import Torch

/// Ten classes of points on a circle, told apart by the nearest center.
private struct PlaneClassifier: ModeClassifier {
    let name = "plane"
    let centers: Tensor

    init(classes: Int) throws {
        let places = (0..<classes).flatMap { label -> [Float] in
            let angle = 2 * Double.pi * Double(label) / Double(classes)
            return [Float(5 * cos(angle)), Float(5 * sin(angle))]
        }
        centers = try Tensor(places, shape: [classes, 2])
    }

    func callAsFunction(_ examples: Tensor) throws -> Tensor { try examples.flattened(from: 1) }

    func probabilities(_ images: Tensor) throws -> Tensor {
        try (self(images).pairwiseDistances(to: centers) * -4).softmax()
    }

    /// Points around the centers of these classes, `[count, 1, 1, 2]`.
    func points(_ labels: [Int], scatter: Double = 0.8, seed: UInt64) throws -> Tensor {
        let noise = try Tensor.randomNormal([labels.count, 2], from: RandomGenerator(seed: seed)) * scatter
        return try (centers.gathering(Tensor(labels.map(Int64.init))) + noise).reshaped([labels.count, 1, 1, 2])
    }
}

@Suite struct ClassTests {
    private func labels(_ count: Int, of classes: [Int]) -> [Int] { (0..<count).map { classes[$0 % classes.count] } }

    private func meter(
        _ classifier: PlaneClassifier, count: Int = 1000, classes: Int = 10, scatter: Double = 0.8
    ) throws -> ClassMeter {
        let labels = labels(count, of: Array(0..<classes))
        return try ClassMeter(
            classifier, images: classifier.points(labels, scatter: scatter, seed: 1), labels: labels,
            due: [Double](repeating: 1 / Double(classes), count: classes))
    }

    @Test(arguments: [[], [3], [3, 4], [0, 4, 9]])
    func classesThatAreLeftOutAreLost(left: [Int]) throws {
        let classifier = try PlaneClassifier(classes: 10)
        let meter = try meter(classifier)
        #expect(meter.canJudge && meter.trustedAccuracy > 0.9)
        let kept = (0..<10).filter { !left.contains($0) }
        let measured = try meter.measure(classifier.points(labels(1000, of: kept), seed: 2))
        let lost = measured.shares.classes.filter { $0.status == .lost }.map(\.label)
        #expect(lost == left)
        // A class has 100 samples or more, so that its share is known to a fifth or better.
        #expect(measured.shares.classes.allSatisfy { left.contains($0.label) || $0.relativeShare > 0.7 })
        #expect(abs(measured.lostMass - 0.1 * Double(left.count)) < 1e-9)
        #expect(measured.shares.inside > 0.9 && measured.reached == nil)
        #expect(measured.neighbors?.samples.precision ?? 0 > 0.9)
    }

    @Test func aClassAtAQuarterIsRare() throws {
        let classifier = try PlaneClassifier(classes: 10)
        let mixed = labels(3900, of: Array(0..<10)).enumerated().filter { $1 != 7 || $0 % 40 < 10 }.map(\.element)
        let shares = try meter(classifier).measure(classifier.points(mixed, seed: 3)).shares
        #expect(shares.classes.filter { $0.status == .rare }.map(\.label) == [7])
        let rare = shares.classes[7]
        #expect(rare.interval.lower < rare.relativeShare && rare.relativeShare < rare.interval.upper)
        #expect(abs(shares.mass(.rare) - 0.1) < 1e-9 && shares.lowest == rare.relativeShare)
    }

    /// The interval decides, so that chance hides no class at a third of its share or less. In a plane whose classes lie apart nothing leaks.
    @Test(arguments: [
        (0.05, ClassShares.Status.lost), (0.2, .rare), (1.0 / 3, .rare), (0.55, .present), (0.7, .present),
    ])
    func aClassThatIsThinned(_ portion: Double, _ status: ClassShares.Status) throws {
        let classifier = try PlaneClassifier(classes: 10)
        let thinned = (0..<10).flatMap { [Int](repeating: $0, count: $0 == 7 ? Int(200 * portion) : 200) }
        let shares = try meter(classifier).measure(classifier.points(thinned, seed: 3)).shares
        #expect(shares.classes[7].status == status, "\(shares.classes[7])")
        #expect(shares.classes.count { $0.status != .present } == (status == .present ? 0 : 1))
    }

    @Test func samplesFarFromAllDataAreNotCounted() throws {
        let classifier = try PlaneClassifier(classes: 10)
        let far = try classifier.points(labels(500, of: [3]), seed: 4) * 5
        let near = try classifier.points(labels(500, of: [0, 1, 2, 4, 5, 6, 7, 8, 9]), seed: 5)
        let shares = try meter(classifier).measure(Tensor.concatenate([near, far])).shares
        #expect(shares.classes.filter { $0.status == .lost }.map(\.label) == [3])
        #expect(shares.trustedCount <= 500 && shares.inside < 0.55)
    }

    /// Of crude samples the classifier trusts some classes less than others. A class is not lost if what it trusts lies among its real images.
    @Test func aClassThatIsBadlyDrawnIsNotLost() throws {
        let classifier = try PlaneClassifier(classes: 10)
        let meter = try meter(classifier)
        func samples(badlyDrawn count: Int, of fives: Int = 30) throws -> Tensor {
            let good = (0..<10).flatMap { [Int](repeating: $0, count: $0 == 3 ? count : $0 == 5 ? fives : 30) }
            let bad = labels(1000 - good.count, of: Array(0..<10))
            return try Tensor.concatenate([
                classifier.points(good, seed: 9), classifier.points(bad, seed: 10) * 5,
            ])
        }
        let drawn = try meter.measure(samples(badlyDrawn: 4)).shares
        #expect(drawn.crudeness == 1 && drawn.classes[3].relativeShare < 0.2)
        #expect(drawn.classes[3].presence > 0.2 && drawn.classes.allSatisfy { $0.status == .present })
        let lost = try meter.measure(samples(badlyDrawn: 0)).shares
        #expect(lost.classes.filter { $0.status == .lost }.map(\.label) == [3])
        #expect(abs(lost.lostMass - 0.1) < 0.01)
        // A class that is hardly there is likely lost too, if another one is; by itself it may be badly drawn.
        let both = try meter.measure(samples(badlyDrawn: 0, of: 3)).shares
        #expect(both.classes.filter { $0.status == .rare }.map(\.label) == [5])
        #expect(both.lostMass > 0.12 && both.lostMass < 0.19)
        let expected = [3, 5].reduce(0) { $0 + 0.1 / (1 + pow(both.classes[$1].presence / 0.22, 3)) }
        #expect(abs(both.lostMass - expected) < 1e-9)
        let alone = try meter.measure(samples(badlyDrawn: 30, of: 3)).shares
        #expect(alone.classes.allSatisfy { $0.status == .present } && alone.lostMass == 0)
    }

    @Test func ofSamplesOfNoClassNothingIsSaid() throws {
        let classifier = try PlaneClassifier(classes: 10)
        let noise = try classifier.points(labels(1000, of: Array(0..<10)), seed: 11) * 5
        let measured = try meter(classifier).measure(noise)
        #expect(measured.shares.classes.allSatisfy { $0.status == .unknown } && measured.lostMass == 0)
    }

    @Test func ofFewSamplesNothingIsSaid() throws {
        let classifier = try PlaneClassifier(classes: 10)
        let shares = try meter(classifier).measure(classifier.points(labels(40, of: [0, 1, 2]), seed: 6)).shares
        #expect(shares.classes.filter { $0.label > 2 }.allSatisfy { $0.status == .unknown })
        #expect(shares.mass(.lost) == 0)
    }

    @Test func classesThatLookAlikeAreNotJudged() throws {
        let classifier = try PlaneClassifier(classes: 10)
        let labels = labels(600, of: Array(0..<10))
        let meter = try ClassMeter(
            classifier, images: classifier.points(labels, scatter: 20, seed: 7), labels: labels,
            due: [Double](repeating: 0.1, count: 10))
        #expect(!meter.canJudge)
    }

    @Test func ofManyClassesThoseThatAreReachedAreCounted() throws {
        let classifier = try PlaneClassifier(classes: 200)
        let meter = try meter(classifier, count: 800, classes: 200, scatter: 0.01)
        func measure(_ kept: [Int]) throws -> ClassMeasurement {
            try meter.measure(classifier.points(labels(800, of: kept), scatter: 0.01, seed: 8))
        }
        #expect(try measure(Array(0..<200)).lostMass == 0)
        let half = try measure(Array(0..<100))
        // 800 samples reach about 196 of 200 classes, and here 100.
        #expect(half.reached?.reached ?? 0 <= 101 && abs(half.lostMass - 0.49) < 0.02)
    }

    /// Wilson's interval as statsmodels 0.14 computes it, `proportion_confint(count, total, method="wilson")`.
    @Test(arguments: [(0, 100, 0.0, 0.036993), (50, 100, 0.403832, 0.596168), (100, 100, 0.963007, 1.0)])
    func theIntervalOfAShare(count: Int, total: Int, lower: Double, upper: Double) {
        let interval = ShareInterval(count: count, of: total)
        // Six digits were written down.
        #expect(abs(interval.lower - lower) < 1e-6 && abs(interval.upper - upper) < 1e-6)
    }
}
