public import DataFiles
public import Foundation

/// Downloads files over HTTP(S): resumed, bounded, checked by SHA-256, and put in place whole or not at all.
///
/// A file in progress is kept beside its destination as `<name>.partial`; a later attempt, or a later process, goes on
/// from it. The calls block; they may be made from any thread but the main actor of a user interface.
///
/// ```swift
/// let folder = locator.downloadFolder(for: DatasetCatalog.mnist)
/// try Downloader().fetch(DatasetCatalog.mnist, to: folder) { print($0.receivedBytes) }
/// ```
public struct Downloader: Hashable, Sendable {
    /// How far the download of a file is.
    public struct Progress: Hashable, Sendable {
        /// The file's name.
        public let fileName: String
        /// The address from which it comes.
        public let address: URL
        /// The bytes at hand, those of an earlier attempt included.
        public let receivedBytes: Int
        /// The bytes in all, if the server says.
        public let totalBytes: Int?
    }

    /// The seconds within which a server must begin to answer.
    public var connectTimeout: TimeInterval

    /// The seconds within which something more must arrive.
    public var stallTimeout: TimeInterval

    /// How often each mirror is tried when connections break.
    public var attemptsPerMirror: Int

    /// Creates a downloader.
    public init(connectTimeout: TimeInterval = 10, stallTimeout: TimeInterval = 30, attemptsPerMirror: Int = 3) {
        self.connectTimeout = connectTimeout
        self.stallTimeout = stallTimeout
        self.attemptsPerMirror = attemptsPerMirror
    }

    /// Downloads one file, trying the mirrors in turn.
    ///
    /// - Parameters:
    ///   - mirrors: the addresses of the file, the preferred one first.
    ///   - destination: where the file is put; its folder is made. A file with the right contents is left as it is.
    ///   - sha256: the checksum of the *uncompressed* contents. Without it, nothing is checked or resumed.
    ///   - maximumBytes: the largest download accepted.
    ///   - maximumUncompressedBytes: the largest uncompressed size accepted.
    ///   - progress: called now and then on the calling thread.
    /// - Throws: `DataFileError` of kind `network` (each mirror with its reason), `wrongChecksum` or `unwritable`.
    public func fetch(
        from mirrors: [URL], to destination: URL, sha256: String?, maximumBytes: Int,
        maximumUncompressedBytes: Int = IDX.defaultMaximumBytes, progress: ((Progress) -> Void)? = nil
    ) throws {
        let expectation = Expectation(
            sha256: sha256?.lowercased(), maximumBytes: maximumBytes,
            maximumUncompressedBytes: maximumUncompressedBytes)
        if expectation.sha256 != nil, expectation.problem(with: destination) == nil { return }
        let partial = try PartialFile(for: destination)
        defer { partial.close() }
        if expectation.sha256 != nil, partial.size > 0, expectation.problem(with: partial.url) == nil {
            return try partial.moveIntoPlace(destination)
        }

        var problems: [(host: String, problem: TransferProblem)] = []
        for address in mirrors {
            do throws(TransferProblem) {
                try fetch(address, into: partial, expectation, name: destination.lastPathComponent, progress)
            } catch {
                if case .unwritable(let reason) = error { throw PartialFile.unwritable(partial.url, reason) }
                problems.append((address.host() ?? address.absoluteString, error))
                continue
            }
            return try partial.moveIntoPlace(destination)
        }
        throw failure(problems, destination)
    }

    /// Downloads from one address, again while that may help.
    private func fetch(
        _ address: URL, into partial: PartialFile, _ expectation: Expectation, name: String,
        _ progress: ((Progress) -> Void)?
    ) throws(TransferProblem) {
        var remaining = max(1, attemptsPerMirror)
        while true {
            remaining -= 1
            let offset = expectation.sha256 == nil ? 0 : partial.size
            do throws(TransferProblem) {
                let transfer = Transfer(
                    address, into: partial, offset: offset, maximumBytes: expectation.maximumBytes)
                try transfer.run(connectTimeout: connectTimeout, stallTimeout: stallTimeout) { received, total in
                    progress?(
                        Progress(fileName: name, address: address, receivedBytes: received, totalBytes: total))
                }
                if let problem = expectation.problem(with: partial.url) { throw problem }
                return
            } catch {
                if !error.leavesUsefulPartial { partial.discard() }
                // What was resumed may stem from another file; one attempt from the start is then due.
                let isSuspect = offset > 0 && !error.leavesUsefulPartial
                guard error.isWorthRetrying || isSuspect, remaining > 0 else { throw error }
            }
        }
    }

    private func failure(_ problems: [(host: String, problem: TransferProblem)], _ destination: URL) -> DataFileError {
        let reasons = problems.map { "\($0.host) (\($0.problem))" }.joined(separator: ", ")
        let isChecksum = !problems.isEmpty && problems.allSatisfy { $0.problem.isWrongContents }
        let advice =
            isChecksum
            ? "what it served was removed, try again later"
            : "check the network connection, or put the file there by hand"
        return DataFileError(
            isChecksum ? .wrongChecksum : .network,
            "\(destination.path) could not be downloaded from \(reasons.isEmpty ? "anywhere, there is no address" : reasons)"
                + "; \(advice).")
    }
}

/// What a downloaded file must be.
struct Expectation {
    var sha256: String?
    var maximumBytes: Int
    var maximumUncompressedBytes: Int

    /// What is wrong with a complete file, if anything.
    func problem(with url: URL) -> TransferProblem? {
        guard let sha256 else { return nil }
        do {
            let found = try ContentChecksum.sha256(ofContentsOf: url, maximumBytes: maximumUncompressedBytes)
            return found == sha256 ? nil : .wrongContents("SHA-256 is \(found), not \(sha256)")
        } catch let error as DataFileError {
            switch error.kind {
            case .truncated: return .wrongContents("the compressed file stops before its end")
            case .tooLarge: return .wrongContents("it is larger than \(maximumUncompressedBytes) bytes uncompressed")
            default: return .wrongContents("the compressed file does not decode")
            }
        } catch {
            return .wrongContents("it cannot be read")
        }
    }
}
