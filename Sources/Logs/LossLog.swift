public import Foundation

/// The series that another program has logged, by the names that it gave them.
public struct LossLog: Sendable {
    /// The values of each column, in the order of steps.
    public var columns: [String: [(step: Int, value: Double)]]
    /// The columns' names as they stand in the file.
    public var names: [String]
    /// What is odd about the file but does not keep it from being read.
    public var warnings: [String] = []

    public init(names: [String], columns: [String: [(step: Int, value: Double)]], warnings: [String] = []) {
        self.names = names
        self.columns = columns
        self.warnings = warnings
    }

    /// The largest file that is read.
    static let maximumBytes = 1 << 30

    /// Reads a CSV file, a TensorBoard event file, or a folder of event files.
    ///
    /// - Throws: ``LogError``.
    public init(contentsOf url: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw LogError("There is no file or folder \(url.path).")
        }
        if isFolder.boolValue {
            self = try EventFile.read(folder: url)
        } else if url.lastPathComponent.contains("tfevents") {
            self = try EventFile.read([url])
        } else {
            self = try CSVFile.read(url)
        }
    }

    /// The bytes of a file, if it is not too large.
    static func bytes(of url: URL) throws -> Data {
        let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int) ?? 0
        guard size <= maximumBytes else {
            throw LogError("\(url.path) is larger than 1 GB, which no log of losses is.")
        }
        do {
            return try Data(contentsOf: url)
        } catch {
            throw LogError("\(url.path) cannot be read; check its permissions.")
        }
    }
}

/// What is wrong with a log, as one plain sentence.
public struct LogError: Error, CustomStringConvertible, Equatable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
