import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct NPYTests {
    /// Files written by NumPy 2.4.6:
    /// `b = io.BytesIO(); numpy.lib.format.write_array(b, ARRAY); base64.b64encode(b.getvalue())`.
    struct Sample: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var shape: [Int]
        var values: [Double]
        var base64: String
        var file: [UInt8] { Data(base64Encoded: base64).map(Array.init) ?? [] }
    }

    @Test func aFileWrittenInPiecesIsThatWrittenAtOnce() throws {
        let folder = try TemporaryFolder()
        let array = NPYArray([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
        let url = folder.url.appending(path: "pieces.npy")
        let writer = try NPYWriter(url, elementType: .float32, shape: [3, 2])
        try writer.append(Array(array.bytes[..<8]))
        #expect(!FileManager.default.fileExists(atPath: url.path))
        try writer.append(Array(array.bytes[8...]))
        try writer.finish()
        #expect(try Array(Data(contentsOf: url)) == NPY.encode(array))
    }

    @Test func aFileGivenUpLeavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let writer = try NPYWriter(
                folder.url.appending(path: "given-up.npy"), elementType: .uint8, shape: [4])
            try writer.append([1])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
        #expect(throws: DataFileError.self) {
            _ = try NPYWriter(URL(filePath: "/nowhere/at/all.npy"), elementType: .uint8, shape: [4])
        }
        #expect(throws: DataFileError.self) {
            _ = try NPYWriter(
                folder.url.appending(path: "huge.npy"), elementType: .float32, shape: [Int.max, 2])
        }
    }

    static let samples = [
        Sample(
            testDescription: "numpy.arange(6, dtype='u1').reshape(2, 3)", shape: [2, 3],
            values: [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIs"
                + "IDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                + "IAoAAQIDBAU="),
        Sample(
            testDescription: "numpy.array([1.5, -2, numpy.inf], '<f4')", shape: [3], values: [1.5, -2.0, .infinity],
            base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMs"
                + "KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                + "IAoAAMA/AAAAwAAAgH8="),
        Sample(
            testDescription: "numpy.array([[0.5], [2.0]], '<f8')", shape: [2, 1], values: [0.5, 2.0],
            base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIs"
                + "IDEpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                + "IAoAAAAAAADgPwAAAAAAAABA"),
        Sample(
            testDescription: "numpy.array([-1, 7], '<i4')", shape: [2], values: [-1.0, 7.0],
            base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIs"
                + "KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                + "IAr/////BwAAAA=="),
        Sample(
            testDescription: "numpy.array([-2**40], '<i8')", shape: [1], values: [-1099511627776.0],
            base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEs"
                + "KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                + "IAoAAAAAAP///w=="),
        Sample(
            testDescription: "numpy.array(3.0, '<f4')", shape: [], values: [3.0],
            base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCks"
                + "IH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                + "IAoAAEBA"),
    ]

    // numpy.lib.format.write_array(b, numpy.arange(2, dtype='u1'), version=(2, 0))
    static let version2 = Sample(
        testDescription: "version 2", shape: [2], values: [0, 1],
        base64: "k05VTVBZAgB0AAAAeydkZXNjcic6ICd8dTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAo"
            + "MiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
            + "IAoAAQ==")

    // numpy.asfortranarray(numpy.arange(6, dtype='u1').reshape(2, 3))
    static let fortran = Sample(
        testDescription: "Fortran order", shape: [2, 3], values: [0, 1, 2, 3, 4, 5],
        base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwg"
            + "MyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
            + "IAoAAwEEAgU=")

    @Test(arguments: samples + [version2, fortran])
    func readsWhatNumPyWrote(sample: Sample) throws {
        let array = try NPY.decode(sample.file, source: "a.npy")
        #expect(array.shape == sample.shape)
        #expect(array.doubles == sample.values)
        #expect(array.floats == sample.values.map { Float($0) })
    }

    @Test(arguments: samples)
    func writesTheVeryBytesThatNumPyWrites(sample: Sample) throws {
        let array = try NPY.decode(sample.file, source: "a.npy")
        #expect(NPY.encode(array) == sample.file)
    }

    @Test func readsWhatItWrote() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "a.npy")
        for array in [
            NPYArray([1, 2, 3, 4] as [UInt8], shape: [2, 2]), NPYArray([-5] as [Int32]), NPYArray([.min] as [Int64]),
            NPYArray([Float.nan, -0.0]), NPYArray([Double.pi]), NPYArray([] as [Float], shape: [0, 3]),
        ] {
            try NPY.write(array, to: url)
            #expect(try NPY.read(url) == array)
        }
    }

    @Test func convertsIntegers() {
        #expect(NPYArray([-7, 8] as [Int64]).integers == [-7, 8])
        #expect(NPYArray([-7] as [Int32]).integers == [-7])
        #expect(NPYArray([200] as [UInt8]).integers == [200])
        #expect(NPYArray([1.5] as [Float]).integers == nil)
    }

    static func file(_ header: String, payload: Int = 0, version: UInt8 = 1) -> [UInt8] {
        let size = header.utf8.count
        let length = [UInt8(size & 0xFF), UInt8(size >> 8 & 0xFF)] + (version == 1 ? [] : [0, 0])
        return NPY.magic + [version, 0] + length + Array(header.utf8) + noise(payload)
    }

    static func header(_ descriptor: String = "|u1", shape: String, order: String = "False") -> String {
        "{'descr': '\(descriptor)', 'fortran_order': \(order), 'shape': \(shape), }"
    }

    @Test func acceptsKeysInAnyOrderAndDoubleQuotes() throws {
        let file = Self.file("{\"shape\":(2,),\"descr\":\"|u1\",\"fortran_order\":True}\n", payload: 2)
        #expect(try NPY.decode(file, source: "a").shape == [2])
    }

    @Test(arguments: [
        "", "{", "{}", "[]", "{'descr': '|u1'}", "{'shape': (1,), 'shape': (1,)}", "{'descr': 7}",
        "{'evil': '__import__'}", header(shape: "(-1,)"), header(shape: "(1"), header(shape: "(99999999999999999999,)"),
        header(shape: "(1 2)"),
        header(shape: "(1,)", order: "Maybe"), header(shape: "(1,)") + "x",
        header(shape: "(" + String(repeating: "1,", count: 100) + ")"),
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
    ])
    func refusesAHostileHeader(header: String) {
        expectFailure(.damaged, "bad.npy") { try NPY.decode(Self.file(header, payload: 1), source: "bad.npy") }
    }

    @Test func refusesAnEnormousHeader() {
        let file = NPY.magic + [2, 0, 0xFF, 0xFF, 0xFF, 0x7F] + noise(100)
        expectFailure(.damaged, "2147483647") { try NPY.decode(file, source: "bad.npy") }
    }

    @Test(arguments: [">f4", "<U8", "|O", "<c8", "|b1"])
    func refusesAnotherElementType(descriptor: String) {
        let file = Self.file(Self.header(descriptor, shape: "(1,)"), payload: 8)
        expectFailure(.unsupported, "bad.npy", descriptor) { try NPY.decode(file, source: "bad.npy") }
    }

    @Test func readsFortranOrderOfThreeDimensions() throws {
        // numpy.arange(24).reshape(2, 3, 4).tobytes(order='F')
        let payload: [UInt8] = [
            0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23,
        ]
        let file = Self.file(Self.header(shape: "(2, 3, 4)", order: "True")) + payload
        #expect(try NPY.decode(file, source: "a").bytes == Array(0..<24))
        let empty = Self.file(Self.header(shape: "(0, 4611686018427387904, 4)", order: "True"))
        #expect(throws: Never.self) { _ = try? NPY.decode(empty, source: "a") }
    }

    @Test func readsHalfPrecision() throws {
        // numpy.array([0, -0.0, 1, -2, 65504, 2**-24, 2**-14, inf, 0.1], dtype='<f2').tobytes()
        let bits: [UInt16] = [0, 0x8000, 0x3C00, 0xC000, 0x7BFF, 1, 0x0400, 0x7C00, 0x2E66]
        let bytes = bits.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let array = NPYArray(elementType: .float16, shape: [9], bytes: bytes)
        #expect(array.floats == [0, 0, 1, -2, 65504, 0x1p-24, 0x1p-14, .infinity, 0.099975586])
        #expect(array.doubles == array.floats.map { Double($0) } && array.integers == nil)
        #expect(NPYArray(elementType: .float16, shape: [1], bytes: [0, 0x7E]).floats[0].isNaN)
    }

    @Test func refusesAnUnknownVersion() {
        expectFailure(.unsupported, "version 9") {
            try NPY.decode(Self.file(Self.header(shape: "(1,)"), payload: 1, version: 9), source: "a.npy")
        }
    }

    @Test func refusesWrongMagic() {
        expectFailure(.wrongMagic, "a.npy") { try NPY.decode([1, 2, 3], source: "a.npy") }
        expectFailure(.wrongMagic, "a.npy") { try NPY.decode([], source: "a.npy") }
    }

    @Test func refusesEveryTruncation() throws {
        let file = try #require(Self.samples.first).file
        for count in 1..<file.count {
            expectFailure(.truncated, "a.npy", "truncated") { try NPY.decode(Array(file[..<count]), source: "a.npy") }
        }
    }

    @Test func refusesTrailingBytes() throws {
        let file = try #require(Self.samples.first).file + [0]
        expectFailure(.oversized, "(2, 3)", "6 bytes", "holds 7") { try NPY.decode(file, source: "a.npy") }
    }

    @Test func refusesShapesThatNoMemoryHolds() {
        let file = Self.file(Self.header("<f8", shape: "(9223372036854775807, 2)"), payload: 8)
        expectFailure(.tooLarge, "9223372036854775807") { try NPY.decode(file, source: "a.npy") }
        let zero = Self.file(Self.header("<f8", shape: "(9223372036854775807, 9, 0)"), payload: 8)
        expectFailure(.oversized, "takes 0 bytes") { try NPY.decode(zero, source: "a.npy") }
    }

    @Test func refusesAFileAboveTheLimit() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write(#require(Self.samples.first).file, "a.npy")
        expectFailure(.tooLarge, url.path, "100 bytes") { try NPY.read(url, maximumBytes: 100) }
    }
}
