public import DataFiles
public import Testing

/// The description of the error that a piece of work throws; empty if it throws none.
public func message(_ work: () throws -> Void) -> String {
    do {
        try work()
        return ""
    } catch {
        return "\(error)"
    }
}

/// Expects a failure of a kind whose sentence is one line, ends with a full stop and contains all `fragments`.
public func expectFailure(
    _ kind: DataFileError.Kind, _ fragments: String..., sourceLocation: SourceLocation = #_sourceLocation,
    of body: () throws -> Any
) {
    let error = #expect(throws: DataFileError.self, sourceLocation: sourceLocation) { _ = try body() }
    guard let error else { return }
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    #expect(error.description.hasSuffix("."), sourceLocation: sourceLocation)
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    for fragment in fragments {
        #expect(error.description.contains(fragment), sourceLocation: sourceLocation)
    }
}
