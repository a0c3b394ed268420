import ArgumentParser
import Diagnostics
import Evaluation
import Measurements
import Studies
import Torch

/// Measures how often lost classes are seen: real test images with classes left out, judged against all training images.
struct LeftOutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "left-out",
        abstract: "Measure how often lost classes are detected, on real test images with classes left out.",
        discussion: """
            Examples:
              equipoise left-out mnist fashion-mnist --seed 7
              equipoise left-out mnist --portions 0.05,0.25,0.5
            """, shouldDisplay: false)

    @Argument(help: "Named datasets.") var names = ["mnist", "fashion-mnist"]
    @Option(help: "Random seed of the draws.") var seed: UInt64 = 0
    @Option(help: "Number of images per draw.") var count = 2000
    @Option(help: "Divide the number of draws by this, for a quick look.") var divide = 1
    @Option(
        help: """
            Instead of leaving classes out, reduce one class at a time to these portions of its share, separated by commas.
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
        let console = Console()
        for name in names {
            let measured = try LeftOutMeasurement(name, seed: seed, count: count) { console.line($0) }
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
                share(group.count { $0.labeled.verdict != .healthy }, group.count),
                String(group.count { $0.labeled.verdict == .failed }),
                String(group.count { ($0.lost + $0.rare).sorted() == $0.draw.left }),
                share(group.count { $0.unlabeled.verdict != .healthy }, group.count),
                String(group.count { $0.unlabeled.verdict == .failed }),
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
                count { $0.labeled.verdict == .failed },
            ]
        }
        lines =
            TextTable(
                header: ["portion", "draws", "lost", "rare", "not named", "others named", "failed"], rows: rows
            ).lines
    }
}

extension LeftOutMeasurement.Outcome {
    /// The draw and what was said of it, in a line.
    var line: String {
        let names: [SeriesName] = [
            .jensenShannon, .jensenShannonHeldOut, .precision, .precisionHeldOut, .coverage, .lowestClassShare,
        ]
        let numbers = names.map { "\($0)=\(significant(values[$0] ?? .nan))" }.joined(separator: " ")
        return
            "\(draw.left) at \(draw.portion) balanced \(draw.isBalanced): \(labeled.verdict.rawValue) lost \(lost) rare \(rare); "
            + "without labels \(unlabeled.verdict.rawValue) \(unlabeled.findings.map(\.pattern.rawValue)); \(numbers)"
    }
}
