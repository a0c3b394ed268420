import Torch

/// The region of feature space that real examples occupy: balls around them, with the distance to their fifth nearest
/// neighbor as radius.
///
/// Source: Kynkäänniemi et al. 2019 (arXiv 1904.06991).
struct DataSupport {
    /// Float32 `[count, dimensions]`.
    let features: Tensor
    private let radii: Tensor

    static let neighbors = 5

    /// - Parameter features: the features of at least six examples.
    init(_ features: Tensor) throws {
        self.features = features
        radii = try Neighbors.radii(features, DataSupport.neighbors)
    }

    /// For each point, the index of the nearest real example and whether the point is inside any ball.
    func nearest(to points: Tensor) throws -> (places: [Int], isInside: [Bool]) {
        var places: [Int] = []
        var inside: [Bool] = []
        for range in ranges(of: points.shape[0], size: 1000) {
            let distances = try Neighbors.squaredDistances(features, points.slice(range))
            places += try distances.indexOfMinimum(0).integers()
            inside += try hits(distances)
        }
        return (places, inside)
    }

    /// The same for the real examples themselves, each compared only with the others.
    func nearestOthers() throws -> (places: [Int], isInside: [Bool]) {
        var places: [Int] = []
        var inside: [Bool] = []
        let count = features.shape[0]
        for range in ranges(of: count, size: 1000) {
            let own = try Tensor.range(count).unsqueezed(1) .== Tensor(range.map(Int64.init)).unsqueezed(0)
            let distances = try Neighbors.squaredDistances(features, features.slice(range))
            let others = try own.to(distances.device).select(
                Tensor.full([], .infinity, device: distances.device), else: distances)
            places += try others.indexOfMinimum(0).integers()
            inside += try hits(others)
        }
        return (places, inside)
    }

    /// For each real example, whether a point of the same class is inside its ball.
    func covered(_ classes: [Int], by points: Tensor, _ pointClasses: [Int]) throws -> [Bool] {
        var covered = [Bool](repeating: false, count: classes.count)
        let own = try Tensor(classes.map(Int64.init)).unsqueezed(1)
        for range in ranges(of: points.shape[0], size: 1000) {
            let distances = try Neighbors.squaredDistances(features, points.slice(range))
            let theirs = try Tensor(pointClasses[range].map(Int64.init)).unsqueezed(0)
            let isOwn = try (own .== theirs).to(distances.device)
            let near = try (distances .<= radii.unsqueezed(1)).to(.float32) * isOwn.to(.float32)
            let hits = try near.maximum(over: [1]).to(.cpu).values(as: Float.self)
            for (place, hit) in hits.enumerated() where hit > 0 { covered[place] = true }
        }
        return covered
    }

    private func hits(_ distances: Tensor) throws -> [Bool] {
        try (distances .<= radii.unsqueezed(1)).to(.float32).maximum(over: [0]).to(.cpu).values(as: Float.self)
            .map { $0 > 0 }
    }
}
