import Diagnostics
import Measurements

/// Chooses the columns of a log that hold the players' series.
struct ColumnChoice {
    let columns: [LogTable.Column]
    /// The columns of the second and later values of a name, by that name.
    private let furtherValues: [String: [LogTable.Column]]

    init(_ table: LogTable) {
        let most = table.columns.filter { !$0.isCounter }.map(\.values.count).max() ?? 0
        columns = table.columns.filter { column in
            guard !column.values.isEmpty, column.ordinal == 1 else { return false }
            // One value among many rows is a setting, not a series.
            return (column.values.count > 1 || most <= 10) && !ColumnChoice.countsGenerations(column)
        }
        furtherValues = Dictionary(grouping: table.columns.filter { $0.ordinal > 1 }) { $0.firstName }
    }

    /// Whether a column is the `gen` of an evolutionary algorithm: a counter, not a generator.
    private static func countsGenerations(_ column: LogTable.Column) -> Bool {
        NameParts(column.name).words == ["gen"] && column.values.count > 1
            && zip(column.values, column.values.dropFirst()).allSatisfy { $1 - $0 == 1 }
    }

    /// Whether the log is of reinforcement learning, where “critic” has another meaning.
    private var isOfReinforcement: Bool {
        columns.contains { NameParts($0.name).has(anyOf: Vocabulary.reinforcement) }
    }

    // MARK: - Players

    func players() -> [ColumnMapping.Players] {
        var generators = losses(of: .generator)
        var discriminators = losses(of: .discriminator)
        if generators.isEmpty { generators = policyGradients(beside: discriminators) }
        if generators.isEmpty { generators = encoders(beside: discriminators) }
        if generators.isEmpty { generators = takeUnnamedAdversary(from: &discriminators) }
        if generators.isEmpty, isOfReinforcement { return [] }
        if discriminators.isEmpty, !generators.isEmpty { discriminators = losses(named: ["w", "c"]) }
        // An adversarial loss without a discriminator, a real half without a fake one, and single letters mean
        // something else.
        if discriminators.isEmpty { generators.removeAll { !saysPlayer($0) || isLoneLetter($0) } }
        if generators.isEmpty {
            discriminators.removeAll { isLoneLetter($0) || NameParts($0.name).has("dis") }
            if discriminators.allSatisfy({ $0.meaning.half != nil && !saysPlayer($0) }),
                Set(discriminators.map(\.meaning.half)).count < 2
            {
                discriminators = []
            }
        }
        // Two single letters among other names are not losses unless another column is a counter or is called a loss.
        if (generators + discriminators).allSatisfy(isLoneLetter), columns.count > 2,
            !columns.contains(where: {
                $0.isCounter || saysLoss($0) || $0.meaning.kind == .auxiliaryLoss
            })
        {
            return []
        }
        let parts = self.parts(generators, discriminators)
        guard !parts.isEmpty else {
            return listedPlayers(generators, discriminators) ?? [players(nil, generators, discriminators)]
        }
        return parts.map { part in
            players(
                part,
                generators.contains { $0.meaning.part == part }
                    ? generators.filter { $0.meaning.part == part } : generators.filter { $0.meaning.part == nil },
                discriminators.filter { $0.meaning.part == part })
        }
    }

    /// Names of a critic's or discriminator's losses on reals and fakes, as printed by the tutorials of Machine
    /// Learning Mastery. They are meaningful only together and next to a `g`.
    private static let terseHalves = [(real: "c1", fake: "c2"), (real: "dr", fake: "df")]

    /// - Returns: `nil` unless the lines begin with a number, as in those tutorials, because such letters occur in
    ///   other fields too.
    func tersePlayers() -> ColumnMapping.Players? {
        func column(_ name: String) -> String? { columns.first { $0.name.lowercased() == name }?.name }
        guard column("\(LogTable.unnamedCounter)1") != nil, let generator = column("g") else { return nil }
        for names in ColumnChoice.terseHalves {
            if let real = column(names.real), let fake = column(names.fake) {
                return ColumnMapping.Players(
                    part: nil,
                    columns: [.lossGenerator: generator, .lossDiscriminatorReal: real, .lossDiscriminatorFake: fake])
            }
        }
        return nil
    }

    /// The letters or digits that distinguish several pairs of players.
    private func parts(_ generators: [LogTable.Column], _ discriminators: [LogTable.Column]) -> [String] {
        var seen: [String] = []
        for column in discriminators {
            if let part = column.meaning.part, !seen.contains(part) { seen.append(part) }
        }
        guard seen.count > 1 else { return [] }
        // `d1` and `d2` next to one `g` are the discriminator's losses on reals and fakes.
        if areNumberedHalves(discriminators), !generators.contains(where: { $0.meaning.part != nil }) { return [] }
        return seen.sorted()
    }

    /// The players of several games whose losses are logged as one list per player, such as the domains of ComboGAN.
    ///
    /// Other programs list a loss with its parts, or with metrics. So there must be at least three values of similar
    /// size, the first must not be the sum of the others, and a third loss must have a list of the same length.
    ///
    /// - Returns: `nil` if the lists do not meet these conditions.
    private func listedPlayers(
        _ generators: [LogTable.Column], _ discriminators: [LogTable.Column]
    ) -> [ColumnMapping.Players]? {
        guard generators.count == 1, discriminators.count == 1, let generator = generators.first,
            let discriminator = discriminators.first
        else { return nil }
        let lists = [generator, discriminator].map(list)
        let others = columns.filter { $0.listsGames && $0.name != generator.name && $0.name != discriminator.name }
        guard generator.listsGames, discriminator.listsGames, lists[0].count == lists[1].count, lists[0].count >= 3,
            lists.joined().allSatisfy({ $0.values.count == generator.values.count }),
            !lists.contains(where: Sums.isSum), lists.allSatisfy(ColumnChoice.areOfSimilarSize),
            others.contains(where: { list($0).count == lists[0].count })
        else { return nil }
        return zip(lists[0], lists[1]).enumerated().map { place, players in
            ColumnMapping.Players(
                part: "\(place + 1)",
                columns: [.lossGenerator: players.0.name, .lossDiscriminator: players.1.name])
        }
    }

    private func list(_ column: LogTable.Column) -> [LogTable.Column] { [column] + (furtherValues[column.name] ?? []) }

    /// Whether the medians of the columns lie between a tenth of and ten times the first one's.
    private static func areOfSimilarSize(_ columns: [LogTable.Column]) -> Bool {
        let medians = columns.map { column in
            let sorted = column.values.map(abs).filter(\.isFinite).sorted()
            return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        }
        return medians.allSatisfy { $0 <= 10 * medians[0] && medians[0] <= 10 * $0 }
    }

    private func areNumberedHalves(_ discriminators: [LogTable.Column]) -> Bool {
        Set(discriminators.map(\.meaning.part)) == ["1", "2"] && discriminators.count == 2
            && discriminators.allSatisfy { NameParts($0.name).words.count == 2 }
    }

    private func players(
        _ part: String?, _ generators: [LogTable.Column], _ discriminators: [LogTable.Column]
    ) -> ColumnMapping.Players {
        var players = ColumnMapping.Players(part: part, columns: [:])
        players.columns[.lossGenerator] = best(generators)?.name
        let totals = discriminators.filter { $0.meaning.half == nil }
        var real = best(discriminators.filter { $0.meaning.half == .real })
        var fake = best(discriminators.filter { $0.meaning.half == .fake })
        var total = best(totals)
        if part == nil, areNumberedHalves(totals) {
            (real, fake, total) = (
                totals.first { $0.meaning.part == "1" }, totals.first { $0.meaning.part == "2" }, nil
            )
        }
        var answers = (real: answer(.real), fake: answer(.fake))
        if let first = real, let second = fake {
            let share = total.flatMap { Sums.share(of: $0, first, second) }
            players.isMeanOfHalves = share.map { $0 < 0.75 }
            // `D_real` next to a total loss of which it is not a half is the discriminator's answer.
            if total != nil, share == nil, !saysLoss(first), !saysLoss(second) {
                if answers.real == nil, answers.fake == nil { answers = (first, second) }
                (real, fake) = (nil, nil)
            } else {
                total = nil
            }
        } else if total != nil {
            (real, fake) = (nil, nil)
        }
        players.columns[.lossDiscriminator] = total?.name
        players.columns[.lossDiscriminatorReal] = real?.name
        players.columns[.lossDiscriminatorFake] = fake?.name
        if part == nil {
            players.columns[.probabilityReal] = answers.real?.name
            players.columns[.probabilityFake] = answers.fake?.name
            players.columns.merge(accuracies()) { $1 }
            players.columns[.gradientNormGenerator] = norm(.generator)?.name
            players.columns[.gradientNormDiscriminator] = norm(.discriminator)?.name
        }
        return players
    }

    private func losses(of player: ColumnMeaning.Player) -> [LogTable.Column] {
        let isLettered = hasLetteredPlayers
        let all = columns.filter {
            $0.meaning.isLoss && $0.meaning.player == player && (isLettered || !NameParts($0.name).isLettered)
        }
        let training = all.filter { !$0.meaning.isValidation }
        return training.isEmpty ? all : training
    }

    /// Whether both players have two-letter names: `loss_DA` alone means domain adaptation.
    private var hasLetteredPlayers: Bool {
        Set(columns.map { NameParts($0.name) }.filter(\.isLettered).map { $0.has("g") }).count == 2
    }

    /// Losses of a player whose name is a letter with other meanings elsewhere.
    private func losses(named letters: Set<String>) -> [LogTable.Column] {
        columns.filter { $0.meaning.isLoss && $0.meaning.player == nil && NameParts($0.name).has(anyOf: letters) }
    }

    /// The generator's loss in SeqGAN and its relatives, whose generators learn by policy gradients. Logs of
    /// reinforcement learning have no discriminator, or also have a value function.
    private func policyGradients(beside discriminators: [LogTable.Column]) -> [LogTable.Column] {
        guard discriminators.contains(where: { !NameParts($0.name).has("critic") && saysPlayer($0) }),
            !columns.contains(where: { NameParts($0.name).has(anyOf: ["vf", "value"]) })
        else { return [] }
        return columns.filter { $0.meaning.isLoss && NameParts($0.name).has("pg") }
    }

    /// The loss of an encoder that plays against a discriminator, as in adversarial domain adaptation. In an
    /// autoencoder, it is a different loss.
    private func encoders(beside discriminators: [LogTable.Column]) -> [LogTable.Column] {
        guard discriminators.contains(where: saysPlayer),
            !columns.contains(where: { NameParts($0.name).has(anyOf: ColumnChoice.ofAutoencoders) })
        else { return [] }
        let found = columns.filter { $0.meaning.isLoss && NameParts($0.name).has("encoder") }
        return found.count == 1 ? found : []
    }

    private static let ofAutoencoders: Set<String> = [
        "decoder", "dec", "recon", "rec", "reconstruction", "vq", "commit", "codebook", "kl", "kld", "vae", "tc",
    ]

    /// `f_adv_loss` next to `d_adv_loss`: the loss of a generator called F, not the discriminator's loss on fakes.
    private func takeUnnamedAdversary(from discriminators: inout [LogTable.Column]) -> [LogTable.Column] {
        guard discriminators.contains(where: { saysPlayer($0) && $0.meaning.isAdversarial }) else { return [] }
        let found = discriminators.filter {
            $0.meaning.isAdversarial && !saysPlayer($0) && NameParts($0.name).words.first == "f"
        }
        discriminators.removeAll { column in found.contains { $0.name == column.name } }
        return found
    }

    private func saysPlayer(_ column: LogTable.Column) -> Bool {
        NameParts(column.name).has(anyOf: Vocabulary.generator.union(Vocabulary.discriminator))
    }

    private func isLoneLetter(_ column: LogTable.Column) -> Bool { NameParts(column.name).words.joined().count == 1 }

    private func saysLoss(_ column: LogTable.Column) -> Bool { NameParts(column.name).has(anyOf: Vocabulary.loss) }

    private func answer(_ half: ColumnMeaning.Half) -> LogTable.Column? {
        best(columns.filter { $0.meaning.kind == .answer && $0.meaning.half == half && !$0.meaning.isValidation })
    }

    private func norm(_ player: ColumnMeaning.Player) -> LogTable.Column? {
        best(columns.filter { $0.meaning.kind == .gradientNorm && $0.meaning.player == player })
    }

    /// The best candidate: the adversarial loss before the total, the total before others, and a column with many
    /// values before one with few.
    func best(_ candidates: [LogTable.Column]) -> LogTable.Column? {
        let most = candidates.map(\.values.count).max() ?? 0
        func rank(_ place: Int, _ column: LogTable.Column) -> (Int, Int, Int, Int, Int) {
            let meaning = column.meaning
            let isAdversarial = meaning.isAdversarial && (!meaning.isTotal || meaning.player == .discriminator)
            return (
                column.values.count * 2 <= most ? 1 : 0,
                isAdversarial ? 0 : meaning.unknownWords > 0 ? 3 : meaning.isTotal ? 2 : 1,
                meaning.unknownWords, saysLoss(column) || meaning.isAdversarial ? 0 : 1, place
            )
        }
        return candidates.enumerated().min { rank($0.offset, $0.element) < rank($1.offset, $1.element) }?.element
    }

    // MARK: - Other columns

    func scores() -> [Score: String] {
        var chosen: [Score: LogTable.Column] = [:]
        for column in columns {
            guard case .score(let score) = column.meaning.kind else { continue }
            if let known = chosen[score], known.values.count >= column.values.count { continue }
            chosen[score] = column
        }
        return chosen.mapValues(\.name)
    }

    func auxiliaryLosses() -> [String] {
        columns.filter { column in
            column.meaning.kind == .auxiliaryLoss && !column.meaning.isValidation
                && column.meaning.player != .discriminator
                && NameParts(column.name).has(anyOf: ColumnChoice.targets) && column.values.count > 1
        }.map(\.name)
    }

    /// Whether the log comes from a program known to print the mean of the discriminator's losses on reals and fakes.
    var isOfMeans: Bool { isOfLightning || isOfPyTorchGAN }

    /// Whether Lightning logged the two losses of its GAN example in separate rows. Its discriminator's loss is
    /// `(real_loss + fake_loss) / 2`.
    private var isOfLightning: Bool {
        guard column("epoch") != nil, column("step") != nil, let generator = column("g_loss"),
            let discriminator = column("d_loss")
        else { return false }
        return Set(generator.rows).isDisjoint(with: discriminator.rows)
    }

    /// Whether the log is `[Epoch 0/200] [Batch 0/938] [D loss: 0.69] [G loss: 0.70]`, as the programs of PyTorch-GAN
    /// print it, where `d_loss = (real_loss + fake_loss) / 2`. Sums of cross-entropies are larger.
    private var isOfPyTorchGAN: Bool {
        guard column("Epoch") != nil, column("Batch") != nil, column("G loss") != nil,
            let discriminator = column("D loss")
        else { return false }
        // The WGAN programs print the difference of two answers there.
        let sorted = discriminator.values.filter(\.isFinite).sorted()
        return sorted.first ?? -1 >= 0 && sorted[sorted.count / 2] < 1
    }

    private func column(_ name: String) -> LogTable.Column? { columns.first { $0.name == name } }

    func objectiveByNames() -> ColumnMapping.ObjectiveByNames? {
        if holdsBEGAN { return .began }
        if losses(of: .generator).isEmpty, !policyGradients(beside: losses(of: .discriminator)).isEmpty {
            return .policyGradient
        }
        if columns.contains(where: {
            $0.meaning.kind == .auxiliaryLoss && NameParts($0.name).has(anyOf: ["cyc", "cycle"])
        }) {
            return .cycles
        }
        let isVocoder = columns.contains { $0.meaning.kind == .auxiliaryLoss && NameParts($0.name).has("mel") }
        return isVocoder ? .severalDiscriminators : nil
    }

    /// Whether the log has BEGAN's equilibrium term and convergence measure.
    private var holdsBEGAN: Bool {
        func has(_ names: Set<String>) -> Bool {
            columns.contains { names.contains(NameParts($0.name).words.joined()) }
        }
        return has(["kt", "k"]) && has(["measure", "m", "mglobal", "convergencemeasure", "convergence"])
    }

    /// The words of losses against a target, from which a generator also learns without its discriminator.
    private static let targets: Set<String> = [
        "l1", "l2", "mse", "mae", "cycle", "cyc", "recon", "rec", "reconstruction", "mel", "perceptual", "percep",
        "vgg", "content",
        "pix", "pixel", "fm", "feat", "feature", "fea", "stft", "image", "img",
    ]

    /// The halves of a loss `loss = loss_gen + loss_data`: the discriminator's loss and its halves, if another program
    /// names examples after a player.
    func halvesOfAnUnnamedLoss() -> (ColumnMapping.Players, note: String)? {
        let candidates = columns.filter { $0.meaning.isLoss && !$0.meaning.isValidation }
        guard candidates.count == 3,
            let whole = candidates.first(where: { $0.meaning.player == nil && $0.meaning.half == nil }),
            let real = candidates.first(where: { $0.meaning.half == .real }),
            let fake = candidates.first(where: { $0.meaning.player == .generator || $0.meaning.half == .fake }),
            let share = Sums.share(of: whole, real, fake), share > 0.75
        else { return nil }
        let columns: [SeriesName: String] = [.lossDiscriminatorReal: real.name, .lossDiscriminatorFake: fake.name]
        return (
            ColumnMapping.Players(part: nil, columns: columns, isMeanOfHalves: false),
            "“\(whole.name)” is the sum of “\(real.name)” and “\(fake.name)”, so all three are the discriminator's "
                + "losses, and the log does not contain the generator's loss."
        )
    }
}
