internal import CTorch

/// A failure reported by LibTorch or by this binding.
public struct TorchError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure it was.
    public enum Kind: Sendable, Equatable {
        /// Shapes, types or values that do not go together.
        case invalidOperation
        /// The device or the machine has no memory left for a tensor.
        case outOfMemory
        /// LibTorch is not set up, or not for this version of Equipoise.
        case libraryMissing
        /// A device that this machine, or this build of LibTorch, does not have.
        case deviceUnavailable
        /// A file that is not what it should be.
        case malformedFile
        /// A file that could not be written or read: a full disk, a missing permission.
        case fileSystem
    }

    public let kind: Kind
    /// One plain sentence.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

/// Throws the error that a function of the C ABI has left behind, if its status says that it failed.
@inline(__always)
func check(_ status: ct_status) throws(TorchError) {
    if status != CT_OK { throw lastError(status) }
}

@inline(never)
private func lastError(_ status: ct_status) -> TorchError {
    // LibTorch's messages carry explanations over several lines; the first says what happened.
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
