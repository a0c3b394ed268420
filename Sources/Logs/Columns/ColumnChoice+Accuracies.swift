import Diagnostics
import Measurements

extension ColumnChoice {
    /// The words that the name of the discriminator's accuracy may contain besides the discriminator's own.
    private static let plain: Set<String> = Vocabulary.accuracy.union(Vocabulary.real).union(Vocabulary.fake)
        .union(Vocabulary.loss).union(Vocabulary.training).union(["gan", "avg", "average", "mean"])

    /// The discriminator's accuracy on all examples, or on reals and fakes. A classifier's accuracy has other words in
    /// its name, or none besides “accuracy”.
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

    /// The accuracies `a1` and `a2` next to the losses `d1` and `d2`, as printed by a tutorial of Machine Learning
    /// Mastery.
    private func terseAccuracies() -> [SeriesName: String] {
        func column(_ name: String) -> LogTable.Column? { columns.first { $0.name.lowercased() == name } }
        guard let real = column("a1"), let fake = column("a2"), column("d1") != nil, column("d2") != nil,
            ColumnChoice.isShare(real), ColumnChoice.isShare(fake)
        else { return [:] }
        return [.accuracyReal: real.name, .accuracyFake: fake.name]
    }

    /// Whether all numbers may be shares, as fractions or percentages.
    private static func isShare(_ column: LogTable.Column) -> Bool {
        column.values.allSatisfy { !$0.isFinite || (0...100).contains($0) }
    }
}
