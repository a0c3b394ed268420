import Diagnostics
import Measurements

extension ColumnChoice {
    /// What the name of the discriminator's accuracy may hold besides its own name.
    private static let plain: Set<String> = Vocabulary.accuracy.union(Vocabulary.real).union(Vocabulary.fake)
        .union(Vocabulary.loss).union(Vocabulary.training).union(["gan", "avg", "average", "mean"])

    /// The discriminator's accuracy on all examples, or on reals and on fakes. That of a classifier has other words, or none beside “accuracy”.
    func accuracies() -> [SeriesName: String] {
        let candidates = columns.filter { column in
            column.meaning.kind == .accuracy && !column.meaning.isValidation && ColumnChoice.isShare(column)
                && NameParts(column.name).isSubset(of: ColumnChoice.plain.union(Vocabulary.discriminator))
        }
        func accuracy(_ half: ColumnMeaning.Half?) -> String? {
            best(candidates.filter { $0.meaning.half == half })?.name
        }
        if let real = accuracy(.real), let fake = accuracy(.fake) { return [.accuracyReal: real, .accuracyFake: fake] }
        let whole = candidates.filter { $0.meaning.half == nil && $0.meaning.player == .discriminator }
        return best(whole).map { [.accuracyDiscriminator: $0.name] } ?? terseAccuracies()
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
