/// The value of one configuration key.
///
/// An integer and a number of equal magnitude are different values; a key of numbers accepts integers.
public enum ConfigurationValue: Hashable, Sendable {
    /// A whole number.
    case integer(Int)
    /// A number.
    case number(Double)
    /// True or false.
    case boolean(Bool)
    /// Text, or one of a key's choices.
    case text(String)
}

extension ConfigurationValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringLiteral
{
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }
}

extension ConfigurationValue: CustomStringConvertible {
    /// The value as text: `128`, `0.0002`, `true`, `mnist`.
    public var description: String {
        switch self {
        case .integer(let value): String(value)
        case .number(let value): value.plainDescription
        case .boolean(let value): String(value)
        case .text(let value): value
        }
    }
}

extension ConfigurationValue: Codable {
    /// Decodes a bare JSON value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    /// Encodes a bare JSON value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }
}

extension Double {
    /// The shortest text that parses to the same number, without an exponent between a millionth and a quadrillion.
    ///
    /// A number with an exponent also has a decimal point (`1.0e-8`), because YAML 1.1 reads `1e-8` as text.
    var plainDescription: String {
        guard isFinite else { return isNaN ? ".nan" : (self < 0 ? "-.inf" : ".inf") }
        let shortest = "\(self)"
        guard let mark = shortest.firstIndex(of: "e"), let exponent = Int(shortest[shortest.index(after: mark)...])
        else { return shortest.hasSuffix(".0") ? String(shortest.dropLast(2)) : shortest }
        let sign = self < 0 ? "-" : ""
        let digits = shortest[..<mark].filter(\.isNumber)
        if exponent < 0, exponent >= -6 {
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits.trimmingZeros
        }
        let fraction = digits.dropFirst().trimmingZeros
        return sign + digits.prefix(1) + "." + (fraction.isEmpty ? "0" : fraction) + "e"
            + (exponent > 0 ? "+" : "") + String(exponent)
    }
}

extension StringProtocol {
    /// The text without trailing zeros.
    fileprivate var trimmingZeros: String {
        var text = String(self)
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }
}
