public import DataFiles
public import Foundation

/// Downloads files over HTTP(S) with resumption, size limits and SHA-256 verification. A file appears only when
/// complete.
///
/// An unfinished download is kept beside its destination as `<name>.partial`; a later attempt, or a later process,
/// resumes from it. The calls block; make them from any thread except a user interface's main actor.
///
/// ```swift
/// let folder = locator.downloadFolder(for: DatasetCatalog.mnist)
/// try Downloader().fetch(DatasetCatalog.mnist, to: folder) { print($0.receivedBytes) }
/// ```
public struct Downloader: Hashable, Sendable {
    /// The progress of one file's download.
    public struct Progress: Hashable, Sendable {
        /// The name of the file.
        public let fileName: String
        /// The address it is downloaded from.
        public let address: URL
        /// The bytes received so far, including those of earlier attempts.
        public let receivedBytes: Int
        /// The total number of bytes, if the server reports it.
        public let totalBytes: Int?
    }

    /// The time in seconds within which a server must start to respond.
    public var connectTimeout: TimeInterval

    /// The longest time in seconds without new data before a transfer fails.
    public var stallTimeout: TimeInterval

    /// The number of attempts per mirror when connections break.
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
    ///   - destination: where the file is saved; its folder is created. A file with the right contents is not
    ///     downloaded again.
    ///   - sha256: the checksum of the *uncompressed* contents. Without it, nothing is verified or resumed.
    ///   - maximumBytes: the largest download accepted.
    ///   - maximumUncompressedBytes: the largest uncompressed size accepted.
    ///   - progress: called periodically on the calling thread.
    /// - Throws: `DataFileError` of kind `network` (with the reason for each mirror), `wrongChecksum` or `unwritable`.
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

    /// Downloads from one address, retrying while that may help.
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
                // The resumed part may come from a different file, so allow one attempt from the start.
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
            ? "the downloaded data was deleted; try again later"
            : "check the network connection, or copy the file there manually"
        return DataFileError(
            isChecksum ? .wrongChecksum : .network,
            "\(destination.path) could not be downloaded from \(reasons.isEmpty ? "anywhere, there is no address" : reasons)"
                + "; \(advice).")
    }
}

/// The requirements for a downloaded file.
struct Expectation {
    var sha256: String?
    var maximumBytes: Int
    var maximumUncompressedBytes: Int

    /// Returns the problem with a complete file, if there is one.
    func problem(with url: URL) -> TransferProblem? {
        guard let sha256 else { return nil }
        do {
            let found = try ContentChecksum.sha256(ofContentsOf: url, maximumBytes: maximumUncompressedBytes)
            return found == sha256 ? nil : .wrongContents("SHA-256 is \(found), expected \(sha256)")
        } catch let error as DataFileError {
            switch error.kind {
            case .truncated: return .wrongContents("the compressed file ends early")
            case .tooLarge: return .wrongContents("it is larger than \(maximumUncompressedBytes) bytes uncompressed")
            default: return .wrongContents("the compressed file cannot be decoded")
            }
        } catch {
            return .wrongContents("it cannot be read")
        }
    }
}
