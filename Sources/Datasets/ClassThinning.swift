import DatasetFiles

/// Leaves a part of some classes out.
enum ClassThinning {
    /// The positions that are kept, in order: of a class with the portion 0.1 every tenth.
    ///
    /// - Parameter classes: how many classes there are; by default up to the highest label.
    /// - Throws: for a class that the data does not have, and where nothing would be left.
    static func positions(of labels: [Int], keeping portions: [Int: Double], classes: Int? = nil) throws -> [Int] {
        let count = classes ?? (labels.max() ?? -1) + 1
        if let stranger = portions.keys.sorted().first(where: { $0 >= count }) {
            throw DatasetFileError(
                .unsupported,
                "data.classPortions names class \(stranger), but the data's classes are 0 to \(count - 1).")
        }
        var seen = [Int](repeating: 0, count: count)
        let kept = labels.indices.filter { position in
            let label = labels[position]
            guard let portion = portions[label] else { return true }
            seen[label] += 1
            return Int(Double(seen[label]) * portion) > Int(Double(seen[label] - 1) * portion)
        }
        guard !kept.isEmpty else {
            throw DatasetFileError(.unsupported, "data.classPortions leaves nothing of the data.")
        }
        return kept
    }
}

extension DatasetFileError {
    /// Data without labels, of which parts of classes were asked for.
    static func noClasses(_ source: String) -> DatasetFileError {
        DatasetFileError(
            .unsupported, "\(source) has no labels, so data.classPortions cannot leave parts of its classes out.")
    }
}
