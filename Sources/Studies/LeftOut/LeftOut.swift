import DataFiles
import DatasetFiles
import Datasets
public import Diagnostics
import Evaluation
public import Measurements
import Recipes
import Torch
import Training

/// One set of test images to be judged.
public struct LeftOutDraw {
    public var left: [Int]
    /// What is left of the share of each of those classes.
    public var portion = 0.0
    /// Whether each class has as many images as any other, in place of its natural share.
    public var isBalanced: Bool
    public var number: UInt64

    /// Nothing left out a hundred times, each class once, 40 pairs and triples, and ten sets of four, five and six.
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

    /// Each class at each portion of its share, with the other classes as they are.
    public static func plan(classes: Int, portions: [Double]) -> [LeftOutDraw] {
        let all = portions.flatMap { portion in
            (0..<classes).flatMap { label in Array(repeating: (label, portion), count: drawsOfEachClass) }
        }
        return all.enumerated().map { number, draw in
            LeftOutDraw(left: [draw.0], portion: draw.1, isBalanced: false, number: UInt64(number))
        }
    }
}

/// The judge of draws of one data set.
public struct LeftOutMeasurement {
    public let classNames: [String]
    private let probe: SampleProbe
    private let test: PictureDataset
    private let seed: UInt64
    private let count: Int

    /// What was said of a draw.
    public struct Outcome {
        public let draw: LeftOutDraw
        /// With labels and without.
        public let labelled, unlabelled: Diagnosis
        /// The classes that the finding names as lost, and those that it names as rare.
        public let lost, rare: [Int]
        public let values: [SeriesName: Double]
    }

    /// - Parameters:
    ///   - name: of a named data set, whose test images are judged against all of its training images.
    ///   - count: how many images a draw has.
    ///   - report: takes sentences about what takes long.
    public init(_ name: String, seed: UInt64, count: Int, report: @escaping (String) -> Void = { _ in }) throws {
        let located = try DatasetLocator().locate(DatasetCatalog.dataset(named: name))
        test = try PictureDataset(located.images(.test))
        let data = try DatasetLoader(report: report).load(DatasetLoader.Request(source: name))
        guard let probe = try SampleProbe.make(data, store: ReferenceStore(report: report), device: .cpu) else {
            throw DataFileError(.unsupported, "\(data.summary) are too few to compare samples with.")
        }
        self.probe = probe
        classNames = data.classNames ?? []
        (self.seed, self.count) = (seed, count)
    }

    public func outcome(_ draw: LeftOutDraw) throws -> Outcome {
        // Copies of training images are not looked for: these are none, and it takes most of the time.
        let values = try probe.measure(test.examples(Tensor(chosen(draw))), leavingOut: [.memorization])
        let record = probe.classes(at: 0)
        func history(_ values: [(series: SeriesName, value: Double)]) -> History {
            var history = History(objective: .nonSaturating)
            history.evaluationsNeeded = 1
            for (series, value) in values { history.append(series, step: 0, value: value) }
            return history
        }
        var labelled = history(values)
        labelled.classes = record
        func places(_ status: ClassRecord.Status) -> [Int] {
            (record?.classes(status) ?? []).compactMap { item in classNames.firstIndex(of: item.name) }
        }
        return Outcome(
            draw: draw, labelled: Diagnosis(labelled),
            unlabelled: Diagnosis(history(values.filter { !SeriesName.byClassifier.contains($0.series) })),
            lost: places(.lost),
            rare: places(.rare), values: Dictionary(values.map { ($0.series, $0.value) }) { $1 })
    }

    /// The positions of a draw's images.
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
