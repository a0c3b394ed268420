import Measurements

/// How often the diagnosis is right.
public struct ZooReport: Encodable {
    public let outcomes: [ZooOutcome]
    public let retries: [ZooRetry]
    public let failedAndCalled, failedAndMissed, soundAndCalled, soundAndLeft: Int
    /// How many of those that are not called failed are undecided.
    public let failedAndUndecided, soundAndUndecided: Int
    /// Of the failed runs, the share that is called failed.
    public let recall: Double
    /// Of those called failed, the share that is.
    public let precision: Double
    /// Of the sound runs, the share that is called failed.
    public let falseAlarms: Double

    public init(_ outcomes: [ZooOutcome], _ retries: [ZooRetry] = []) {
        self.outcomes = outcomes
        self.retries = retries
        func count(_ isFailed: Bool, _ isCalled: Bool) -> Int {
            outcomes.count { $0.isFailed == isFailed && $0.isCalled == isCalled }
        }
        (failedAndCalled, failedAndMissed) = (count(true, true), count(true, false))
        (soundAndCalled, soundAndLeft) = (count(false, true), count(false, false))
        failedAndUndecided = outcomes.count { $0.isFailed && $0.isUndecided }
        soundAndUndecided = outcomes.count { !$0.isFailed && $0.isUndecided }
        func share(_ part: Int, _ rest: Int) -> Double { part + rest > 0 ? Double(part) / Double(part + rest) : .nan }
        recall = share(failedAndCalled, failedAndMissed)
        precision = share(failedAndCalled, soundAndCalled)
        falseAlarms = share(soundAndCalled, soundAndLeft)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(outcomes, forKey: .outcomes)
        if !retries.isEmpty { try container.encode(retries, forKey: .retries) }
        for (key, value) in [
            (CodingKeys.failedAndCalled, failedAndCalled), (.failedAndMissed, failedAndMissed),
            (.soundAndCalled, soundAndCalled), (.soundAndLeft, soundAndLeft),
            (.failedAndUndecided, failedAndUndecided), (.soundAndUndecided, soundAndUndecided),
        ] { try container.encode(value, forKey: key) }
        for (key, value) in [(CodingKeys.recall, recall), (.precision, precision), (.falseAlarms, falseAlarms)] {
            try container.encode(JSONNumber(value), forKey: key)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case outcomes, retries, failedAndCalled, failedAndMissed, soundAndCalled, soundAndLeft,
            failedAndUndecided, soundAndUndecided, recall, precision, falseAlarms
    }
}
