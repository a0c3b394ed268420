import Foundation
import Runs

/// The summaries of all runs. A run is read again only if its files have changed, so listing a thousand runs is fast.
actor RunIndex {
    private let library: RunLibrary
    private var known: [String: Known] = [:]
    private var revision = 0
    private var looking: (task: Task<Void, any Error>, start: ContinuousClock.Instant)?
    private var lastLook: ContinuousClock.Instant?
    private var removals: [(revision: Int, id: String)] = []
    /// Distinguishes the revisions of this process from those of earlier ones.
    private let era = UUID().uuidString

    private struct Known {
        var entry: SummaryCache.Entry
        var revision: Int
    }

    init(_ library: RunLibrary) { self.library = library }

    /// The changes since a revision.
    struct Changes: Sendable {
        var revision: String
        /// Whether `summaries` contains all runs rather than only the changed ones.
        var isWhole: Bool
        var summaries: [RunSummary]
        var removed: [String]
    }

    /// Scans the folder and returns the changes since a revision. Returns all runs without a revision of this process.
    ///
    /// - Parameter age: the maximum age of an earlier scan that may be reused, so that many viewers share a few scans.
    func changes(since text: String? = nil, notOlderThan age: Duration = .zero) async throws -> Changes {
        try await refresh(notOlderThan: age)
        let parts = (text ?? "").split(separator: "/")
        let since = parts.count == 2 && parts[0] == era ? Int(parts[1]) : nil
        // A viewer that missed more deletions than are kept gets the whole list again.
        let isWhole =
            since == nil || since ?? 0 < (removals.first?.revision ?? 0) - 1 && removals.count == Self.mostRemovals
        let summaries = known.values.filter { isWhole || $0.revision > since ?? 0 }.map(\.entry.summary)
        return Changes(
            revision: "\(era)/\(revision)", isWhole: isWhole,
            summaries: summaries.sorted { $0.isNewer(than: $1) },
            removed: isWhole ? [] : removals.filter { $0.revision > since ?? 0 }.map(\.id))
    }

    private static let mostRemovals = 1000

    private func refresh(notOlderThan age: Duration) async throws {
        if let lastLook, ContinuousClock.now - lastLook < age { return }
        let asked = ContinuousClock.now
        // A scan that started before this request may have missed changes.
        while let current = looking {
            try await current.task.value
            if current.start >= asked || age > .zero { return }
        }
        let task = Task {
            // Clear it before the task ends: awaiting a finished task never suspends, so waiters would loop forever without
            // letting anyone clear it.
            defer { looking = nil }
            try await lookAgain()
            lastLook = .now
        }
        looking = (task, ContinuousClock.now)
        try await task.value
    }

    private func lookAgain() async throws {
        let stamps = known.mapValues(\.entry.stamp)
        let (library, before) = (library, Set(stamps.keys))
        let look = try await offThread { library.look(knowing: stamps) }
        if look.isWorthKeeping {
            // Update the cache in the background.
            Task.detached(priority: .utility) { try await offThread { library.keep(look) } }
        }
        for id in before.subtracting(look.all) {
            revision += 1
            known[id] = nil
            removals.append((revision, id))
        }
        removals.removeFirst(max(0, removals.count - Self.mostRemovals))
        guard !look.new.isEmpty else { return }
        revision += 1
        for entry in look.new { known[entry.summary.id] = Known(entry: entry, revision: revision) }
    }
}
