import Foundation
import Measurements
import Recipes
import TestSupport
import Testing

@testable import Runs

@Suite struct RunLibraryTests {
    let runs: TemporaryFolder
    var library: RunLibrary { RunLibrary(directory: runs.url) }

    init() throws { runs = try TemporaryFolder() }

    @discardableResult
    private func make(_ id: String, start: Double, label: String? = nil) throws -> RunFolder {
        var metadata = RunMetadata.sample(start: Date(timeIntervalSince1970: start))
        metadata.id = try #require(RunIdentifier(id))
        let writer = try RunWriter.create(
            in: runs.url, configuration: TrainingConfiguration(), metadata: metadata, label: label)
        writer.record(.losses(1, 0.5))
        try writer.finish(.finished)
        return writer.folder
    }

    @Test func listsNewestFirstWithBrokenRuns() throws {
        try make("20260101-000000-calm-otter", start: 100, label: "baseline")
        try make("20260102-000000-brisk-heron", start: 200)
        let broken = runs.url.appendingPathComponent("broken")
        try FileManager.default.createDirectory(at: broken, withIntermediateDirectories: true)
        try Data("nonsense, and enough of it to be no database".utf8).write(
            to: broken.appendingPathComponent("run.sqlite"))
        try FileManager.default.createDirectory(
            at: runs.url.appendingPathComponent("other"), withIntermediateDirectories: true)
        let list = library.list()
        #expect(list.map(\.id) == ["20260102-000000-brisk-heron", "20260101-000000-calm-otter", "broken"])
        #expect(list[1].label == "baseline" && list[1].recipe == "custom" && list[1].status == .finished)
        #expect(list[1].lastValues == [.lossGenerator: 0.5] && list[1].lastStep == 1)
        #expect(list[2].status == nil && list[2].problem?.contains("cannot be read") == true)
        #expect(try library.find("latest").name == "20260102-000000-brisk-heron")
    }

    @Test func findsByIdPrefixWordsLabelAndPath() throws {
        let first = try make("20260101-000000-calm-otter", start: 100, label: "baseline")
        try make("20260102-000000-brisk-heron", start: 200)
        for text in ["20260101-000000-calm-otter", "20260101", "calm", "calm-otter", "baseline", first.directory.path] {
            #expect(try library.find(text) == first, "\(text)")
        }
    }

    @Test func anAmbiguousPrefixNamesTheCandidates() throws {
        try make("20260101-000000-calm-otter", start: 100, label: "twin")
        try make("20260102-000000-brisk-heron", start: 200, label: "twin")
        let candidates = ["20260101-000000-calm-otter", "20260102-000000-brisk-heron"]
        #expect(throws: RunStoreError.ambiguous("2026", candidates: candidates)) { try library.find("2026") }
        #expect(throws: RunStoreError.ambiguous("twin", candidates: candidates)) { try library.find("twin") }
    }

    @Test func whatIsNotFoundIsExplained() throws {
        #expect(message { _ = try library.find("latest") }.contains("among the 0 runs in"))
        try make("20260101-000000-calm-otter", start: 100, label: "baseline")
        #expect(message { _ = try library.find("basline") }.contains("did you mean baseline?"))
        #expect(message { _ = try library.find("clam-otter") }.contains("20260101-000000-calm-otter"))
        #expect(message { _ = try library.find("zzzzzzzz") }.contains("among the 1 run in"))
        #expect(message { _ = try library.find("./nowhere") }.contains("There is no run in"))
    }

    @Test func aTakenIdentifierGivesAnother() throws {
        let metadata = RunMetadata.sample()
        let names = try (0..<5).map { _ in
            try RunWriter.create(in: runs.url, configuration: TrainingConfiguration(), metadata: metadata).folder.name
        }
        #expect(Set(names).count == 5 && names[0] == metadata.id.text)
    }

    @Test func identifiersHaveDateTimeAndWords() throws {
        let zone = try #require(TimeZone(secondsFromGMT: 3600))
        let identifier = RunIdentifier(date: Date(timeIntervalSince1970: 0), timeZone: zone)
        #expect(identifier.text.hasPrefix("19700101-010000-"))
        #expect(identifier.words?.split(separator: "-").count == 2)
        #expect(RunIdentifier("../x") == nil && RunIdentifier("") == nil && RunIdentifier(".x") == nil)
    }

    @Test func pathsOutOfTheFolderAreRefused() {
        let folder = RunFolder(runs.url)
        for path in ["../a", "a/../../b", "/etc/passwd", "", "a//b", "."] {
            #expect(folder.file(relative: path) == nil)
        }
        #expect(folder.file(relative: "samples/a.png") != nil)
    }

    @Test func circumstancesAreCaptured() throws {
        let metadata = RunMetadata.captured(
            device: "CPU", threads: 2, equipoiseVersion: "1", torchVersion: "2", workingDirectory: runs.url)
        #expect(!metadata.hostName.isEmpty && !metadata.processor.isEmpty && metadata.processorCount > 0)
        #expect(metadata.gitCommit == nil && metadata.outcome == .running)
        #expect(try RunMetadata(json: metadata.json()).id == metadata.id)
    }

    @Test func aRepositoryIsFoundAboveTheWorkingDirectory() throws {
        func git(_ arguments: [String]) throws -> Bool {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                ["git", "-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"] + arguments
            process.currentDirectoryURL = runs.url
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
        // Without Git there is nothing to test.
        guard try git(["init"]) else { return }
        let inner = runs.url.appendingPathComponent("a/b")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        #expect(GitState.around(inner) == nil)
        let file = runs.url.appendingPathComponent("file")
        try Data("one".utf8).write(to: file)
        #expect(try git(["add", "file"]) && git(["commit", "-m", "one"]))
        let state = GitState.around(inner, limit: 20)
        #expect(state?.commit.count == 40 && state?.isDirty == false)
        try Data("two, longer".utf8).write(to: file)
        #expect(GitState.around(inner, limit: 20)?.isDirty == true)
    }
}
