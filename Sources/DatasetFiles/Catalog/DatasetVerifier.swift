import DataFiles
public import Foundation

/// The result of verifying one file.
public struct DatasetFileReport: Hashable, Sendable {
    /// The outcome for the file.
    public enum Status: Hashable, Sendable {
        /// The file exists, is well formed and has the expected contents.
        case valid
        /// The file does not exist.
        case missing
        /// The file cannot be read as IDX; the message says why.
        case malformed(String)
        /// The file is well formed but has other dimensions.
        case wrongDimensions(found: [Int])
        /// The dimensions are right but the contents differ.
        case wrongChecksum(found: String)
    }

    /// The expected file.
    public let file: DatasetFile

    /// The location of the file, if it exists.
    public let url: URL?

    /// The outcome.
    public let status: Status

    /// The result as one line of text.
    public var summary: String {
        let name = url?.path ?? file.downloadName
        let expected = file.dimensions.map(String.init).joined(separator: " × ")
        switch status {
        case .valid: return "\(name): valid, \(expected), SHA-256 \(file.sha256)"
        case .missing: return "\(name): missing"
        case .malformed(let reason): return reason
        case .wrongDimensions(let found):
            return "\(name): holds \(found.map(String.init).joined(separator: " × ")) elements, expected \(expected)"
        case .wrongChecksum(let found): return "\(name): SHA-256 is \(found), expected \(file.sha256)"
        }
    }
}

/// The result of verifying a named dataset.
public struct DatasetReport: Hashable, Sendable {
    /// The dataset.
    public let dataset: NamedDataset

    /// The folder that was verified.
    public let folder: URL

    /// One report per file of the dataset, in order.
    public let files: [DatasetFileReport]

    /// Whether every file is valid.
    public var isValid: Bool { files.allSatisfy { $0.status == .valid } }
}

/// Checks that the files of a named dataset exist and have the expected contents.
public enum DatasetVerifier {
    /// Reads and checks every file; problems are reported, not thrown.
    public static func verify(_ located: LocatedDataset) -> DatasetReport {
        DatasetReport(
            dataset: located.dataset, folder: located.folder,
            files: located.dataset.files.map { verify($0, at: located.files[$0]) })
    }

    /// Checks one file.
    public static func verify(_ file: DatasetFile, at url: URL?) -> DatasetFileReport {
        guard let url else { return DatasetFileReport(file: file, url: nil, status: .missing) }
        return DatasetFileReport(file: file, url: url, status: status(file, url))
    }

    private static func status(_ file: DatasetFile, _ url: URL) -> DatasetFileReport.Status {
        do {
            let array = try IDX.read(url, maximumBytes: max(file.uncompressedSize, 1 << 28))
            guard array.elementType == .uint8 else {
                return .malformed("\(url.path): holds elements of type \(array.elementType), expected uint8")
            }
            guard array.dimensions == file.dimensions else {
                return .wrongDimensions(found: array.dimensions)
            }
            let sum = ContentChecksum.sha256(IDX.encode(array))
            return sum == file.sha256 ? .valid : .wrongChecksum(found: sum)
        } catch let error as DataFileError where error.kind == .notFound {
            return .missing
        } catch {
            return .malformed("\(error)")
        }
    }
}
