/// Names the values of the unnamed lists that VITS and its derivatives print below `Train Epoch: 1 [0%]`.
///
/// VITS prints `[loss_disc, loss_gen, loss_fm, loss_mel, loss_dur, loss_kl, step, learning rate]`; so-vits-svc prints
/// `Losses: [loss_disc, loss_gen, loss_fm, loss_mel, loss_kl], step: 200, …`; GPT-SoVITS has another loss before the
/// last. The first four are the same in all.
extension LogTable {
    private static let orderOfVITS = ["loss_disc", "loss_gen", "loss_fm", "loss_mel"]
    /// The number of losses in such a list: those four, the divergence, and up to two others.
    private static let lossesOfVITS = 5...7

    /// Several values of one name.
    private struct List {
        let name: String
        let length: Int
        let rows: Int
        func column(_ ordinal: Int) -> String { ordinal == 1 ? name : "\(name) (\(ordinal))" }
    }

    mutating func nameListedLosses() {
        let isBelowEpoch = columns.contains { NameParts($0.name).words == ["train", "epoch"] }
        // Without a line for the epoch, a list must look like theirs by itself.
        let lists = columns.filter {
            $0.ordinal == 1 && (isBelowEpoch ? $0.values.count > 1 : $0.name == "INFO" || isOfLosses($0.name))
        }
        .map(list)
        guard
            let list = lists.filter({ isOfVITS($0) && (isBelowEpoch || hasMelLoss($0)) }).max(by: { $0.rows < $1.rows })
        else { return }
        // Named losses of players take precedence; a word in a configuration is not one.
        guard columns.allSatisfy({ $0.meaning.player == nil || 2 * $0.values.count < list.rows }) else { return }
        for (place, name) in LogTable.orderOfVITS.enumerated() { rename(list.column(place + 1), to: name) }
        if endsWithStep(list) {
            rename(list.column(list.length - 1), to: "step")
            rename(list.column(list.length), to: "lr")
        }
        notes.append(
            "The values of the list “\(list.name)” have no names; they were taken in the order in which VITS prints them: \(LogTable.orderOfVITS.joined(separator: ", ")), …"
        )
    }

    /// Whether a list ends with the step and the learning rate, or is called `Losses` and a step follows it.
    private func isOfVITS(_ list: List) -> Bool {
        if endsWithStep(list) {
            let others = columns.contains { $0.meaning.isLoss && 2 * $0.values.count > list.rows }
            return LogTable.lossesOfVITS.contains(list.length - 2) && !others
        }
        return isOfLosses(list.name) && LogTable.lossesOfVITS.contains(list.length)
            && columns.contains { $0.meaning.kind == .counter(.step) && $0.values.count * 10 >= list.rows * 9 }
    }

    /// Whether the fourth value is by far the largest, as the loss on mel spectrograms is, which is multiplied by 45.
    private func hasMelLoss(_ list: List) -> Bool {
        func mean(_ ordinal: Int) -> Double {
            let values = place(of: list.column(ordinal)).map { columns[$0].values } ?? []
            return values.reduce(0, +) / Double(max(1, values.count))
        }
        return mean(4) > 5
            && (1...list.length).allSatisfy { ordinal in
                ordinal == 4 || endsWithStep(list) && ordinal == list.length - 1 || mean(ordinal) < mean(4)
            }
    }

    /// Whether a list is called `Losses`, as in so-vits-svc and its translations.
    private func isOfLosses(_ name: String) -> Bool { ["losses", "损失"].contains(NameParts(name).words.last) }

    private func list(_ column: Column) -> List {
        var length = 1
        while let next = place(of: "\(column.name) (\(length + 1))"),
            columns[next].values.count * 10 >= column.values.count * 9
        { length += 1 }
        return List(name: column.name, length: length, rows: column.values.count)
    }

    private func endsWithStep(_ list: List) -> Bool {
        guard list.length > 2, let step = place(of: list.column(list.length - 1)),
            let rate = place(of: list.column(list.length))
        else { return false }
        let steps = columns[step].values
        return steps.allSatisfy { $0 >= 0 && $0 == $0.rounded() }
            && zip(steps, steps.dropFirst()).count { $0 < $1 } * 20 >= 19 * (steps.count - 1)
            && columns[rate].values.allSatisfy { $0 >= 0 && $0 < 0.05 }
    }
}
