import Foundation
import Measurements

extension ColumnChoice {
    /// Identifies the players of a table without names by its numbers: two blocks of a sum and its parts are the
    /// generator's total, adversarial and other loss, and the discriminator's total, real and fake loss. The
    /// generator's adversarial loss falls where the discriminator's loss on fakes rises, because both depend on the
    /// same answers.
    func playersOfUnnamedColumns() -> (ColumnMapping.Players, note: String)? {
        guard columns.count >= 6, columns.allSatisfy({ $0.name.hasPrefix("column ") }) else { return nil }
        let blocks = (0...(columns.count - 3)).filter { start in
            Sums.share(of: columns[start], columns[start + 1], columns[start + 2]) == 1
        }
        guard blocks.count == 2, blocks[1] - blocks[0] >= 3 else { return nil }
        // Try every assignment of the blocks to the players, and of the halves to reals and fakes.
        let choices = [(blocks[0], blocks[1]), (blocks[1], blocks[0])].flatMap { generator, discriminator in
            [1, 2].flatMap { adversarial in
                [1, 2].map { fake in
                    (
                        generator: generator + adversarial, discriminator: discriminator, fake: fake,
                        correlation: correlation(columns[generator + adversarial], columns[discriminator + fake])
                    )
                }
            }
        }
        guard let best = choices.min(by: { $0.correlation < $1.correlation }), best.correlation < -0.5 else {
            return nil
        }
        let (real, fake) = (
            columns[best.discriminator + 3 - best.fake].name, columns[best.discriminator + best.fake].name
        )
        let players = ColumnMapping.Players(
            part: nil,
            columns: [
                .lossGenerator: columns[best.generator].name, .lossDiscriminatorReal: real,
                .lossDiscriminatorFake: fake,
            ], isMeanOfHalves: false)
        return (
            players,
            "The columns have no names; judging by their sums, \(columns[best.generator].name) was taken as the "
                + "generator's adversarial loss, and \(real) and \(fake) as the discriminator's losses on reals and "
                + "fakes. Use --column to override."
        )
    }

    /// Pearson's correlation of the changes of two columns.
    private func correlation(_ first: LogTable.Column, _ second: LogTable.Column) -> Double {
        let count = min(first.values.count, second.values.count)
        guard count > 10 else { return 0 }
        func changes(_ values: [Double]) -> [Double] {
            zip(values, values.dropFirst()).prefix(count - 1).map { $1 - $0 }
        }
        let (a, b) = (changes(first.values), changes(second.values))
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let (meanA, meanB) = (mean(a), mean(b))
        let covariance = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
        let spread = a.reduce(0) { $0 + ($1 - meanA) * ($1 - meanA) } * b.reduce(0) { $0 + ($1 - meanB) * ($1 - meanB) }
        return spread > 0 ? covariance / spread.squareRoot() : 0
    }
}
