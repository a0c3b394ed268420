import Diagnosis
import Runs

extension ColumnChoice {
    /// Words of accuracies about classes, as those of an auxiliary classifier.
    private static let classifying: Set<String> = [
        "cls", "class", "classification", "classifier", "op", "aux", "auxiliary", "label", "labels", "top", "top1",
        "top5",
    ]

    /// The discriminator's accuracy on all examples, or on reals and on fakes.
    func accuracies() -> [SeriesName: String] {
        let candidates = columns.filter { column in
            column.meaning.kind == .accuracy && !column.meaning.isValidation && column.meaning.player != .generator
                && !NameParts(column.name).has(anyOf: ColumnChoice.classifying) && ColumnChoice.isShare(column)
        }
        func accuracy(_ half: ColumnMeaning.Half?) -> String? {
            best(candidates.filter { $0.meaning.half == half })?.name
        }
        if let real = accuracy(.real), let fake = accuracy(.fake) { return [.accuracyReal: real, .accuracyFake: fake] }
        return accuracy(nil).map { [.accuracyDiscriminator: $0] } ?? terseAccuracies()
    }

    /// `a1` and `a2` beside the losses `d1` and `d2`, as a tutorial of Machine Learning Mastery prints them.
    private func terseAccuracies() -> [SeriesName: String] {
        func column(_ name: String) -> LogTable.Column? { columns.first { $0.name.lowercased() == name } }
        guard let real = column("a1"), let fake = column("a2"), column("d1") != nil, column("d2") != nil,
            ColumnChoice.isShare(real), ColumnChoice.isShare(fake)
        else { return [:] }
        return [.accuracyReal: real.name, .accuracyFake: fake.name]
    }

    /// Whether all numbers may be shares, in percent or not.
    private static func isShare(_ column: LogTable.Column) -> Bool {
        column.values.allSatisfy { !$0.isFinite || (0...100).contains($0) }
    }
}
