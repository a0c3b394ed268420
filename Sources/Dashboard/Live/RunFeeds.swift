import Foundation
import Measurements
import NIOCore
import Runs

/// Live updates for the viewers of runs. One watcher per run reads the changes and sends the same bytes to all viewers,
/// so fifty viewers cost the training no more than one.
actor RunFeeds {
    private var feeds: [RunFolder: RunFeed] = [:]

    /// The events of a run after a place. The stream ends if the viewer is too slow; the viewer then reconnects with its
    /// place.
    func events(of folder: RunFolder, from place: RunPlace?) async throws -> AsyncStream<ByteBuffer> {
        let feed = feeds[folder] ?? RunFeed(folder)
        feeds[folder] = feed
        let stream = try await feed.subscribe(from: place)
        // Another viewer's request may have removed the feed as idle during the subscription.
        feeds[folder] = feed
        for (other, feed) in feeds where other != folder {
            if await feed.isIdle { feeds[other] = nil }
        }
        return stream
    }
}

/// The live updates of one run.
actor RunFeed {
    private let folder: RunFolder
    private var viewers: [Int: Viewer] = [:]
    private var nextViewer = 0
    private var place: RunPlace?
    private var stamp: RunStamp?
    private var watcher: Task<Void, Never>?

    init(_ folder: RunFolder) { self.folder = folder }

    /// Whether all viewers have left. `false` for a new feed whose first viewer has yet to subscribe.
    var isIdle: Bool { viewers.isEmpty && nextViewer > 0 }

    /// How often the watcher polls for changes. The writer commits a point within half a second of its step.
    private static let interval = Duration.milliseconds(100)
    /// How many events may wait for a slow viewer.
    private static let longestQueue = 64
    /// The most new points of a series that one event carries. If there are more, the page reloads the run instead.
    private static let mostPoints = 2000

    func subscribe(from place: RunPlace?) async throws -> AsyncStream<ByteBuffer> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.longestQueue))
        let viewer = nextViewer
        nextViewer += 1
        viewers[viewer] = Viewer(continuation)
        continuation.onTermination = { [weak self] _ in Task { await self?.remove(viewer) } }
        // Events sent during this read are queued for the viewer. Points may arrive twice; the page skips those that it
        // already has.
        let (folder, stamp) = (folder, RunStamp(folder))
        let isWatched = self.place != nil
        var missed = try await offThread { try RunReader(folder).changes(since: place, limit: Self.mostPoints) }
        if !isWatched, self.place != nil {
            // A watcher started for another viewer in the meantime, possibly beyond what this read saw.
            missed = try await offThread { try RunReader(folder).changes(since: place, limit: Self.mostPoints) }
        }
        // The viewer left or was dropped during the read.
        guard viewers[viewer] != nil else { return stream }
        viewers[viewer]?.begin(try RunNews(missed, of: folder).event())
        // Start at the first viewer's place, so that records written before the watcher's first poll are sent as well.
        if self.place == nil { (self.place, self.stamp) = (missed.place, stamp) }
        if watcher == nil { watch() }
        return stream
    }

    private func remove(_ viewer: Int) {
        viewers[viewer] = nil
        guard viewers.isEmpty else { return }
        watcher?.cancel()
        watcher = nil
        place = nil
    }

    private func watch() {
        watcher = Task { [weak self] in
            var lastPulse = ContinuousClock.now
            while !Task.isCancelled {
                guard await self?.look() != nil else { return }
                if ContinuousClock.now - lastPulse > ServerSentEvent.pulse {
                    await self?.tell(ServerSentEvent.heartbeat)
                    lastPulse = .now
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func look() async {
        let (folder, place) = (folder, place)
        let new = RunStamp(folder)
        guard new != stamp || place == nil else { return }
        guard
            let changes = try? await offThread({ () throws -> RunChanges in
                let reader = try RunReader(folder)
                return try reader.changes(since: place ?? reader.place(), limit: Self.mostPoints)
            })
        else {
            // The run was deleted or the disk is unavailable. End the streams; viewers that reconnect get the error.
            if !folder.exists { for viewer in viewers.values { viewer.finish() } }
            return
        }
        guard !viewers.isEmpty else { return }
        stamp = new
        self.place = changes.place
        if let event = try? RunNews(changes, of: folder).event() { tell(event) }
    }

    private func tell(_ event: ByteBuffer) {
        for viewer in viewers.keys { viewers[viewer]?.tell(event) }
    }

    /// Queues events for one viewer until it has received what it missed.
    private struct Viewer {
        private let continuation: AsyncStream<ByteBuffer>.Continuation
        private var waiting: [ByteBuffer]? = []

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

        mutating func begin(_ first: ByteBuffer) {
            let events = [first] + (waiting ?? [])
            waiting = nil
            for event in events { tell(event) }
        }

        mutating func tell(_ event: ByteBuffer) {
            if let waiting {
                self.waiting?.append(event)
                if waiting.count >= RunFeed.longestQueue { finish() }
                return
            }
            if case .dropped = continuation.yield(event) { finish() }
        }

        func finish() { continuation.finish() }
    }
}

/// An update as a page receives it.
struct RunNews: Encodable {
    struct Line: Encodable {
        let steps: [Int]
        let values: [Double]
    }

    let reset: Bool
    let state, reason: String
    let step: Int
    let series: [String: Line]
    let sheets: [SheetRow]
    let findings: [FindingRow]
    let milestone: Milestone?
    private let place: RunPlace

    private enum CodingKeys: CodingKey { case reset, state, reason, step, series, sheets, findings, milestone }

    init(_ changes: RunChanges, of folder: RunFolder) {
        reset = changes.isReset
        state = changes.status.name
        reason = changes.status.reason
        step = changes.place.step
        series = Dictionary(
            uniqueKeysWithValues: changes.series.map { name, points in
                (name.rawValue, Line(steps: points.map(\.step), values: points.map(\.value)))
            })
        sheets = changes.sheets.map(SheetRow.init)
        findings = changes.findings.map { FindingRow($0, in: folder) }
        milestone = changes.newest.map(Milestone.init)
        place = changes.place
    }

    /// The update as a server-sent event. Its ID is the place, which a browser sends back when it reconnects.
    func event() throws -> ByteBuffer { try ServerSentEvent.encode(self, id: "\(place)") }
}

enum ServerSentEvent {
    /// Encoded JSON contains no line breaks, so an event is a single line of data.
    static func encode(_ value: some Encodable, id: String) throws -> ByteBuffer {
        var buffer = ByteBuffer(string: "id: \(id)\ndata: ")
        buffer.writeBytes(try JSONBytes.encode(value))
        buffer.writeString("\n\n")
        return buffer
    }

    /// The longest time without an event before a heartbeat is sent.
    static let pulse = Duration.seconds(5)
    /// A comment that keeps the connection alive and detects that the viewer is gone.
    static let heartbeat = ByteBuffer(string: ":\n\n")
    /// Tells the browser to reconnect after one second.
    static let opening = ByteBuffer(string: "retry: 1000\n\n")
}

extension RunOutcome {
    /// Why the run failed; empty for any other outcome.
    var reason: String { if case .failed(let reason) = self { reason } else { "" } }
}
