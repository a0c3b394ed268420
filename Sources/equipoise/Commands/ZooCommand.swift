import ArgumentParser
import Foundation
import Recipes
import Runs
import Studies
import Torch

struct ZooCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo",
        abstract:
            "Measure the diagnosis: train sound and failing recipes (the zoo), and compare verdicts with ground truth.",
        discussion: """
            Runs that exist already (labeled RECIPE-SEED) are not trained again.

            Examples:
              equipoise zoo --seeds 1 --recipes ring,ring-fast-generator
              equipoise zoo --seeds 1,2,3 --runs zoo-runs --json
              equipoise zoo --remedies --recipes digits-latent-1
            """)

    @Option(help: "Random seeds, separated by commas.") var seeds = "1,2,3"
    @Option(help: "Recipes of the zoo, separated by commas. Default: all.") var recipes: String?
    @Option(help: ArgumentHelp("The folder of the runs.", valueName: "dir")) var runs = "zoo-runs"
    @Option(help: "Number of samples per checkpoint for the ground truth.") var count = 1000
    @Option(help: "CPU threads; 0 uses all cores.") var threads = 0
    @Flag(help: "Also retrain every run with the verdict failed with its first remedy, and count how often that helps.")
    var remedies = false
    @Flag(help: "Print JSON only.") var json = false

    func validate() throws {
        guard (50...100_000).contains(count) else { throw ValidationError("--count takes 50 to 100,000.") }
        for (name, list) in [("--seeds", seeds), ("--recipes", recipes ?? "all")] {
            let words = list.split(separator: ",", omittingEmptySubsequences: false)
            guard !words.contains(""), Set(words).count == words.count else {
                throw ValidationError("\(name) takes distinct values, separated by commas.")
            }
        }
    }

    func run() throws {
        try LibTorch.keepLargeAllocations()
        let console = Console(quiet: json)
        let zoo = Zoo(
            in: RunLibrary(directory: URL(fileURLWithPath: runs, isDirectory: true)), samples: count, threads: threads
        ) { console.line($0) }
        var outcomes: [ZooOutcome] = []
        var retries: [ZooRetry] = []
        for name in try names() {
            for seed in try numbers() {
                console.line("\(name), seed \(seed)")
                let (run, outcome) = try zoo.outcome(Zoo.Candidate(RecipeCatalog.configuration(zoo: name), name, seed))
                outcomes.append(outcome)
                guard remedies, outcome.isCalled, let again = try zoo.remedied(run, outcome) else { continue }
                console.line("\(name), seed \(seed): \(again.remedy)")
                retries.append(ZooRetry(remedy: again.remedy, before: outcome, after: try zoo.outcome(again).outcome))
            }
        }
        let report = ZooReport(outcomes, retries)
        try json ? emit(JSONText.encode(report)) : report.lines.forEach { try emit($0) }
    }

    private func names() throws -> [String] {
        let all = RecipeCatalog.zoo.map(\.name)
        let wanted = recipes?.split(separator: ",").map(String.init) ?? all
        if let stranger = wanted.first(where: { !all.contains($0) }) {
            throw CommandError("The zoo has no recipe “\(stranger)”; the recipes are \(all.joined(separator: ", ")).")
        }
        return wanted
    }

    private func numbers() throws -> [Int] {
        try seeds.split(separator: ",").map { text in
            guard let seed = Int(text), seed >= 0 else {
                throw CommandError("“\(text)” is not a seed; --seeds takes whole numbers, separated by commas.")
            }
            return seed
        }
    }
}
