import DataFiles
public import Foundation

/// What verification found for one file.
public struct DatasetFileReport: Hashable, Sendable {
    /// The outcome for the file.
    public enum Status: Hashable, Sendable {
        /// Present, well formed, and with the known contents.
        case valid
        /// Not there.
        case missing
        /// Not readable as an IDX file; the sentence says why.
        case malformed(String)
        /// A well-formed file of other dimensions.
        case wrongDimensions(found: [Int])
        /// The right dimensions and other contents.
        case wrongChecksum(found: String)
    }

    /// The file as it should be.
    public let file: DatasetFile

    /// Where it is, if it is there.
    public let url: URL?

    /// The outcome.
    public let status: Status

    /// One line for people.
    public var summary: String {
        let name = url?.path ?? file.downloadName
        let expected = file.dimensions.map(String.init).joined(separator: " × ")
        switch status {
        case .valid: return "\(name): valid, \(expected), SHA-256 \(file.sha256)"
        case .missing: return "\(name): missing"
        case .malformed(let reason): return reason
        case .wrongDimensions(let found):
            return "\(name): holds \(found.map(String.init).joined(separator: " × ")) elements, not \(expected)"
        case .wrongChecksum(let found): return "\(name): SHA-256 is \(found), not \(file.sha256)"
        }
    }
}

/// What verification found for named data.
public struct DatasetReport: Hashable, Sendable {
    /// The data.
    public let dataset: NamedDataset

    /// The folder that was verified.
    public let folder: URL

    /// One report for each of the data's files, in order.
    public let files: [DatasetFileReport]

    /// Whether each file is valid.
    public var isValid: Bool { files.allSatisfy { $0.status == .valid } }
}

/// Checks that the files of named data are there and hold what is known of them.
public enum DatasetVerifier {
    /// Reads and checks each file; what is wrong is reported, not thrown.
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
                return .malformed("\(url.path): holds elements of \(array.elementType), not of uint8")
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
