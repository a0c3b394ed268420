import DataFiles

/// Leaves a part of some classes out.
enum ClassThinning {
    /// The positions that are kept, in order: of a class with the portion 0.1 every tenth.
    ///
    /// - Parameter classes: how many classes the data has.
    /// - Throws: for a class that the data does not have, and where nothing would be left.
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
            // A hundred times 0.29 is a little less than 29.
            func kept(_ count: Int) -> Int { Int(Double(count) * portion + 1e-6) }
            return kept(seen[label]) > kept(seen[label] - 1)
        }
        guard !kept.isEmpty else {
            throw DataFileError(.unsupported, "data.classPortions leaves nothing of the data.")
        }
        return kept
    }
}

extension DataFileError {
    /// Data without labels, of which parts of classes were asked for.
    static func noClasses(_ source: String) -> DataFileError {
        DataFileError(
            .unsupported, "\(source) has no labels, so data.classPortions cannot leave parts of its classes out.")
    }
}
