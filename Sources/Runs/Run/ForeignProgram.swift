public import Diagnostics
public import Measurements
public import Recipes

/// A program other than Equipoise that trained a run, with what a diagnosis of its series needs to know.
public struct ForeignProgram: Codable, Equatable, Sendable {
    /// The program's name in lists, such as `train.py`, or that of its log file.
    public var name: String
    /// The pairs of a generator and its discriminator.
    public var players: [Players]
    /// The known settings in Equipoise's terms, as assignments such as `training.batchSize=64`.
    public var settings: [String]

    public init(name: String, players: [Players], settings: [String] = []) {
        self.name = name
        self.players = players
        self.settings = settings
    }

    /// A generator with its discriminator. The fields are those of ``History``.
    public struct Players: Codable, Equatable, Sendable {
        /// The letter or digit that distinguishes these players from others; `nil` if there are no others.
        public var part: String?
        public var objective: Objective
        public var context: History.Context
        public var windowLength: Int
        public var windowsNeeded: Int

        public init(part: String?, _ history: History) {
            self.part = part
            (objective, context) = (history.objective, history.context)
            (windowLength, windowsNeeded) = (history.windowLength, history.windowsNeeded)
        }

        /// The name under which a series of these players is stored, such as `A/loss_generator`.
        public func stored(_ series: SeriesName) -> SeriesName {
            part.map { SeriesName("\($0)/\(series.rawValue)") } ?? series
        }

        /// The series that is stored under a name; `nil` if it belongs to other players.
        public func series(stored name: SeriesName) -> SeriesName? {
            guard let part else { return name }
            guard name.rawValue.hasPrefix(part + "/") else { return nil }
            return SeriesName(String(name.rawValue.dropFirst(part.count + 1)))
        }

        /// A history without any values yet.
        func emptyHistory() -> History {
            var history = History(objective: objective, windowLength: windowLength)
            history.context = context
            history.windowsNeeded = windowsNeeded
            return history
        }
    }
}
