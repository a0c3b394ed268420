import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct GzipTests {
    @Test(arguments: [0, 1, 1000, 300_000, 3_000_000])
    func decompressesWhatItCompressed(count: Int) throws {
        let bytes = noise(count)
        let compressed = try Gzip.compress(bytes)
        #expect(Gzip.isCompressed(compressed))
        #expect(try Gzip.decompress(compressed, maximumBytes: count) == bytes)
    }

    @Test func readsWhatGzipWrote() throws {
        // printf 'equipoise\n' | gzip -n | base64
        let data = try #require(Data(base64Encoded: "H4sIAAAAAAAAA0stLM0syM8sTuUCADcThDEKAAAA"))
        #expect(try Gzip.decompress(Array(data), maximumBytes: 100) == Array("equipoise\n".utf8))
    }

    @Test func compressesRepetition() throws {
        #expect(try Gzip.compress([UInt8](repeating: 7, count: 100_000)).count < 1000)
    }

    @Test func joinsMembersAndSkipsPadding() throws {
        let members = try Gzip.compress([1, 2]) + Gzip.compress([3]) + [0, 0, 0]
        #expect(try Gzip.decompress(members, maximumBytes: 3) == [1, 2, 3])
    }

    @Test func joinsMembersAcrossThePiecesOfAFile() throws {
        // The first member fills more than one piece of the file, the second begins within a later one.
        let folder = try TemporaryFolder()
        let (first, second) = (noise(1_500_000), noise(900_000, seed: 2))
        let url = try folder.write(Gzip.compress(first) + Gzip.compress(second), "two.gz")
        #expect(try Gzip.contents(of: url, maximumBytes: 2_400_000) == first + second)
    }

    @Test func refusesABomb() throws {
        let bomb = try Gzip.compress([UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 100_000)
        expectFailure(.tooLarge, "bomb.gz", "1000 bytes") {
            try Gzip.decompress(bomb, maximumBytes: 1000, source: "bomb.gz")
        }
    }

    @Test(arguments: [2, 5, 12, 40, -9, -1])
    func refusesTruncation(kept: Int) throws {
        let compressed = try Gzip.compress(noise(100))
        let end = kept < 0 ? compressed.count + kept : kept
        expectFailure(.truncated, "short.gz", "truncated") {
            try Gzip.decompress(Array(compressed[..<end]), maximumBytes: 1000, source: "short.gz")
        }
    }

    @Test func refusesDamage() throws {
        var compressed = try Gzip.compress(noise(1000))
        compressed[compressed.count - 5] ^= 1
        expectFailure(.damaged, "damaged.gz", "incorrect data check") {
            try Gzip.decompress(compressed, maximumBytes: 1000, source: "damaged.gz")
        }
    }

    @Test func refusesTrailingBytes() throws {
        let compressed = try Gzip.compress([1]) + [9, 9]
        expectFailure(.oversized, "after the end") { try Gzip.decompress(compressed, maximumBytes: 10) }
    }

    @Test func refusesOtherData() {
        expectFailure(.wrongMagic, "1F 8B") { try Gzip.decompress([1, 2, 3], maximumBytes: 10) }
    }

    @Test func namesAFileThatIsNotThereAndAFolder() throws {
        let folder = try TemporaryFolder()
        expectFailure(.notFound, "absent.gz") {
            try Gzip.contents(of: folder.url.appending(path: "absent.gz"), maximumBytes: 1)
        }
        expectFailure(.unreadable, "is a folder") { try Gzip.contents(of: folder.url, maximumBytes: 1) }
    }
}
