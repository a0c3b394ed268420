import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct NPZTests {
    /// numpy.savez(b, images=numpy.arange(4, dtype='u1'), labels=numpy.array([7], '<i8')), NumPy 2.4.6
    static let stored = bytes(
        "UEsDBC0AAAAAAAAAIQAkA95Y//////////8KABQAaW1hZ2VzLm5weQEAEACEAAAAAAAAAIQAAAAAAAAAk05V"
            + "TVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsKSwg"
            + "fSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoA"
            + "AQIDUEsDBC0AAAAAAAAAIQC5k3uY//////////8KABQAbGFiZWxzLm5weQEAEACIAAAAAAAAAIgAAAAAAAAA"
            + "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEs"
            + "KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
            + "IAoHAAAAAAAAAFBLAQItAy0AAAAAAAAAIQAkA95YhAAAAIQAAAAKAAAAAAAAAAAAAACAAQAAAABpbWFnZXMu"
            + "bnB5UEsBAi0DLQAAAAAAAAAhALmTe5iIAAAAiAAAAAoAAAAAAAAAAAAAAIABwAAAAGxhYmVscy5ucHlQSwUG"
            + "AAAAAAIAAgBwAAAAhAEAAAAA")

    /// numpy.savez_compressed(b, …) of the same
    static let deflated = bytes(
        "UEsDBC0AAAAIAAAAIQAkA95Y//////////8KABQAaW1hZ2VzLm5weQEAEACEAAAAAAAAAEgAAAAAAAAAm+wX"
            + "6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjqaOgq1ChQA"
            + "LgZGJmYAUEsDBC0AAAAIAAAAIQC5k3uY//////////8KABQAbGFiZWxzLm5weQEAEACIAAAAAAAAAEgAAAAA"
            + "AAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjqa"
            + "Ogq1ChQALnYGCAAAUEsBAi0DLQAAAAgAAAAhACQD3lhIAAAAhAAAAAoAAAAAAAAAAAAAAIABAAAAAGltYWdl"
            + "cy5ucHlQSwECLQMtAAAACAAAACEAuZN7mEgAAACIAAAACgAAAAAAAAAAAAAAgAGEAAAAbGFiZWxzLm5weVBL"
            + "BQYAAAAAAgACAHAAAAAIAQAAAAA=")

    static let arrays = ["images": NPYArray([0, 1, 2, 3] as [UInt8]), "labels": NPYArray([7] as [Int64])]

    static func bytes(_ base64: String) -> [UInt8] {
        Data(base64Encoded: base64).map(Array.init) ?? []
    }

    @Test(arguments: [stored, deflated])
    func readsWhatNumPyWrote(file: [UInt8]) throws {
        #expect(try NPZ.decode(file, source: "a.npz") == Self.arrays)
    }

    @Test func readsWhatItWrote() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "a.npz")
        try NPZ.write(Self.arrays, to: url)
        #expect(try NPZ.read(url) == Self.arrays)
        try NPZ.write([:], to: url)
        #expect(try NPZ.read(url).isEmpty)
        expectFailure(.wrongMagic, "b.npz") { try NPZ.read(folder.write([1, 2, 3], "b.npz")) }
    }

    @Test func readsAnArchiveWithAComment() throws {
        var file = Self.stored
        file[file.count - 2] = 3
        #expect(try NPZ.decode(file + [1, 2, 3], source: "a.npz") == Self.arrays)
    }

    @Test(arguments: [stored, deflated])
    func refusesEveryTruncation(file: [UInt8]) {
        for count in 0..<file.count {
            #expect(throws: DataFileError.self) { try NPZ.decode(Array(file[..<count]), source: "a.npz") }
        }
    }

    @Test(arguments: [stored, deflated])
    func survivesEveryDamagedByte(file: [UInt8]) throws {
        // Whatever is damaged is refused or harmless (dates, flags); nothing traps, and no contents change unnoticed.
        for position in file.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = file
                damaged[position] ^= mask
                do {
                    let arrays = try NPZ.decode(damaged, source: "a.npz")
                    #expect(arrays.values.allSatisfy(Self.arrays.values.contains))
                } catch {
                    #expect(error is DataFileError)
                }
            }
        }
    }

    @Test func refusesContentsThatDoNotMatchTheirChecksum() throws {
        var file = try NPZ.encode(["a": NPYArray([1, 2, 3] as [UInt8])])
        let position = try #require(file.firstRange(of: [1, 2, 3] as [UInt8])).lowerBound
        file[position] = 9
        expectFailure(.damaged, "a.npy") { try NPZ.decode(file, source: "a.npz") }
    }

    @Test func boundsTheSumOfAllArrays() throws {
        let arrays = ["a": NPYArray(noise(1000)), "b": NPYArray(noise(1000))]
        let file = try NPZ.encode(arrays)
        #expect(try NPZ.decode(file, source: "a.npz", maximumBytes: 2256) == arrays)
        expectFailure(.tooLarge) { try NPZ.decode(file, source: "a.npz", maximumBytes: 2255) }
    }

    @Test func refusesZip64AndEncryption() throws {
        var file = Self.stored
        file.replaceSubrange(file.count - 6..<file.count - 2, with: [0xFF, 0xFF, 0xFF, 0xFF])
        expectFailure(.unsupported, "zip64") { try NPZ.decode(file, source: "a.npz") }
        file = Self.stored
        let directory = try #require(file.firstRange(of: [0x50, 0x4B, 1, 2] as [UInt8])).lowerBound
        file[directory + 8] |= 1
        expectFailure(.unsupported, "encrypted") { try NPZ.decode(file, source: "a.npz") }
    }

    @Test func refusesAnotherCompression() throws {
        var file = Self.stored
        let directory = try #require(file.firstRange(of: [0x50, 0x4B, 1, 2] as [UInt8])).lowerBound
        file[directory + 10] = 12
        expectFailure(.unsupported, "method 12") { try NPZ.decode(file, source: "a.npz") }
    }
}
