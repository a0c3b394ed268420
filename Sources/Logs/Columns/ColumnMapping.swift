public import Diagnostics
public import Measurements

/// Maps the columns of a log to series: for each pair of players, and for the scores.
///
/// Clear names decide. If they are unclear, the numbers decide: the halves of a loss add up to it, answers do not.
public struct ColumnMapping: Sendable, Equatable {
    /// The columns of one generator and its discriminator.
    public struct Players: Sendable, Equatable {
        /// The letter or digit that distinguishes these players from others, such as `A`; `nil` if there are no others.
        public let part: String?
        public internal(set) var columns: [SeriesName: String]
        /// Whether the discriminator's loss is the mean of its halves, not their sum; `nil` if that is unknown.
        public internal(set) var isMeanOfHalves: Bool?
    }

    public enum ObjectiveByNames: Sendable {
        /// The log has the numbers that only BEGAN has.
        case began
        /// The log comes from a vocoder, which adds up the losses of several discriminators.
        case severalDiscriminators
        /// The log has cycle-consistency losses, as CycleGAN does, whose default objective is least squares.
        case cycles
        /// The generator learns by policy gradients, whose loss has no scale.
        case policyGradient
    }

    /// At least one pair, except in logs of scores alone.
    public private(set) var players: [Players] = []
    public private(set) var scores: [Score: String] = [:]
    /// The generator's losses that are not adversarial, such as a distance to a target.
    public private(set) var auxiliaryLosses: [String] = []
    /// Whether the generator also learns from targets: it has losses of that kind, or scores against targets.
    public var hasTargets: Bool { !auxiliaryLosses.isEmpty || scores.keys.contains { !$0.isOfSamples } }
    /// Whether Equipoise exported the log, so that its steps and series mean the same as in a run.
    public private(set) var isOwn = false
    /// The objective according to the column names; `nil` if they do not reveal it.
    public private(set) var objectiveByNames: ObjectiveByNames?
    /// Notes on what the numbers decided.
    public private(set) var notes: [String] = []

    /// The columns of the first pair of players.
    public var columns: [SeriesName: String] { players.first?.columns ?? [:] }

    /// The series of a player that a log may hold.
    public static let series: [SeriesName] = [
        .lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake, .lossDiscriminator, .probabilityReal,
        .probabilityFake, .accuracyDiscriminator, .accuracyReal, .accuracyFake, .gradientNormGenerator,
        .gradientNormDiscriminator,
    ]

    /// - Parameter assignments: such as `loss_generator=G_loss`; they override what the names suggest.
    /// - Throws: ``LogError`` for an assignment of an unknown series or column, and for a log without any loss or
    ///   score.
    init(_ table: LogTable, assignments: [String] = []) throws {
        let assigned = try ColumnMapping.assigned(assignments, table)
        let choice = ColumnChoice(table)
        scores = choice.scores()
        let own = ColumnMapping.own(table)
        if !own.isEmpty {
            // Equipoise's own evaluations are judged as evaluations, not as logged scores.
            scores = [:]
            players = [Players(part: nil, columns: own)]
            isOwn = assigned.isEmpty && ColumnMapping.exported.allSatisfy { own[$0] != nil }
        } else {
            players = choice.players()
            if !players.contains(where: { $0.hasLoss }) || players.allSatisfy({ $0.columns.count == 1 }),
                let terse = choice.tersePlayers()
            {
                players = [terse]
            }
            if let (found, note) = choice.halvesOfAnUnnamedLoss() ?? choice.playersOfUnnamedColumns() {
                players = [found]
                notes.append(note)
            }
            if players.count == 1, players[0].isMeanOfHalves == nil, choice.isOfMeans {
                players[0].isMeanOfHalves = true
            }
            auxiliaryLosses = choice.auxiliaryLosses()
            objectiveByNames = choice.objectiveByNames()
        }
        if !assigned.isEmpty {
            var first = players.first ?? Players(part: nil, columns: [:])
            let taken = Set(assigned.values)
            first.columns = first.columns.filter { !taken.contains($0.value) }
            // An assignment of the halves replaces the total loss, and vice versa.
            if assigned[.lossDiscriminator] != nil {
                first.columns[.lossDiscriminatorReal] = nil
                first.columns[.lossDiscriminatorFake] = nil
            } else if assigned[.lossDiscriminatorReal] != nil || assigned[.lossDiscriminatorFake] != nil {
                first.columns[.lossDiscriminator] = nil
            }
            first.columns.merge(assigned) { $1 }
            players = [first] + players.dropFirst()
        }
        // Precision and recall may also be a classifier's.
        let isOfSamples = !Set(scores.keys).isDisjoint(with: [.frechet, .kernel, .inception])
        if !players.contains(where: { $0.hasLoss }), !isOfSamples { scores = [:] }
        guard players.contains(where: { $0.hasLoss }) || isOfSamples else { throw ColumnMapping.nothingFound(table) }
        players.removeAll { !$0.hasLoss }
    }

    /// The series that every log exported from a run has.
    private static let exported: [SeriesName] = [
        .lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake, .gradientNormGenerator,
        .gradientNormDiscriminator,
        .imagesPerSecond,
    ]

    /// Equipoise's own series by their exact names, including evaluations and layers.
    private static func own(_ table: LogTable) -> [SeriesName: String] {
        guard table.place(of: SeriesName.lossGenerator.rawValue) != nil,
            table.place(of: SeriesName.lossDiscriminatorReal.rawValue) != nil
        else { return [:] }
        let known = Set(SeriesName.perStep + SeriesName.perEvaluation)
        let names = table.columns.map { SeriesName($0.name) }.filter { known.contains($0) || $0.ofLayer != nil }
        return Dictionary(names.map { ($0, $0.rawValue) }) { first, _ in first }
    }

    private static func assigned(_ assignments: [String], _ table: LogTable) throws -> [SeriesName: String] {
        var assigned: [SeriesName: String] = [:]
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1).map(String.init)
            let known = ColumnMapping.series.map(\.rawValue).joined(separator: ", ")
            guard parts.count == 2, let series = ColumnMapping.series.first(where: { $0.rawValue == parts[0] }) else {
                throw LogError(
                    "“\(assignment)” does not name a series; write series=column, where the series is one of \(known).")
            }
            let column = table.place(of: parts[1]) ?? Int(parts[1]).flatMap { table.place(of: "column \($0)") }
            guard let column else {
                throw LogError("The log has no column “\(parts[1])”; it has \(ColumnMapping.listed(table)).")
            }
            let name = table.columns[column].name
            guard assigned[series] == nil, !assigned.values.contains(name) else {
                throw LogError(
                    "“\(assignment)”: this series or column is already assigned; each can be assigned only once.")
            }
            assigned[series] = name
        }
        return assigned
    }

    private static func nothingFound(_ table: LogTable) -> LogError {
        guard table.columns.contains(where: { $0.name.hasPrefix("column ") }), table.columns.count > 1 else {
            return LogError(
                "This does not look like the log of a GAN: it contains \(listed(table)), but no loss of a generator or "
                    + "discriminator. If a column holds such a loss, assign it with --column loss_generator=NAME and so on."
            )
        }
        return LogError(
            "The columns have no names, and their numbers do not show whose losses they are; assign them, for example "
                + "with --column loss_generator=1 --column loss_discriminator=2.")
    }

    /// The columns' names for a message: losses first, then those with the most values, up to a limit.
    private static func listed(_ table: LogTable) -> String {
        // Losses come first, because one of them may be the column that is needed.
        func rank(_ column: LogTable.Column) -> (Int, Int) {
            (column.meaning.isLoss || column.meaning.half != nil ? 0 : 1, -column.values.count)
        }
        let names = table.columns.filter { !$0.values.isEmpty }.sorted { rank($0) < rank($1) }.map(\.name)
        guard !names.isEmpty else { return "no numbers with names" }
        let some = names.prefix(12).map { "“\($0.count > 80 ? $0.prefix(79) + "…" : $0[...])”" }.joined(separator: ", ")
        return names.count > 12 ? "\(some) and \(names.count - 12) more" : some
    }
}

extension ColumnMapping.Players {
    var hasLoss: Bool {
        [SeriesName.lossGenerator, .lossDiscriminator, .lossDiscriminatorReal, .lossDiscriminatorFake].contains {
            columns[$0] != nil
        }
    }
}
