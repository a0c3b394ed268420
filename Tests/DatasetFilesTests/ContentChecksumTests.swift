import DataFiles
import DatasetFiles
import Foundation
import TestSupport
import Testing

@Suite struct ContentChecksumTests {
    @Test func sumsUncompressedContents() throws {
        // printf abc | sha256sum
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let folder = try TemporaryFolder()
        let bytes = Array("abc".utf8)
        #expect(ContentChecksum.sha256(bytes) == sum)
        #expect(try ContentChecksum.sha256(ofContentsOf: folder.write(bytes, "plain")) == sum)
        #expect(try ContentChecksum.sha256(ofContentsOf: folder.write(Gzip.compress(bytes), "packed")) == sum)
        expectFailure(.tooLarge, "2 bytes") {
            try ContentChecksum.sha256(ofContentsOf: folder.url.appending(path: "plain"), maximumBytes: 2)
        }
    }
}
