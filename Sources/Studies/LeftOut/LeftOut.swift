import DataFiles
import DatasetFiles
import Datasets
public import Diagnostics
import Evaluation
public import Measurements
import Recipes
import Torch
import Training

/// One draw of test images to be judged.
public struct LeftOutDraw {
    public var left: [Int]
    /// The portion that is left of the share of each of those classes.
    public var portion = 0.0
    /// Whether all classes have equally many images instead of their natural share.
    public var isBalanced: Bool
    public var number: UInt64

    /// A hundred draws with nothing left out, one per class, 40 pairs and triples, and ten sets of four, five and six.
    public static func plan(classes: Int, divide: Int, seed: UInt64) throws -> [LeftOutDraw] {
        let generator = try RandomGenerator(seed: seed)
        var draws: [LeftOutDraw] = []
        func add(_ left: [Int], isBalanced: Bool = false) {
            draws.append(LeftOutDraw(left: left, isBalanced: isBalanced, number: UInt64(draws.count)))
        }
        for number in 0..<100 / divide { add([], isBalanced: number % 2 == 1) }
        for label in 0..<max(1, classes / divide) { add([label]) }
        for (size, count) in [(2, 40), (3, 40), (4, 10), (5, 10), (6, 10)] {
            var known: Set<[Int]> = []
            while known.count < max(1, count / divide) {
                let order: [Int64] = try Tensor.randomPermutation(classes, from: generator).values()
                let left = order.prefix(size).map { Int($0) }.sorted()
                if known.insert(left).inserted { add(left) }
            }
        }
        return draws
    }
}

extension LeftOutDraw {
    private static let drawsOfEachClass = 2

    /// Each class at each portion of its share, with the other classes unchanged.
    public static func plan(classes: Int, portions: [Double]) -> [LeftOutDraw] {
        let all = portions.flatMap { portion in
            (0..<classes).flatMap { label in Array(repeating: (label, portion), count: drawsOfEachClass) }
        }
        return all.enumerated().map { number, draw in
            LeftOutDraw(left: [draw.0], portion: draw.1, isBalanced: false, number: UInt64(number))
        }
    }
}

/// Judges draws of one data set.
public struct LeftOutMeasurement {
    public let classNames: [String]
    private let probe: SampleProbe
    private let test: ImageDataset
    private let seed: UInt64
    private let count: Int

    /// The diagnosis of a draw.
    public struct Outcome {
        public let draw: LeftOutDraw
        /// The diagnosis with labels and without.
        public let labeled, unlabeled: Diagnosis
        /// The classes that the finding names as lost and as rare.
        public let lost, rare: [Int]
        public let values: [SeriesName: Double]
    }

    /// - Parameters:
    ///   - name: the name of a data set whose test images are judged against its training images.
    ///   - count: the number of images per draw.
    ///   - report: receives sentences about lengthy work.
    public init(_ name: String, seed: UInt64, count: Int, report: @escaping (String) -> Void = { _ in }) throws {
        let located = try DatasetLocator().locate(DatasetCatalog.dataset(named: name))
        test = try ImageDataset(located.images(.test))
        let data = try DatasetLoader(report: report).load(DatasetLoader.Request(source: name))
        guard let probe = try SampleProbe.make(data, store: ReferenceStore(report: report), device: .cpu) else {
            throw DataFileError(.unsupported, "The data (\(data.summary)) is too small to compare samples with.")
        }
        self.probe = probe
        classNames = data.classNames ?? []
        (self.seed, self.count) = (seed, count)
    }

    public func outcome(_ draw: LeftOutDraw) throws -> Outcome {
        // Copies of training images are not searched for: there are none, and the search takes most of the time.
        let values = try probe.measure(test.examples(Tensor(chosen(draw))), leavingOut: [.memorization])
        let record = probe.classes(at: 0)
        func history(_ values: [(series: SeriesName, value: Double)]) -> History {
            var history = History(objective: .nonSaturating)
            history.evaluationsNeeded = 1
            for (series, value) in values { history.append(series, step: 0, value: value) }
            return history
        }
        var labeled = history(values)
        labeled.classes = record
        func places(_ status: ClassRecord.Status) -> [Int] {
            (record?.classes(status) ?? []).compactMap { item in classNames.firstIndex(of: item.name) }
        }
        return Outcome(
            draw: draw, labeled: Diagnosis(labeled),
            unlabeled: Diagnosis(history(values.filter { !SeriesName.byClassifier.contains($0.series) })),
            lost: places(.lost),
            rare: places(.rare), values: Dictionary(values.map { ($0.series, $0.value) }) { $1 })
    }

    /// The positions of the draw's images.
    private func chosen(_ draw: LeftOutDraw) throws -> [Int64] {
        let generator = try RandomGenerator(seed: seed &* 1000 &+ draw.number)
        let labels = test.labels ?? []
        let order: [Int64] = try Tensor.randomPermutation(labels.count, from: generator).values()
        guard draw.isBalanced else {
            let thinned = draw.left.flatMap { label in
                let all = order.filter { labels[Int($0)] == label }
                let due = Double(all.count) / Double(labels.count) * Double(count)
                return all.prefix(Int((draw.portion * due).rounded()))
            }
            let others = order.lazy.filter { !draw.left.contains(labels[Int($0)]) }.prefix(count - thinned.count)
            return thinned + others
        }
        return classNames.indices.filter { !draw.left.contains($0) }.flatMap { label in
            order.lazy.filter { labels[Int($0)] == label }.prefix(count / (classNames.count - draw.left.count))
        }
    }
}
