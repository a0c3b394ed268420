import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct IDXTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    static func bytes(type: UInt8 = 8, _ dimensions: [UInt32], payload: Int) -> [UInt8] {
        [0, 0, type, UInt8(dimensions.count)]
            + dimensions.flatMap { value in withUnsafeBytes(of: value.bigEndian) { Array($0) } } + noise(payload)
    }

    @Test(arguments: IDXArray.ElementType.allCases, ["a.idx", "a.idx.gz"])
    func readsWhatItWrote(type: IDXArray.ElementType, name: String) throws {
        let array = IDXArray(elementType: type, dimensions: [3, 2, 5], bytes: noise(30 * type.size))
        let url = folder.url.appending(path: name)
        try IDX.write(array, to: url)
        #expect(try Gzip.isCompressed(Data(contentsOf: url)) == name.hasSuffix(".gz"))
        #expect(try IDX.read(url) == array)
    }

    @Test func tellsGzipByContentsNotByName() throws {
        let bytes = Self.bytes([2, 2], payload: 4)
        #expect(try IDX.read(folder.write(bytes, "plain.gz")).dimensions == [2, 2])
        #expect(try IDX.read(folder.write(Gzip.compress(bytes), "packed")).dimensions == [2, 2])
    }

    @Test func readsNumbersBigEndian() throws {
        let file: [UInt8] = [0, 0, 0x0B, 1, 0, 0, 0, 2, 0x01, 0x00, 0xFF, 0xFE]
        #expect(try IDX.decode(file, source: "a").doubles == [256, -2])
        let float: [UInt8] = [0, 0, 0x0D, 1, 0, 0, 0, 1, 0xC0, 0x20, 0, 0]
        #expect(try IDX.decode(float, source: "a").doubles == [-2.5])
        let signed: [UInt8] = [0, 0, 0x09, 1, 0, 0, 0, 1, 0x80]
        #expect(try IDX.decode(signed, source: "a").doubles == [-128])
    }

    @Test(arguments: [[0x89, 0x50, 0x4E, 0x47, 1], [0x50], [0, 1, 8, 3, 0, 0], [0, 0, 8, 0]] as [[UInt8]])
    func refusesAWrongMagicNumber(bytes: [UInt8]) throws {
        let url = try folder.write(bytes, "odd")
        expectFailure(.wrongMagic, url.path, "not an IDX file") { try IDX.read(url) }
    }

    @Test func refusesAnUnknownElementType() throws {
        let url = try folder.write(Self.bytes(type: 0x0A, [1], payload: 1), "odd")
        expectFailure(.unsupported, url.path, "0A") { try IDX.read(url) }
    }

    @Test(arguments: [true, false])
    func refusesTruncation(packed: Bool) throws {
        let bytes = Self.bytes([10, 4, 5], payload: 199)
        let url = try folder.write(packed ? Gzip.compress(bytes) : bytes, "short")
        expectFailure(.truncated, url.path, "10 × 4 × 5", "216", "215") { try IDX.read(url) }
    }

    @Test(arguments: [0, 1, 3, 4, 9])
    func refusesATruncatedHeader(kept: Int) throws {
        let url = try folder.write(Array(Self.bytes([1, 1], payload: 1)[..<kept]), "short")
        expectFailure(.truncated, url.path, "holds \(kept) bytes") { try IDX.read(url) }
    }

    @Test(arguments: [true, false], [1, 3_000_000])
    func refusesTrailingBytes(packed: Bool, excess: Int) throws {
        let bytes = Self.bytes([10, 4, 5], payload: 200) + [UInt8](repeating: 1, count: excess)
        let url = try folder.write(packed ? Gzip.compress(bytes) : bytes, "long")
        expectFailure(.oversized, url.path, "oversized", "216", "\(216 + excess)") { try IDX.read(url) }
    }

    @Test func stopsCountingTheExcessOfABomb() throws {
        let bytes = Self.bytes([1], payload: 1) + [UInt8](repeating: 0, count: 70_000_000)
        let url = try folder.write(Gzip.compress(bytes, level: 1), "bomb")
        expectFailure(.oversized, "more than") { try IDX.read(url) }
    }

    @Test(arguments: [[0, 28, 28], [5, 0, 28], [.max, 0, .max, .max]] as [[UInt32]])
    func refusesZeroImages(dimensions: [UInt32]) throws {
        let url = try folder.write(Self.bytes(dimensions, payload: 0), "empty")
        expectFailure(.empty, url.path, "no image") { try IDX.read(url) }
    }

    @Test func refusesADeclaredSizeThatNoMemoryHolds() throws {
        let url = try folder.write(Self.bytes([.max, .max, .max], payload: 10), "huge")
        expectFailure(.tooLarge, url.path, "4294967295 × 4294967295") { try IDX.read(url) }
    }

    @Test func refusesADeclaredSizeAboveTheLimit() throws {
        let url = try folder.write(Self.bytes([1000, 1000], payload: 10), "large")
        expectFailure(.tooLarge, url.path, "1000000 bytes", "5000") { try IDX.read(url, maximumBytes: 5000) }
    }

    @Test func doesNotAllocateWhatIsOnlyDeclared() throws {
        // 4 TiB declared: believing it would end the process.
        let url = try folder.write(Self.bytes([1 << 21, 1 << 21], payload: 10), "liar")
        expectFailure(.truncated, "4398046511116", "22") { try IDX.read(url, maximumBytes: .max) }
    }

    @Test func saysWhyItCannotWrite() throws {
        let array = IDXArray(dimensions: [1], bytes: [1])
        let url = folder.url.appending(path: "no/such/folder/a")
        expectFailure(.unwritable, url.path, "no such file or") { try IDX.write(array, to: url) }
    }
}

@Suite struct IDXImagesTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func readsImagesWithLabels() throws {
        let images = try folder.write(IDXTests.bytes([3, 2, 4], payload: 24), "images")
        let labels = try folder.write([0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9], "labels")
        let array = try IDXImages.read(images: images, labels: labels)
        #expect((array.count, array.channels, array.height, array.width) == (3, 1, 2, 4))
        #expect(array.labels == [7, 0, 9])
        #expect(Array(array[1]) == Array(noise(24)[8..<16]))
        let first = array.prefix(2)
        #expect(first.count == 2 && first.labels == [7, 0] && first.pixels == Array(noise(16)))
    }

    @Test func readsChannels() throws {
        let images = try folder.write(IDXTests.bytes([2, 3, 2, 4], payload: 48), "images")
        let array = try IDXImages.read(images: images)
        #expect((array.count, array.channels, array.height, array.width) == (2, 3, 2, 4))
        #expect(array.labels == nil)
    }

    @Test func readsLabelsOfWiderTypes() throws {
        let images = try folder.write(IDXTests.bytes([1, 1, 1], payload: 1), "images")
        let labels = try folder.write([0, 0, 0x0C, 1, 0, 0, 0, 1, 0, 0, 3, 231], "labels")
        #expect(try IDXImages.read(images: images, labels: labels).labels == [999])
    }

    @Test func refusesAnotherNumberOfLabels() throws {
        let images = try folder.write(IDXTests.bytes([3, 2, 4], payload: 24), "images")
        let labels = try folder.write(IDXTests.bytes([2], payload: 2), "labels")
        expectFailure(.mismatched, images.path, labels.path, "2 labels", "3 images") {
            try IDXImages.read(images: images, labels: labels)
        }
    }

    @Test func refusesSwappedFiles() throws {
        let images = try folder.write(IDXTests.bytes([3, 2, 4], payload: 24), "images")
        let labels = try folder.write(IDXTests.bytes([3], payload: 3), "labels")
        expectFailure(.unsupported, labels.path, "not hold images") {
            try IDXImages.read(images: labels, labels: images)
        }
        expectFailure(.unsupported, images.path, "not hold labels") {
            try IDXImages.read(images: images, labels: images)
        }
    }

    @Test func refusesFloatingPointImagesAndLabels() throws {
        let floats = try folder.write(IDXTests.bytes(type: 0x0D, [1, 1, 1], payload: 4), "floats")
        expectFailure(.unsupported, "float32") { try IDXImages.read(images: floats) }
        let images = try folder.write(IDXTests.bytes([1, 1, 1], payload: 1), "images")
        let labels = try folder.write(IDXTests.bytes(type: 0x0D, [1], payload: 4), "labels")
        expectFailure(.unsupported, "float32") { try IDXImages.read(images: images, labels: labels) }
    }
}
