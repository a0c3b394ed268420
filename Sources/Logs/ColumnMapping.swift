public import Runs

/// Which column of a log holds which series.
public struct ColumnMapping: Sendable, Equatable {
    /// The column of each series.
    public private(set) var columns: [SeriesName: String] = [:]

    /// The series that a log may hold.
    public static let series: [SeriesName] = [
        .lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake, .lossDiscriminator, .probabilityReal,
        .probabilityFake, .gradientNormGenerator, .gradientNormDiscriminator,
    ]

    /// The names that other programs give the series, in lower case without punctuation.
    private static let synonyms: [SeriesName: [String]] = [
        .lossGenerator: [
            "lossgenerator", "generatorloss", "gloss", "lossg", "errg", "lossesg", "genloss", "lossgen", "gan", "ggan",
            "gtotal", "lossgtotal", "trainlossg", "traingloss", "lossesgloss",
        ],
        .lossDiscriminatorReal: [
            "lossdiscriminatorreal", "discriminatorlossreal", "dlossreal", "lossdreal", "errdreal", "drealloss",
            "dreal",
            "lossrealdiscriminator", "disclossreal", "lossrealimages", "drealimages",
        ],
        .lossDiscriminatorFake: [
            "lossdiscriminatorfake", "discriminatorlossfake", "dlossfake", "lossdfake", "errdfake", "dfakeloss",
            "dfake",
            "lossfakediscriminator", "disclossfake", "lossfakeimages", "dfakeimages",
        ],
        .lossDiscriminator: [
            "lossdiscriminator", "discriminatorloss", "dloss", "lossd", "errd", "lossesd", "discloss", "lossdisc",
            "dtotal",
            "lossdtotal", "trainlossd", "traindloss", "criticloss", "losscritic",
        ],
        .probabilityReal: ["probabilityreal", "dx", "realscore", "scorereal", "scoresreal", "lossscoresreal"],
        .probabilityFake: ["probabilityfake", "dgz", "dgz1", "fakescore", "scorefake", "scoresfake", "lossscoresfake"],
        .gradientNormGenerator: ["gradientnormgenerator", "gradnormg", "ggradnorm"],
        .gradientNormDiscriminator: ["gradientnormdiscriminator", "gradnormd", "dgradnorm"],
    ]

    /// - Parameters:
    ///   - names: the log's columns.
    ///   - assignments: such as `loss_generator=G_loss`; they come before the usual names.
    /// - Throws: ``LogError`` for an assignment that names no series or no column.
    public init(_ names: [String], assignments: [String] = []) throws {
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1).map(String.init)
            let known = ColumnMapping.series.map(\.rawValue).joined(separator: ", ")
            guard parts.count == 2, let series = ColumnMapping.series.first(where: { $0.rawValue == parts[0] }) else {
                throw LogError(
                    "“\(assignment)” names no series; write series=column, where the series is one of \(known).")
            }
            guard names.contains(parts[1]) else {
                throw LogError("The log has no column “\(parts[1])”; it has \(names.joined(separator: ", ")).")
            }
            guard columns[series] == nil, !columns.values.contains(parts[1]) else {
                throw LogError("“\(assignment)”: the series or the column was assigned before; each can be only once.")
            }
            columns[series] = parts[1]
        }
        let taken = Set(columns.values)
        for series in ColumnMapping.series where columns[series] == nil {
            let synonyms = ColumnMapping.synonyms[series] ?? []
            columns[series] = names.first { !taken.contains($0) && synonyms.contains(ColumnMapping.plain($0)) }
        }
        guard
            columns[.lossGenerator] != nil || columns[.lossDiscriminator] != nil
                || columns[.lossDiscriminatorReal] != nil
        else {
            throw LogError(
                "None of the columns \(names.prefix(20).joined(separator: ", ")) looks like a loss; say which is which with "
                    + "--column loss_generator=NAME and so on.")
        }
    }

    private static func plain(_ name: String) -> String {
        String(name.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) || ("0"..."9").contains($0) })
    }
}
