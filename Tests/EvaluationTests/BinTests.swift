import Evaluation
import Foundation
import TestSupport
import Testing
import Torch

@Suite struct BinTests {
    /// Points around `centers`, `each` of them around every one, in random order.
    private func blobs(_ centers: [[Float]], each: Int, seed: UInt64, deviation: Double = 0.1) throws -> Tensor {
        let generator = try RandomGenerator(seed: seed)
        let middle = try Tensor(centers.flatMap { $0 }, shape: [centers.count, centers[0].count])
        let which = try Tensor((0..<centers.count * each).map { Int64($0 % centers.count) })
        let noise = try Tensor.randomNormal([centers.count * each, centers[0].count], from: generator)
        return try middle.gathering(which) + noise * deviation
    }

    private let corners: [[Float]] = [[0, 0], [0, 5], [5, 0], [5, 5], [9, 9]]

    @Test func kMeansFindsTheBlobs() throws {
        let points = try blobs(corners, each: 200, seed: 1)
        let means = try KMeans(fitting: points, clusters: 5, from: RandomGenerator(seed: 3))
        let found: [Float] = try means.centers.values()
        for corner in corners {
            let nearest = stride(from: 0, to: found.count, by: 2).map {
                hypot(found[$0] - corner[0], found[$0 + 1] - corner[1])
            }.min()
            // A mean of 200 normal numbers of deviation 0.1 is within 0.05 but for once in 10¹¹.
            #expect(nearest ?? 9 < 0.05, "\(corner)")
        }
    }

    @Test func theBinsAreOrderedBySizeAndKeptInAFile() throws {
        let generator = try RandomGenerator(seed: 4)
        let points = try Tensor.randomNormal([900, 3], from: generator)
        for isWhitened in [false, true] {
            let bins = try ReferenceBins(points * 3 + 1, .init(count: 12, isWhitened: isWhitened, seed: 7))
            #expect(bins.counts == bins.counts.sorted(by: >) && bins.counts.reduce(0, +) == 900)
            let directory = try TemporaryFolder()
            let url = directory.url.appending(path: "bins.safetensors")
            try bins.file.write(to: url)
            let read = try ReferenceBins(Safetensors(contentsOf: url))
            let samples = try Tensor.randomNormal([100, 3], from: generator)
            #expect(try read.score(samples) == bins.score(samples) && read.options == bins.options)
        }
    }

    @Test func manyDimensionsAreClusteredByASixth() throws {
        let points = try Tensor.randomNormal([60, 1200], from: RandomGenerator(seed: 4))
        let bins = try ReferenceBins(points, .init(count: 4))
        #expect(bins.means.centers.shape == [4, 1200])
        #expect(try bins.assign(points) == bins.assignments)
    }

    @Test func theScoreIsThatOfTheFormulas() throws {
        let file = try Fixture.load("scores")
        let bins = try ReferenceBins(
            centers: file.tensor("centers"), reference: file.tensor("real"))
        let score = try bins.score(file.tensor("fake"))
        let expected: [Double] = try file.tensor("p_values").values()
        for (bin, value) in zip(score.bins, expected) { #expect(abs(bin.pValue - value) < 1e-9) }
        #expect(score.ndb == Double(expected.count { $0 < 0.05 }) / 10)
        #expect(try abs(score.jensenShannon - file.tensor("jensen_shannon").item()) < 1e-12)
    }

    /// Real data is told from the rest of it in one bin of twenty: with 40 bins and 20 splits the mean is within 0.02 to 0.09
    /// but for less than once in a million (a binomial of 800).
    @Test func heldOutDataIsTheBaseline() throws {
        let points = try Tensor.randomUniform([8000, 2], from: RandomGenerator(seed: 2))
        let bins = try ReferenceBins(points, .init(count: 40))
        let score = try bins.score(Tensor.randomUniform([2000, 2], from: RandomGenerator(seed: 9)))
        #expect((0.02...0.09).contains(score.heldOut.ndb) && score.heldOut.size == 2000)
        #expect(score.ndb < 0.25 && abs(score.ndbExcess) < 0.2 && score.missing.isEmpty)
    }

    @Test func lostModesAreMissing() throws {
        let bins = try ReferenceBins(blobs(corners, each: 400, seed: 1), .init(count: 5))
        let score = try bins.score(blobs(Array(corners[..<2]), each: 300, seed: 6))
        #expect(score.ndb == 1 && score.ndbCorrected == 1 && score.missing.count == 3)
        #expect(score.jensenShannon > 0.2 && score.jensenShannon > score.heldOut.jensenShannonUpper)
    }

    @Test func binsOfOneModeAreMerged() throws {
        let points = try blobs(corners, each: 400, seed: 1)
        let bins = try ReferenceBins(points, .init(count: 30)).merged(nearerThan: 1.5)
        #expect(bins.options.count == 5 && bins.counts.allSatisfy { $0 == 400 })
        let score = try bins.score(blobs(Array(corners[..<4]), each: 100, seed: 6, deviation: 0.01))
        #expect(score.bins.count == 5 && score.missing.count == 1)
        #expect(try bins.merged(nearerThan: 0.001).options.count == 5)
    }

    @Test func fewerExamplesThanBinsAreRefused() throws {
        let points = try Tensor.zeros([3, 2])
        #expect(throws: TorchError.self) { _ = try ReferenceBins(points, .init(count: 4)) }
    }

    @Test func aReferenceTooLargeToHoldIsDividedAllTheSame() throws {
        let points = try Tensor.randomNormal([3000, 4], from: RandomGenerator(seed: 5))
        let reference = ReferenceExamples(points)
        let whole = try ReferenceBins(points, .init(count: 6))
        #expect(try ReferenceBins(reference, by: PixelFeatures(), .init(count: 6)).assignments == whole.assignments)
        let parts = try ReferenceBins(reference, by: PixelFeatures(), .init(count: 6, isWhitened: true), holding: 4000)
        #expect(parts.assignments.count == 3000 && parts.counts.allSatisfy { $0 > 200 })
        #expect(try parts.assign(points) == parts.assignments)
    }
}
