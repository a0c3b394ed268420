import DatasetFiles
import Foundation
import Testing

/// A folder that goes when the test is over.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "equipoise-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    @discardableResult
    func write(_ bytes: [UInt8], _ name: String) throws -> URL {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }
}

/// Expects a failure of a kind whose sentence is one line, ends with a full stop and contains all `fragments`.
func expectFailure(
    _ kind: DatasetFileError.Kind, _ fragments: String..., sourceLocation: SourceLocation = #_sourceLocation,
    of body: () throws -> Any
) {
    let error = #expect(throws: DatasetFileError.self, sourceLocation: sourceLocation) { _ = try body() }
    guard let error else { return }
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    #expect(error.description.hasSuffix("."), sourceLocation: sourceLocation)
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    for fragment in fragments {
        #expect(error.description.contains(fragment), sourceLocation: sourceLocation)
    }
}

/// Numbers that compress badly and are the same in every run.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}
