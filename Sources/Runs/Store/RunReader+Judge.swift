public import Diagnostics

extension History {
    /// Reads everything that a run has recorded.
    public init(reading reader: RunReader) throws {
        self.init(try reader.configuration())
        for series in try reader.seriesNames() {
            try reader.visit(series) { append(series, step: $0, value: $1) }
        }
        classes = try reader.classes(near: nil)
    }
}

extension RunReader {
    /// Returns the diagnosis of the run: the stored one or, for a run of an older version or one whose process was
    /// killed, the one that the current rules give for its series.
    public func diagnosis() throws -> Diagnosis {
        if let stored = try storedDiagnosis() { return stored }
        let isRunning = try status() == .running
        return try Diagnosis(History(reading: self), state: isRunning ? .running(isAlarmed: false) : .ended)
    }
}
