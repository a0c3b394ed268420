import Measurements

/// The confusion matrix of the diagnosis over the runs of the zoo.
public struct ZooReport: Encodable {
    public let outcomes: [ZooOutcome]
    public let retries: [ZooRetry]
    public let failedAndCalled, failedAndMissed, soundAndCalled, soundAndLeft: Int
    /// Of the runs without the verdict failed, the number of undecided ones.
    public let failedAndUndecided, soundAndUndecided: Int
    /// The share of the failed runs with the verdict failed.
    public let recall: Double
    /// The share of the runs with the verdict failed that truly failed.
    public let precision: Double
    /// The share of the sound runs with the verdict failed.
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
