import DataFiles
import Foundation

/// Reads losses that NumPy saved: a series or a matrix in an `.npy` file, or named series in an `.npz` file.
enum ArrayLog {
    private static let zipMagic = Array("PK\u{3}\u{4}".utf8)
    /// A matrix with more columns than this does not hold losses.
    private static let mostColumns = 64
    /// A matrix with at most this many rows, and many more columns, has a series in each row.
    private static let mostSeries = 8
    /// The maximum size of losses; arrays of images may be much larger.
    private static let maximumBytes = 1 << 26

    /// - Returns: `nil` if the bytes are neither format.
    /// - Throws: ``LogError`` if they are one of them, but hold no series.
    static func read(_ data: Data, _ url: URL) throws -> LogTable? {
        do {
            let isArray = data.starts(with: NPY.magic)
            guard isArray || (data.starts(with: zipMagic) && url.pathExtension.lowercased() == "npz") else {
                return nil
            }
            guard data.count <= maximumBytes else { throw LogError("\(url.path) is too large for arrays of losses.") }
            if isArray { return try table(of: NPY.decode([UInt8](data), source: url.path), url) }
            let arrays = try NPZ.decode(
                [UInt8](data), source: url.path, maximumBytes: maximumBytes, leavingOutOtherTypes: true)
            return try table(of: arrays, url)
        } catch let error as DataFileError {
            throw LogError(error.description)
        }
    }

    private static func table(of array: NPYArray, _ url: URL) throws -> LogTable {
        if let series = series(array) { return table(of: [("value", series)]) }
        guard array.shape.count == 2, let height = array.shape.first, let width = array.shape.last else {
            let shape = array.shape.map(String.init).joined(separator: "×")
            let what = shape.isEmpty ? "a single number" : "an array of shape \(shape)"
            throw LogError("\(url.path) contains \(what), not a series of losses.")
        }
        let values = array.doubles
        let columns: [[Double]]
        if height <= mostSeries, width > mostSeries * height {
            columns = (0..<height).map { Array(values[$0 * width..<($0 + 1) * width]) }
        } else if width <= mostColumns {
            columns = (0..<width).map { column in
                stride(from: column, to: values.count, by: width).map { values[$0] }
            }
        } else {
            throw LogError("\(url.path) contains a matrix of \(height)×\(width) numbers, not a series of losses.")
        }
        return table(of: columns.enumerated().map { ("column \($0 + 1)", $1) })
    }

    private static func table(of arrays: [String: NPYArray], _ url: URL) throws -> LogTable {
        let found = arrays.sorted { $0.key < $1.key }.compactMap { name, array in series(array).map { (name, $0) } }
        guard !found.isEmpty else { throw LogError("\(url.path) contains arrays, but no series of numbers.") }
        return table(of: found)
    }

    /// The numbers of an array in which exactly one dimension has more than one element.
    private static func series(_ array: NPYArray) -> [Double]? {
        array.shape.count { $0 != 1 } == 1 && array.count > 1 ? array.doubles : nil
    }

    private static func table(of series: [(name: String, values: [Double])]) -> LogTable {
        var table = LogTable()
        table.append(series)
        return table
    }
}
