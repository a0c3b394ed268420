import DataFiles
import DatasetFiles
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct DownloaderTests {
    let folder: TemporaryFolder
    let contents = noise(400_000)
    let file: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        file = try Gzip.compress(contents)
    }

    var destination: URL { folder.url.appending(path: "cache/a.gz") }
    var partial: URL { folder.url.appending(path: "cache/a.gz.partial") }

    func fetch(
        _ mirrors: [URL], sha256: String? = nil, isChecked: Bool = true, maximumBytes: Int = 1 << 20,
        maximumUncompressedBytes: Int = 1 << 20, connectTimeout: TimeInterval = 20, stallTimeout: TimeInterval = 20,
        progress: ((Downloader.Progress) -> Void)? = nil
    ) throws {
        let sum = isChecked ? sha256 ?? ContentChecksum.sha256(contents) : nil
        try Downloader(connectTimeout: connectTimeout, stallTimeout: stallTimeout).fetch(
            from: mirrors, to: destination, sha256: sum, maximumBytes: maximumBytes,
            maximumUncompressedBytes: maximumUncompressedBytes, progress: progress)
    }

    func expectInPlace(sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try Data(contentsOf: destination) == Data(file), sourceLocation: sourceLocation)
        #expect(!FileManager.default.fileExists(atPath: partial.path), sourceLocation: sourceLocation)
    }

    func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: folder.url.appending(path: "cache").path)
        #expect(names.isEmpty, sourceLocation: sourceLocation)
    }

    @Test func downloadsChecksAndReportsProgress() throws {
        let server = try LocalServer { [file] _, _ in .file(file) }
        var last: Downloader.Progress?
        try fetch([server.url()]) { last = $0 }
        try expectInPlace()
        #expect(last?.receivedBytes == file.count && last?.totalBytes == file.count && last?.fileName == "a.gz")
        #expect(server.requests.map(\.rangeStart) == [nil])
        // A second call finds the file and asks nobody.
        try fetch([server.url()])
        #expect(server.requests.count == 1)
    }

    @Test func downloadsWithoutAChecksum() throws {
        let server = try LocalServer { _, _ in .file([1, 2, 3]) }
        try fetch([server.url()], isChecked: false)
        #expect(try Data(contentsOf: destination) == Data([1, 2, 3]))
    }

    @Test func resumesAnEarlierAttempt() throws {
        try folder.write(Array(file[..<100_000]), "cache/a.gz.partial")
        let server = try LocalServer { [file] _, _ in .file(file) }
        try fetch([server.url()])
        try expectInPlace()
        #expect(server.requests.map(\.rangeStart) == [100_000])
    }

    @Test func placesACompletePartialFileWithoutAsking() throws {
        try folder.write(file, "cache/a.gz.partial")
        try fetch([])
        try expectInPlace()
    }

    @Test func resumesAfterTheConnectionBroke() throws {
        let server = try LocalServer { [file] _, number in
            number == 0 ? .cutShort(file, after: 150_000) : .file(file)
        }
        try fetch([server.url()])
        try expectInPlace()
        #expect(server.requests.map(\.rangeStart) == [nil, 150_000])
    }

    @Test func resumesAfterAStall() throws {
        let server = try LocalServer { [file] _, number in
            number == 0 ? .stall(file, after: 1000) : .file(file)
        }
        try fetch([server.url()], stallTimeout: 2)
        try expectInPlace()
        #expect(server.requests.map(\.rangeStart) == [nil, 1000])
    }

    @Test func startsAgainWhereRangesAreNotServed() throws {
        try folder.write(Array(file[..<1000]), "cache/a.gz.partial")
        let server = try LocalServer { [file] _, _ in .file(file, supportsRange: false) }
        try fetch([server.url()])
        try expectInPlace()
        #expect(server.requests.map(\.rangeStart) == [1000])
    }

    @Test(arguments: ["bytes 7-99/100", "bytes */100", "nonsense"])
    func startsAgainAfterAnotherRange(range: String) throws {
        try folder.write(Array(file[..<1000]), "cache/a.gz.partial")
        let server = try LocalServer { [file] _, number in
            number > 0
                ? .file(file)
                : .raw("HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\nContent-Range: \(range)", [1, 2, 3])
        }
        try fetch([server.url()])
        try expectInPlace()
        #expect(server.requests.map(\.rangeStart) == [1000, nil])
    }

    @Test func startsAgainWhenThePartialFileIsOfSomethingElse() throws {
        try folder.write(noise(5000, seed: 3), "cache/a.gz.partial")
        let server = try LocalServer { [file] _, _ in .file(file) }
        try fetch([server.url()])
        try expectInPlace()
        #expect(server.requests.map(\.rangeStart) == [5000, nil])
    }

    @Test func startsAgainWhenThePartialFileIsTooLong() throws {
        try folder.write(noise(600_000, seed: 3), "cache/a.gz.partial")
        let server = try LocalServer { [file] _, _ in .file(file) }
        try fetch([server.url()])
        try expectInPlace()
        #expect(server.requests.map(\.rangeStart) == [600_000, nil])
    }

    @Test func fallsBackToTheNextMirror() throws {
        let server = try LocalServer { [file] request, _ in request.path == "/second" ? .file(file) : .status(404) }
        try fetch([server.url("/first"), server.url("/second")])
        try expectInPlace()
        #expect(server.requests.map(\.path) == ["/first", "/second"])
    }

    @Test func removesAFileWithTheWrongChecksum() throws {
        let server = try LocalServer { [file] _, _ in .file(file) }
        let wrong = String(repeating: "0", count: 64)
        expectFailure(.wrongChecksum, destination.path, wrong, ContentChecksum.sha256(contents)) {
            try fetch([server.url()], sha256: wrong)
        }
        try expectNothingLeft()
        #expect(server.requests.count == 1)
    }

    @Test func aWrongFileDoesNotReplaceOneThatWasThere() throws {
        try folder.write([1, 2, 3], "cache/a.gz")
        let server = try LocalServer { _, _ in .file(Array("<html>captive portal</html>".utf8)) }
        expectFailure(.wrongChecksum, "SHA-256 is") { try fetch([server.url()]) }
        #expect(try Data(contentsOf: destination) == Data([1, 2, 3]))
    }

    @Test func refusesADamagedFileAndABomb() throws {
        let server = try LocalServer { [file] request, _ in
            request.path == "/short" ? .file(Array(file.dropLast(20))) : .file(file)
        }
        expectFailure(.wrongChecksum, "ends early") { try fetch([server.url("/short")]) }
        expectFailure(.wrongChecksum, "larger than 1000 bytes") {
            try fetch([server.url("/bomb")], maximumUncompressedBytes: 1000)
        }
        try expectNothingLeft()
    }

    @Test func refusesMoreThanTheLimit() throws {
        let server = try LocalServer { [file] request, _ in
            request.path == "/announced" ? .file(file) : .raw("HTTP/1.1 200 OK", file)
        }
        for path in ["/announced", "/unannounced"] {
            expectFailure(.network, "larger than the 1000 bytes") {
                try fetch([server.url(path)], maximumBytes: 1000)
            }
            try expectNothingLeft()
        }
    }

    @Test func acceptsABodyWithoutALength() throws {
        let server = try LocalServer { [file] _, _ in .raw("HTTP/1.1 200 OK", file) }
        try fetch([server.url()])
        try expectInPlace()
    }

    @Test func followsARedirectToHTTPOnly() throws {
        let server = try LocalServer { [file] request, _ in
            switch request.path {
            case "/good": .raw("HTTP/1.1 302 Found\r\nLocation: /file\r\nContent-Length: 0")
            case "/evil": .raw("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0")
            case "/file": .file(file)
            // Foundation on Linux asks the same server for the path of an address that is not HTTP.
            default: .status(404)
            }
        }
        expectFailure(.network, "127.0.0.1") { try fetch([server.url("/evil")]) }
        try expectNothingLeft()
        try fetch([server.url("/good")])
        try expectInPlace()
    }

    @Test func refusesAnAddressThatIsNotHTTP() throws {
        let url = try folder.write(file, "served.gz")
        expectFailure(.network, "not HTTP") { try fetch([url]) }
    }

    @Test func givesUpOnSilenceAndOnStalls() throws {
        let server = try LocalServer { [file] request, _ in
            request.path == "/silence" ? .silence : .stall(file, after: 1000)
        }
        expectFailure(.network, "no response within 0.5 seconds") {
            try fetch([server.url("/silence")], connectTimeout: 0.5)
        }
        expectFailure(.network, "no data received for 0.5 seconds") {
            try fetch([server.url("/stall")], stallTimeout: 0.5)
        }
        // What came stays for the next attempt.
        #expect(try Data(contentsOf: partial) == Data(file[..<1000]))
    }

    @Test func saysThatThereIsNoNetwork() throws {
        // A port that was just given back refuses connections; `.invalid` never resolves (RFC 6761).
        let address = try LocalServer { _, _ in .silence }.url()
        let unresolvable = try #require(URL(string: "http://equipoise.invalid/a.gz"))
        expectFailure(.network, "127.0.0.1 (the connection was refused", "equipoise.invalid (", "network connection") {
            try fetch([address, unresolvable])
        }
        expectFailure(.network, "no address") { try fetch([]) }
        try expectNothingLeft()
    }

    @Test func retriesAServerThatFailsForAMoment() throws {
        let server = try LocalServer { [file] _, number in number < 2 ? .status(503) : .file(file) }
        try fetch([server.url()])
        try expectInPlace()
        let broken = try LocalServer { _, _ in .status(500) }
        try FileManager.default.removeItem(at: destination)
        expectFailure(.network, "status 500") { try fetch([broken.url()]) }
        #expect(broken.requests.count == 3)
    }

    @Test func saysThatItCannotWrite() throws {
        try folder.write([], "cache")
        expectFailure(.unwritable, destination.path) { try fetch([]) }
    }

    @Test func refusesASecondDownloadOfTheSameFile() throws {
        let server = try LocalServer { [file] _, _ in .file(file) }
        var second: (any Error)?
        try fetch([server.url()]) { _ in
            guard second == nil else { return }
            do { try fetch([server.url()]) } catch { second = error }
        }
        #expect((second as? DataFileError)?.kind == .unwritable)
        #expect((second as? DataFileError)?.description.contains("another process") == true)
        try expectInPlace()
    }

    @Test func fetchesNamedData() throws {
        let small = SmallDataset()
        let images = try Gzip.compress(IDX.encode(small.trainImages))
        let labels = try Gzip.compress(IDX.encode(small.trainLabels))
        let server = try LocalServer { request, _ in
            switch request.path {
            case "/mirror/train-images-idx3-ubyte.gz": .file(images)
            case "/mirror/train-labels-idx1-ubyte.gz": .file(labels)
            default: .status(404)
            }
        }
        let dataset = SmallDataset(mirrors: ["\(try server.url("/gone/"))", "\(try server.url("/mirror/"))"]).dataset
        let locator = DatasetLocator(environment: ["XDG_CACHE_HOME": folder.url.path], systemFolders: [])
        let urls = try Downloader().fetch(dataset, to: locator.downloadFolder(for: dataset))
        #expect(urls.count == 2)
        let located = try locator.locate(dataset)
        #expect(located.origin == .cache)
        #expect(DatasetVerifier.verify(located).isValid)
        #expect(server.requests.count == 4)
        try Downloader().fetch(dataset, to: locator.downloadFolder(for: dataset))
        #expect(server.requests.count == 4)
    }
}
