import ArgumentParser
import DatasetFiles
import Datasets
import Diagnostics
import Evaluation
import Foundation
import Measurements
import Recipes
import Torch
import Training

/// Measures how often lost classes are seen: real test images with classes left out, judged against all training images.
struct LeftOutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "left-out",
        abstract: "Measure how often lost classes are seen, on real test images with classes left out.",
        discussion: """
            Example:
              equipoise left-out mnist fashion-mnist --seed 7
              equipoise left-out mnist --portions 0.05,0.25,0.5
            """, shouldDisplay: false)

    @Argument(help: "Data known by name.") var names = ["mnist", "fashion-mnist"]
    @Option(help: "The seed of the draws.") var seed: UInt64 = 0
    @Option(help: "How many images a draw has.") var count = 2000
    @Option(help: "A tenth of the draws, for a quick look, with 10.") var divide = 1
    @Option(
        help: """
            In place of leaving classes out, thin one class at a time to these portions of its share, separated by commas.
            """)
    var portions: String?
    @Flag(help: "Print each draw.") var all = false

    func validate() throws {
        guard (100...5000).contains(count) else { throw ValidationError("--count takes 100 to 5,000.") }
        guard (1...100).contains(divide) else { throw ValidationError("--divide takes 1 to 100.") }
        guard try parsedPortions.allSatisfy({ (0...1).contains($0) }) else {
            throw ValidationError("--portions takes numbers from 0 to 1.")
        }
    }

    private var parsedPortions: [Double] {
        get throws {
            try (portions ?? "").split(separator: ",").map { text in
                guard let portion = Double(text) else { throw ValidationError("“\(text)” is not a portion.") }
                return portion
            }
        }
    }

    func run() throws {
        try LibTorch.keepLargeAllocations()
        for name in names {
            let measured = try LeftOutMeasurement(name, Console(), seed: seed, count: count)
            var outcomes: [LeftOutMeasurement.Outcome] = []
            let classes = measured.classNames.count
            let plan =
                try portions == nil
                ? LeftOutDraw.plan(classes: classes, divide: divide, seed: seed)
                : LeftOutDraw.plan(classes: classes, portions: parsedPortions)
            for draw in plan {
                let outcome = try measured.outcome(draw)
                outcomes.append(outcome)
                if all { try emit(outcome.line) }
            }
            try emit("\(name), \(count) images a draw, seed \(seed)")
            let lines = portions == nil ? LeftOutTable(outcomes).lines : ThinnedTable(outcomes).lines
            try lines.forEach { try emit($0) }
        }
    }
}

/// One set of test images to be judged.
struct LeftOutDraw {
    var left: [Int]
    /// What is left of the share of each of those classes.
    var portion = 0.0
    /// Whether each class has as many images as any other, in place of its natural share.
    var isBalanced: Bool
    var number: UInt64

    /// Nothing left out a hundred times, each class once, 40 pairs and triples, and ten sets of four, five and six.
    static func plan(classes: Int, divide: Int, seed: UInt64) throws -> [LeftOutDraw] {
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
    static func plan(classes: Int, portions: [Double]) -> [LeftOutDraw] {
        let all = portions.flatMap { portion in
            (0..<classes).flatMap { label in Array(repeating: (label, portion), count: drawsOfEachClass) }
        }
        return all.enumerated().map { number, draw in
            LeftOutDraw(left: [draw.0], portion: draw.1, isBalanced: false, number: UInt64(number))
        }
    }
}

/// The judge of draws of one data set.
struct LeftOutMeasurement {
    let classNames: [String]
    private let probe: SampleProbe
    private let test: PictureDataset
    private let seed: UInt64
    private let count: Int

    /// What was said of a draw.
    struct Outcome {
        let draw: LeftOutDraw
        /// With labels and without.
        let labelled, unlabelled: Diagnosis
        /// The classes that the finding names as lost, and those that it names as rare.
        let lost, rare: [Int]
        let values: [SeriesName: Double]

        var line: String {
            let names: [SeriesName] = [
                .jensenShannon, .jensenShannonHeldOut, .precision, .precisionHeldOut, .coverage, .lowestClassShare,
            ]
            let numbers = names.map { "\($0)=\(significant(values[$0] ?? .nan))" }.joined(separator: " ")
            return
                "\(draw.left) at \(draw.portion) balanced \(draw.isBalanced): \(labelled.verdict.rawValue) lost \(lost) rare \(rare); "
                + "without labels \(unlabelled.verdict.rawValue) \(unlabelled.findings.map(\.pattern.rawValue)); \(numbers)"
        }
    }

    init(_ name: String, _ console: Console, seed: UInt64, count: Int) throws {
        let located = try DatasetLocator().locate(DatasetCatalog.dataset(named: name))
        test = try PictureDataset(located.images(.test))
        let data = try DatasetLoader { console.line($0) }.load(DatasetLoader.Request(source: name))
        guard let probe = try SampleProbe.make(data, store: ReferenceStore { console.line($0) }, device: .cpu) else {
            throw CommandError("\(data.summary) are too few to compare samples with.")
        }
        self.probe = probe
        classNames = data.classNames ?? []
        (self.seed, self.count) = (seed, count)
    }

    func outcome(_ draw: LeftOutDraw) throws -> Outcome {
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

/// How often draws with as many classes left out were called.
struct LeftOutTable {
    let lines: [String]

    init(_ outcomes: [LeftOutMeasurement.Outcome]) {
        func share(_ count: Int, _ total: Int) -> String {
            let interval = ShareInterval(count: count, of: total)
            return "\(count) (\(significant(interval.lower))–\(significant(interval.upper)))"
        }
        let rows = Set(outcomes.map(\.draw.left.count)).sorted().map { size in
            let group = outcomes.filter { $0.draw.left.count == size }
            return [
                String(size), String(group.count),
                share(group.count { $0.labelled.verdict != .healthy }, group.count),
                String(group.count { $0.labelled.verdict == .failed }),
                String(group.count { ($0.lost + $0.rare).sorted() == $0.draw.left }),
                share(group.count { $0.unlabelled.verdict != .healthy }, group.count),
                String(group.count { $0.unlabelled.verdict == .failed }),
            ]
        }
        lines =
            TextTable(
                header: ["left out", "draws", "called", "failed", "named", "called without labels", "failed"],
                rows: rows
            ).lines
    }
}

/// What was said of classes that were thinned.
struct ThinnedTable {
    let lines: [String]

    init(_ outcomes: [LeftOutMeasurement.Outcome]) {
        let rows = Set(outcomes.map(\.draw.portion)).sorted().map { portion in
            let group = outcomes.filter { $0.draw.portion == portion }
            func count(_ holds: (LeftOutMeasurement.Outcome) -> Bool) -> String { String(group.count(where: holds)) }
            return [
                significant(portion), String(group.count), count { $0.draw.left == $0.lost },
                count { $0.draw.left == $0.rare },
                count { $0.lost.isEmpty && $0.rare.isEmpty },
                count { !Set($0.lost + $0.rare).isSubset(of: $0.draw.left) },
                count { $0.labelled.verdict == .failed },
            ]
        }
        lines =
            TextTable(
                header: ["portion", "draws", "lost", "rare", "not named", "others named", "failed"], rows: rows
            ).lines
    }
}
