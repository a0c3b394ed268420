import Foundation
import TestSupport
import Testing

@testable import DataFiles

@Suite struct ZipWriterTests {
    /// Read back by Python's zipfile, which checks the sums.
    @Test func pythonReadsTheArchive() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var archive = ZipWriter()
        var bytes: [UInt8] = []
        let image = noise(300)
        let day = Date(timeIntervalSince1970: 1_700_000_000)
        bytes += archive.entry("epoch-0001.png", image, modified: day)
        bytes += archive.entry("é.txt", Data("hello".utf8), modified: day)
        bytes += archive.entry("empty", Data(), modified: Date(timeIntervalSince1970: 0))
        bytes += archive.end()
        let file = folder.appending(path: "a.zip")
        try Data(bytes).write(to: file)
        let output = try python("print(z.testzip(), z.namelist(), z.read('é.txt'), z.infolist()[0].file_size)", file)
        #expect(output == "None ['epoch-0001.png', 'é.txt', 'empty'] b'hello' \(image.count)\n")
    }

    /// Beyond 4 GiB the records are those of ZIP64, and Python finds the entry by its 64-bit offset.
    @Test func farEntriesHaveRecordsOfZIP64() throws {
        let folder = try TemporaryFolder()
        let start = 1 << 32
        var archive = ZipWriter(offset: start)
        let tail = archive.entry("far.txt", Array("hello".utf8)) + archive.end()
        let file = folder.url.appending(path: "far.zip")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        // A sparse file: the gap takes no space.
        try handle.truncate(atOffset: UInt64(start))
        try handle.seekToEnd()
        try handle.write(contentsOf: tail)
        try handle.close()
        #expect(
            try python("print(z.namelist(), z.read('far.txt'), z.infolist()[0].header_offset)", file)
                == "['far.txt'] b'hello' \(start)\n")
    }

    private func python(_ script: String, _ file: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); " + script, file.path,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output
    }
}
