import Foundation
import Measurements
import NIOCore
import Runs

/// What viewers of runs are told: of each run one watcher reads what is new once, and hands the same bytes to all of them, so
/// that fifty viewers cost the training no more than one.
actor RunFeeds {
    private var feeds: [RunFolder: RunFeed] = [:]

    /// Events from a place on; they end when the viewer is too slow to take them, and then it comes back with its place.
    func events(of folder: RunFolder, from place: RunPlace?) async throws -> AsyncStream<ByteBuffer> {
        let feed = feeds[folder] ?? RunFeed(folder)
        feeds[folder] = feed
        let stream = try await feed.subscribe(from: place)
        // It may have looked idle to another viewer's request meanwhile.
        feeds[folder] = feed
        for (other, feed) in feeds where other != folder {
            if await feed.isIdle { feeds[other] = nil }
        }
        return stream
    }
}

/// The news of one run.
actor RunFeed {
    private let folder: RunFolder
    private var viewers: [Int: Viewer] = [:]
    private var nextViewer = 0
    private var place: RunPlace?
    private var stamp: RunStamp?
    private var watcher: Task<Void, Never>?

    init(_ folder: RunFolder) { self.folder = folder }

    /// Also `false` for one that was just made, whose first viewer is about to come.
    var isIdle: Bool { viewers.isEmpty && nextViewer > 0 }

    /// A point is written within half a second of its step, and is looked for this often.
    private static let interval = Duration.milliseconds(100)
    /// What a viewer may leave waiting.
    private static let longestQueue = 64
    /// More new points of a series than a page can add to a chart one by one.
    private static let mostPoints = 2000

    func subscribe(from place: RunPlace?) async throws -> AsyncStream<ByteBuffer> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.longestQueue))
        let viewer = nextViewer
        nextViewer += 1
        viewers[viewer] = Viewer(continuation)
        continuation.onTermination = { [weak self] _ in Task { await self?.remove(viewer) } }
        // What is told while this reads waits until it has been told; it may come twice, and a page leaves out what it has.
        let (folder, stamp) = (folder, RunStamp(folder))
        let isWatched = self.place != nil
        var missed = try await offThread { try RunReader(folder).changes(since: place, limit: Self.mostPoints) }
        if !isWatched, self.place != nil {
            // Another viewer's watch began meanwhile, maybe farther on than this has read.
            missed = try await offThread { try RunReader(folder).changes(since: place, limit: Self.mostPoints) }
        }
        // Left, or sent away, while this read.
        guard viewers[viewer] != nil else { return stream }
        viewers[viewer]?.begin(try RunNews(missed, of: folder).event())
        // From where the first viewer stands: what is written before the watcher first looks is told too.
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
            // Deleted, or the disk is away: a viewer that asks again is told.
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

    /// Takes events for one viewer; the first that it sees says what it has missed.
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

/// News as a page gets them.
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

    /// As a server-sent event whose id is the place, which a browser sends back when it connects anew.
    func event() throws -> ByteBuffer { try ServerSentEvent.encode(self, id: "\(place)") }
}

enum ServerSentEvent {
    /// JSON has no raw line breaks, so an event is one line of data.
    static func encode(_ value: some Encodable, id: String) throws -> ByteBuffer {
        var buffer = ByteBuffer(string: "id: \(id)\ndata: ")
        buffer.writeBytes(try JSONBytes.encode(value))
        buffer.writeString("\n\n")
        return buffer
    }

    /// How long a stream may be quiet.
    static let pulse = Duration.seconds(5)
    /// What keeps a connection from looking dead, and finds out that it is.
    static let heartbeat = ByteBuffer(string: ":\n\n")
    /// How soon a browser is to connect again.
    static let opening = ByteBuffer(string: "retry: 1000\n\n")
}

extension RunOutcome {
    /// Why the run failed; empty for others.
    var reason: String { if case .failed(let reason) = self { reason } else { "" } }
}
