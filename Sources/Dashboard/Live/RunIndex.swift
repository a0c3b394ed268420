import Foundation
import Runs

/// What is known of all runs: each is read again only when its files have changed, so that a thousand runs are listed at once.
actor RunIndex {
    private let library: RunLibrary
    private var known: [String: Known] = [:]
    private var revision = 0
    private var looking: (task: Task<Void, any Error>, start: ContinuousClock.Instant)?
    private var lastLook: ContinuousClock.Instant?
    private var removals: [(revision: Int, id: String)] = []
    /// Tells the revisions of this process from those of one before.
    private let era = UUID().uuidString

    private struct Known {
        var entry: SummaryCache.Entry
        var revision: Int
    }

    init(_ library: RunLibrary) { self.library = library }

    /// What has changed since a revision.
    struct Changes: Sendable {
        var revision: String
        /// Whether these are all runs.
        var isWhole: Bool
        var summaries: [RunSummary]
        var removed: [String]
    }

    /// Looks at the folder, and answers what is new since a revision; all of it without one, or since one of another era.
    ///
    /// - Parameter age: A look that is not older will do, so that many viewers cost no more than a few.
    func changes(since text: String? = nil, notOlderThan age: Duration = .zero) async throws -> Changes {
        try await refresh(notOlderThan: age)
        let parts = (text ?? "").split(separator: "/")
        let since = parts.count == 2 && parts[0] == era ? Int(parts[1]) : nil
        // Who was away while a thousand runs were deleted gets everything again.
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
        // A look that began before this one was asked for may have missed what is new.
        while let current = looking {
            try await current.task.value
            if current.start >= asked || age > .zero { return }
        }
        let task = Task {
            // Before it ends: who waits for a look that has ended goes on at once, without ever letting anybody else clear it away.
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
            // Nobody waits for it.
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
