import DataFiles

/// Removes a part of some classes from the data.
enum ClassThinning {
    /// Returns the positions to keep, in order: a portion of 0.1 keeps every tenth example of a class.
    ///
    /// - Parameter classes: the number of classes in the data.
    /// - Throws: if a class does not exist in the data, or if nothing would be left.
    static func positions(of labels: [Int], keeping portions: [Int: Double], classes count: Int) throws -> [Int] {
        if let stranger = portions.keys.sorted().first(where: { $0 >= count }) {
            throw DataFileError(
                .unsupported,
                "data.classPortions names class \(stranger), but the data's classes are 0 to \(count - 1).")
        }
        var seen = [Int](repeating: 0, count: count)
        let kept = labels.indices.filter { position in
            let label = labels[position]
            guard let portion = portions[label] else { return true }
            seen[label] += 1
            // In floating point, 100 * 0.29 is slightly less than 29.
            func kept(_ count: Int) -> Int { Int(Double(count) * portion + 1e-6) }
            return kept(seen[label]) > kept(seen[label] - 1)
        }
        guard !kept.isEmpty else {
            throw DataFileError(
                .unsupported,
                "data.classPortions removes all examples; keep a part of at least one class.")
        }
        return kept
    }
}

extension DataFileError {
    /// The error for class portions of unlabeled data.
    static func noClasses(_ source: String) -> DataFileError {
        DataFileError(
            .unsupported, "\(source) has no labels, so data.classPortions cannot be applied; leave it empty.")
    }
}
