public import Diagnostics

extension History {
    /// Everything that a run has recorded.
    public init(reading reader: RunReader) throws {
        self.init(try reader.configuration())
        for series in try reader.seriesNames() {
            try reader.visit(series) { append(series, step: $0, value: $1) }
        }
        classes = try reader.classes(near: nil)
    }
}

extension RunReader {
    /// The diagnosis of the run: what it stored, or, of a run of an older version or one whose program was killed, what the
    /// rules say of its series now.
    public func diagnosis() throws -> Diagnosis {
        if let stored = try storedDiagnosis() { return stored }
        let isRunning = try status() == .running
        return try Diagnosis(History(reading: self), state: isRunning ? .running(isAlarmed: false) : .ended)
    }
}
