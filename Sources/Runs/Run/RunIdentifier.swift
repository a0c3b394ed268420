public import Foundation

/// The name of a run and its folder: a local date and time, and a word pair, such as `20261123-234501-brisk-otter`.
public struct RunIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// The text of the identifier.
    public let text: String

    /// Creates an identifier from its text; `nil` unless the text is a valid folder name.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 255, !text.hasPrefix("."), !text.contains("/"), !text.contains("\0")
        else { return nil }
        self.text = text
    }

    /// Creates an identifier for a run that starts at a date, with random words.
    public init(date: Date = Date(), timeZone: TimeZone = .current) {
        var generator = SystemRandomNumberGenerator()
        self.init(date: date, timeZone: timeZone, using: &generator)
    }

    /// Creates an identifier for a run that starts at a date, with words drawn from the given generator.
    public init(date: Date, timeZone: TimeZone, using generator: inout some RandomNumberGenerator) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func digits(_ value: Int?, _ count: Int = 2) -> String {
            let text = String(value ?? 0)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let day = digits(parts.year, 4) + digits(parts.month) + digits(parts.day)
        let time = digits(parts.hour) + digits(parts.minute) + digits(parts.second)
        let adjective = Self.adjectives.randomElement(using: &generator) ?? "plain"
        let animal = Self.animals.randomElement(using: &generator) ?? "otter"
        text = "\(day)-\(time)-\(adjective)-\(animal)"
    }

    /// The identifier's text.
    public var description: String { text }

    /// The word pair, such as `brisk-otter`; `nil` if the text has another form.
    public var words: String? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 4 ? "\(parts[2])-\(parts[3])" : nil
    }

    private static let adjectives = words(
        """
        agile amber ample bold brave breezy bright brisk calm candid cheery clear clever cosy crisp curious dapper
        deft eager early easy fair fancy fine fleet fond free fresh gentle glad golden grand happy hardy honest jolly
        keen kind lively loyal lucid lucky merry mild modest neat nimble noble placid plucky polite prime proud quick
        quiet rapid ready silver smart snug sober steady sunny swift
        """)

    private static let animals = words(
        """
        badger beaver bison bittern bobcat caracal cheetah cicada condor corgi cougar crane cricket curlew dingo
        dolphin dormouse eagle egret ermine falcon ferret finch gannet gazelle gecko gibbon heron hoopoe ibex ibis
        jackal jaguar kestrel kingfisher kiwi lapwing lemur leopard linnet lynx magpie manatee marmot marten merlin
        narwhal newt ocelot oriole osprey otter panther petrel plover puffin quail raven robin salmon starling stoat
        swallow walrus
        """)

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

extension RunIdentifier: Codable {
    /// Decodes a bare string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let identifier = RunIdentifier(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a run identifier")
        }
        self = identifier
    }

    /// Encodes a bare string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
