import DatasetFiles
import Foundation

/// Losses that NumPy saved: a series or a matrix in an `.npy` file, or named series in an `.npz` file.
enum ArrayLog {
    private static let zipMagic = Array("PK\u{3}\u{4}".utf8)
    /// More columns than this are no losses.
    private static let mostColumns = 64

    /// - Returns: `nil` if the bytes are neither format.
    /// - Throws: ``LogError`` if they are, but hold no series.
    static func read(_ data: Data, _ url: URL) throws -> LogTable? {
        do {
            if data.starts(with: NPY.magic) { return try table(of: NPY.decode([UInt8](data), source: url.path), url) }
            guard data.starts(with: zipMagic), url.pathExtension.lowercased() == "npz" else { return nil }
            return try table(of: NPZ.decode([UInt8](data), source: url.path), url)
        } catch let error as DatasetFileError {
            throw LogError(error.description)
        }
    }

    private static func table(of array: NPYArray, _ url: URL) throws -> LogTable {
        if let series = series(array) { return table(of: [("value", series)]) }
        guard array.shape.count == 2, array.shape[1] <= mostColumns else {
            let shape = array.shape.map(String.init).joined(separator: "×")
            throw LogError("\(url.path) holds an array of the shape \(shape), which is no series of losses.")
        }
        let (width, values) = (array.shape[1], array.doubles)
        return table(
            of: (0..<width).map { column in
                ("column \(column + 1)", stride(from: column, to: values.count, by: width).map { values[$0] })
            })
    }

    private static func table(of arrays: [String: NPYArray], _ url: URL) throws -> LogTable {
        let found = arrays.sorted { $0.key < $1.key }.compactMap { name, array in series(array).map { (name, $0) } }
        guard !found.isEmpty else { throw LogError("\(url.path) holds arrays, but no series of numbers.") }
        return table(of: found)
    }

    /// The numbers of an array with one dimension of more than one element.
    private static func series(_ array: NPYArray) -> [Double]? {
        array.shape.count { $0 != 1 } == 1 && array.count > 1 ? array.doubles : nil
    }

    private static func table(of series: [(name: String, values: [Double])]) -> LogTable {
        var table = LogTable()
        let places = series.map { table.column($0.name) }
        for row in 0..<(series.map(\.values.count).max() ?? 0) {
            table.beginRow()
            for (place, column) in zip(places, series) where row < column.values.count {
                if let place { table.append(column.values[row], to: place) }
            }
        }
        return table
    }
}
