/// The lists without names that VITS and the programs derived from it print below `Train Epoch: 1 [0%]`.
///
/// VITS prints `[loss_disc, loss_gen, loss_fm, loss_mel, loss_dur, loss_kl, step, learning rate]`; so-vits-svc prints `Losses: [loss_disc, loss_gen,
/// loss_fm, loss_mel, loss_kl], step: 200, …`; GPT-SoVITS has another loss before the last. The first four are the same in all.
extension LogTable {
    private static let orderOfVITS = ["loss_disc", "loss_gen", "loss_fm", "loss_mel"]
    /// The fewest losses of such a list: those four and the divergence.
    private static let fewest = 5

    mutating func nameListedLosses() {
        guard columns.contains(where: { NameParts($0.name).words == ["train", "epoch"] }),
            columns.allSatisfy({ $0.meaning.player == nil }),
            let list = columns.filter({ $0.ordinal == 1 }).map({ lengthAndName($0) }).max(by: { $0.length < $1.length })
        else { return }
        func column(_ ordinal: Int) -> String { ordinal == 1 ? list.name : "\(list.name) (\(ordinal))" }
        let endsWithStep =
            list.length > 2 && isStep(column(list.length - 1)) && isRate(column(list.length))
        guard list.length - (endsWithStep ? 2 : 0) >= LogTable.fewest else { return }
        for (place, name) in LogTable.orderOfVITS.enumerated() { rename(column(place + 1), to: name) }
        if endsWithStep {
            rename(column(list.length - 1), to: "step")
            rename(column(list.length), to: "lr")
        }
        notes.append(
            "The values of the list “\(list.name)” have no names; they were taken in the order in which VITS prints them: \(LogTable.orderOfVITS.joined(separator: ", ")), …"
        )
    }

    /// How many values a name has in a row.
    private func lengthAndName(_ column: Column) -> (length: Int, name: String) {
        var length = 1
        while let next = place(of: "\(column.name) (\(length + 1))"),
            columns[next].values.count * 10 >= column.values.count * 9
        { length += 1 }
        return (length, column.name)
    }

    private func isStep(_ name: String) -> Bool {
        guard let values = place(of: name).map({ columns[$0].values }) else { return false }
        return values.allSatisfy { $0 >= 0 && $0 == $0.rounded() }
            && zip(values, values.dropFirst()).count { $0 > $1 } * 20 <= values.count
    }

    private func isRate(_ name: String) -> Bool {
        place(of: name).map { columns[$0].values.allSatisfy { $0 >= 0 && $0 < 0.05 } } ?? false
    }
}
