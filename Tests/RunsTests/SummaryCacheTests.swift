import Foundation
import Recipes
import TestSupport
import Testing

@testable import Runs

@Suite struct SummaryCacheTests {
    private let folder: TemporaryFolder
    private let caches: URL
    private var library: RunLibrary { RunLibrary(directory: folder.url.appending(path: "runs"), cacheFolder: caches) }

    init() throws {
        folder = try TemporaryFolder()
        caches = folder.url.appending(path: "caches")
    }

    @discardableResult
    private func make(_ count: Int) throws -> [RunFolder] {
        try (0..<count).map { index in
            var configuration = TrainingConfiguration()
            configuration.seed = index
            let writer = try RunWriter.create(
                in: library.directory, configuration: configuration,
                metadata: .sample(start: Date(timeIntervalSince1970: Double(index))), label: "run \(index)")
            writer.record(.losses(1, index == 3 ? .nan : Double(index)))
            writer.record(.losses(2, index == 4 ? .infinity : 0.5))
            try writer.finish(index == 5 ? .failed("no room") : .finished)
            return writer.folder
        }
    }

    private func file() throws -> URL {
        let names = try FileManager.default.contentsOfDirectory(atPath: caches.path)
        return caches.appending(path: try #require(names.first))
    }

    @Test func whatIsKeptIsWhatWouldBeRead() throws {
        let folders = try make(25)
        let first = library.list()
        let text = try String(contentsOf: file(), encoding: .utf8)
        // That the file is looked at is seen by what is changed in it.
        try Data(text.replacingOccurrences(of: "\"run 7\"", with: "\"changed\"").utf8).write(to: file())
        let second = library.list()
        #expect(second.map(\.id) == first.map(\.id) && second.contains { $0.label == "changed" })
        for (a, b) in zip(first, second) {
            #expect(a.label == b.label || b.label == "changed")
            #expect(a.status == b.status && a.start == b.start && a.duration == b.duration && a.recipe == b.recipe)
            #expect(a.parameters == b.parameters && a.lastStep == b.lastStep && a.folder == b.folder)
            #expect("\(a.course)" == "\(b.course)")
            #expect(a.lastValues.mapValues { "\($0)" } == b.lastValues.mapValues { "\($0)" })
        }
        // A run whose files have changed is read again.
        let seven = try #require(folders.first { RunSummary($0).label == "run 7" })
        var annotations = RunAnnotations()
        annotations.tags = ["kept"]
        try seven.write(annotations)
        let third = try #require(library.list().first { $0.folder == seven })
        #expect(third.label == "run 7" && third.annotations.tags == ["kept"])
    }

    /// Who looks only for what has changed keeps nothing: a part would take the place of the whole.
    @Test func aPartDoesNotTakeThePlaceOfTheWhole() throws {
        try make(25)
        let whole = library.look()
        library.keep(whole)
        let stamps = whole.new.map { ($0.summary.id, $0.stamp) }
        let before = try Data(contentsOf: file())
        try make(22)
        let look = library.look(knowing: Dictionary(stamps) { first, _ in first })
        library.keep(look)
        #expect(look.new.count == 22 && look.all.count == 47)
        #expect(try Data(contentsOf: file()) == before)
    }

    @Test func aRunThatTrainsIsReadEveryTime() throws {
        try make(22)
        let writer = try RunWriter.create(
            in: library.directory, configuration: TrainingConfiguration(), metadata: .sample(start: Date()),
            label: "live")
        _ = library.list()
        #expect(try !String(contentsOf: file(), encoding: .utf8).contains("\"live\""))
        #expect(library.list().first?.status == .running)
        try writer.finish(.finished)
        #expect(library.list().first?.status == .finished)
    }

    @Test(arguments: ["", "{}", "nonsense", #"{"format": 99, "common": {}, "runs": {}}"#])
    func aBrokenFileIsNoHindrance(_ text: String) throws {
        try make(21)
        _ = library.list()
        try Data(text.utf8).write(to: file())
        #expect(library.list().count == 21 && library.list().allSatisfy { $0.problem == nil })
        // Nor is a place where nothing can be kept.
        try FileManager.default.removeItem(at: caches)
        try Data().write(to: caches)
        #expect(library.list().count == 21)
    }

    @Test func aFewRunsAreNotKept() throws {
        try make(5)
        #expect(library.list().count == 5 && !FileManager.default.fileExists(atPath: caches.path))
    }
}
