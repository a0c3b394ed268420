public import Diagnostics

extension History {
    /// Reads everything that a training of Equipoise has recorded.
    ///
    /// - Throws: ``RunStoreError/foreign(folder:program:)`` for a run of another program, which may have several
    ///   histories.
    public init(reading reader: RunReader) throws {
        self.init(try reader.configuration())
        for series in try reader.seriesNames() {
            try reader.visit(series) { append(series, step: $0, value: $1) }
        }
        classes = try reader.classes(near: nil)
    }
}

extension ForeignProgram {
    /// Reads what a run of this program has recorded, by players.
    public func histories(reading reader: RunReader) throws -> [(part: String?, history: History)] {
        let facts = try Facts(settings)
        let names = try reader.seriesNames()
        let classes = try reader.classes(near: nil)
        return try players.map { players in
            var history = players.emptyHistory()
            for name in names {
                guard let series = players.series(stored: name) else { continue }
                try reader.visit(name) { history.append(series, step: $0, value: $1) }
            }
            (history.facts, history.classes) = (facts, classes)
            return (players.part, history)
        }
    }
}

extension RunReader {
    /// Returns the diagnosis of the run: the stored one or, for a run of an older version or one whose process was
    /// killed, the one that the current rules give for its series.
    public func diagnosis() throws -> Diagnosis {
        if let stored = try storedDiagnosis() { return stored }
        let metadata = try metadata()
        let state: Diagnosis.State = metadata.outcome == .running ? .running(isAlarmed: false) : .ended
        guard let program = metadata.program else { return try Diagnosis(History(reading: self), state: state) }
        return Diagnosis(ofPairs: try program.histories(reading: self), state: state)
    }
}
