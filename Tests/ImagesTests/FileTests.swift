import Foundation
import Images
import Testing

/// Each test works in a folder of its own, which goes with it.
final class FileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    @discardableResult
    private func put(_ bytes: [UInt8], _ path: String) throws -> URL {
        let url = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url
    }

    @Test func theBytesDecideNotTheName() throws {
        #expect(try ImageFile.read(put(Fixtures.grayJPEG, "a.png")).width == 16)
        #expect(try ImageFile.read(put(Fixtures.grayPNG, "b.jpeg")).width == 3)
    }

    @Test func aWrittenFileIsReadAgainAndReplaced() throws {
        let url = folder.appendingPathComponent("image.png")
        for width in [4, 9] {
            let image = try Fixtures.pattern(width, 3, 3)
            try ImageFile.write(png: image, to: url)
            #expect(try ImageFile.read(url) == image)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["image.png"])
    }

    @Test(arguments: [[], [0x89], Array("hello".utf8), PNG.signature, JPEG.signature] as [[UInt8]])
    func errorsNameTheFile(bytes: [UInt8]) throws {
        let url = try put(bytes, "broken.png")
        let error = #expect(throws: ImageError.self) { try ImageFile.read(url) }
        #expect(error?.description.hasPrefix(url.path) == true)
        #expect(error?.description.hasSuffix(".") == true)
    }

    @Test func missingFilesAndFoldersAreErrors() throws {
        #expect(throws: ImageError.self) { try ImageFile.read(folder.appendingPathComponent("none.png")) }
        #expect(throws: ImageError.self) { try ImageFile.read(folder) }
        #expect(throws: ImageError.self) { try ImageFolder.list(folder.appendingPathComponent("none")) }
        let image = try Fixtures.pattern(2, 2, 1)
        let url = folder.appendingPathComponent("none/image.png")
        let error = #expect(throws: ImageError.self) { try ImageFile.write(png: image, to: url) }
        #expect(error?.description.contains(url.path) == true)
    }

    @Test func devicesAreNotRead() {
        #expect(throws: ImageError.self) { try ImageFile.read(URL(fileURLWithPath: "/dev/zero")) }
    }

    @Test func theListIsSortedAndSkipsWhatIsHidden() throws {
        for path in [
            "b/2.PNG", "b/1.jpg", "a.JPEG", "notes.txt", ".hidden.png", ".cache/x.png", "b/deep/er/0.png",
            "c.png/4.jpg",
        ] { try put([], path) }
        #expect(try relativePaths() == ["a.JPEG", "b/1.jpg", "b/2.PNG", "b/deep/er/0.png", "c.png/4.jpg"])
    }

    @Test func linksAreFollowedAndCyclesEnd() throws {
        try put([], "real/1.png")
        let manager = FileManager.default
        try manager.createSymbolicLink(
            at: folder.appendingPathComponent("real/loop"), withDestinationURL: folder)
        try manager.createSymbolicLink(
            at: folder.appendingPathComponent("nowhere.png"),
            withDestinationURL: folder.appendingPathComponent("missing"))
        try manager.createSymbolicLink(
            at: folder.appendingPathComponent("zlink.png"),
            withDestinationURL: folder.appendingPathComponent("real/1.png"))
        #expect(try relativePaths() == ["real/1.png", "zlink.png"])
    }

    @Test func aFolderWithoutImagesIsAnError() throws {
        try put([], "notes.txt")
        #expect(throws: ImageError.inFile(path: folder.path, .noImages)) { try ImageFolder.list(folder) }
    }

    private func relativePaths() throws -> [String] {
        try ImageFolder.list(folder).map { String($0.path.dropFirst(folder.path.count + 1)) }
    }
}
