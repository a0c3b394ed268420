internal import CTorch

/// A failure reported by LibTorch or by this binding.
public struct TorchError: Error, Equatable, CustomStringConvertible {
    /// The kind of failure.
    public enum Kind: Sendable, Equatable {
        /// Incompatible shapes, types or values.
        case invalidOperation
        /// The device or the host ran out of memory.
        case outOfMemory
        /// LibTorch is not set up, or is set up only for another version of Equipoise.
        case libraryMissing
        /// This machine does not have the device, or this build of LibTorch does not support it.
        case deviceUnavailable
        /// A file does not have the expected format or contents.
        case malformedFile
        /// A file could not be read or written, for example because the disk is full or a permission is missing.
        case fileSystem
    }

    public let kind: Kind
    /// The error message, usually one sentence.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

/// Throws the C ABI's last error if the status reports a failure.
@inline(__always)
func check(_ status: ct_status) throws(TorchError) {
    if status != CT_OK { throw lastError(status) }
}

@inline(never)
private func lastError(_ status: ct_status) -> TorchError {
    if case .failure(let missing) = LibTorch.loaded { return missing }
    // LibTorch's messages span several lines with explanations; the first line says what happened.
    let message = String(cString: torch.last_error())
    let sentence = message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? message
    guard status == CT_OUT_OF_MEMORY else { return TorchError(.invalidOperation, sentence) }
    let bytes = message.firstMatch(of: /allocate (\d+) bytes|allocate ([\d.]+ [KMGT]iB)/)
    let amount = bytes.flatMap { $0.1.map { "\($0) bytes" } ?? $0.2.map(String.init) }
    return TorchError(
        .outOfMemory,
        "There is not enough memory\(amount.map { " for another \($0)" } ?? ""); use smaller batches, narrower networks or fewer examples."
    )
}
