import Foundation

/// Reads numbers as programs print them, from bytes and without creating strings.
enum NumberText {
    /// A number read at a place in a text.
    struct Reading {
        /// The value; `nil` if the text marks it as missing, as `None` does.
        var value: Double?
        /// The place after the number.
        var end: Int
        /// Whether the number consists of digits alone, so that it may be a counter.
        var isWhole: Bool
    }

    /// The words that libraries write before a parenthesized number, as in `tensor(0.5, device='cuda:0')`.
    static let wrappers: Set<String> = [
        "tensor", "array", "float", "float32", "float64", "np.float32", "np.float64", "numpy.float32", "tf.Tensor",
        "DeviceArray", "Array",
    ]

    /// The number in `tensor(1.5, …)`, `[0.5]` or `12 %`.
    static func wrapped(_ words: String) -> Double? {
        var rest = words[...]
        if let parenthesis = rest.firstIndex(of: "("), wrappers.contains(String(rest[..<parenthesis])) {
            rest = rest[rest.index(after: parenthesis)...]
        }
        if rest.hasPrefix("[") { rest = rest.dropFirst() }
        guard rest.count < words.count || rest.hasSuffix("%") else { return nil }
        let number = rest.prefix { "0123456789.eE+-naifNAIF".contains($0) }
        return Double(number)
    }

    private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

    /// Reads the number that begins at a place: digits with a point or exponent, `nan`, `inf`, or a word for a missing
    /// value.
    ///
    /// - Parameter allowsThousands: whether `1,234,567` is one number.
    /// - Returns: `nil` if no number begins there.
    static func read(_ text: UnsafeBufferPointer<UInt8>, at start: Int, allowsThousands: Bool = false) -> Reading? {
        var place = start
        var isNegative = false
        if place < text.count, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") {
            isNegative = text[place] == UInt8(ascii: "-")
            place += 1
        } else if place < text.count, text[place] == minusSign[0], text[start...].starts(with: minusSign) {
            isNegative = true
            place += minusSign.count
        }
        guard place < text.count else { return nil }
        let first = text[place]
        guard first.isDigit || first == UInt8(ascii: ".") else {
            return word(text, at: place, isNegative: isNegative, hasSign: place > start)
        }
        return digits(text, at: place, start: start, isNegative: isNegative, allowsThousands: allowsThousands)
    }

    /// Reads a whole cell of a table.
    static func read(cell: UnsafeBufferPointer<UInt8>) -> Reading? {
        guard let reading = read(cell, at: 0, allowsThousands: true), reading.end == cell.count else { return nil }
        return reading
    }

    /// U+2212, the typographical minus sign.
    private static let minusSign: [UInt8] = [0xE2, 0x88, 0x92]

    private static func digits(
        _ text: UnsafeBufferPointer<UInt8>, at first: Int, start: Int, isNegative: Bool, allowsThousands: Bool
    ) -> Reading? {
        var place = first
        var mantissa: UInt64 = 0
        var kept = 0
        var exponent = 0
        var hasDigits = false
        var isWhole = true
        var hasThousands = false
        func take(_ digit: UInt8, isFraction: Bool) {
            hasDigits = true
            if kept < 19 {
                mantissa = mantissa * 10 + UInt64(digit - UInt8(ascii: "0"))
                if mantissa > 0 { kept += 1 }
                if isFraction { exponent -= 1 }
            } else if !isFraction {
                exponent += 1
            }
        }
        while place < text.count {
            if text[place].isDigit {
                take(text[place], isFraction: false)
                place += 1
            } else if allowsThousands, text[place] == UInt8(ascii: ","), place - first <= 3 || hasThousands,
                isGroup(text, after: place)
            {
                hasThousands = true
                place += 1
            } else {
                break
            }
        }
        if place < text.count, text[place] == UInt8(ascii: "."),
            place + 1 >= text.count || text[place + 1] != text[place]
        {
            isWhole = false
            place += 1
            while place < text.count, text[place].isDigit {
                take(text[place], isFraction: true)
                place += 1
            }
        }
        guard hasDigits else { return nil }
        if let (power, end) = exponentPart(text, at: place) {
            exponent = max(-100_000, min(100_000, exponent + power))
            place = end
            isWhole = false
        }
        let value: Double
        if kept < 16, abs(exponent) <= 22 {
            // Both are exact, so their product or quotient is rounded only once.
            let magnitude = Double(mantissa)
            value = exponent < 0 ? magnitude / powers[-exponent] : magnitude * powers[exponent]
        } else {
            let digits = String(decoding: text[first..<place], as: UTF8.self).replacing(",", with: "")
            value = Double(digits) ?? Double(digits.hasSuffix(".") ? digits + "0" : digits) ?? .nan
        }
        return Reading(value: isNegative ? -value : value, end: place, isWhole: isWhole)
    }

    /// Whether exactly three digits follow a comma.
    private static func isGroup(_ text: UnsafeBufferPointer<UInt8>, after comma: Int) -> Bool {
        guard comma + 3 < text.count, text[comma + 1].isDigit, text[comma + 2].isDigit, text[comma + 3].isDigit else {
            return false
        }
        return comma + 4 >= text.count || !text[comma + 4].isDigit
    }

    /// Reads an exponent such as `e-05` or `E+3`. If it has more digits than any number's, only its sign matters.
    private static func exponentPart(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> (power: Int, end: Int)? {
        guard start < text.count, text[start] | 0x20 == UInt8(ascii: "e") else { return nil }
        var place = start + 1
        var isNegative = false
        if place < text.count, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") {
            isNegative = text[place] == UInt8(ascii: "-")
            place += 1
        }
        guard place < text.count, text[place].isDigit else { return nil }
        var power = 0
        while place < text.count, text[place].isDigit {
            power = min(100_000, power * 10 + Int(text[place] - UInt8(ascii: "0")))
            place += 1
        }
        return (isNegative ? -power : power, place)
    }

    private static let words: [(text: [UInt8], value: Double?)] = [
        ("nan", Double.nan), ("infinity", .infinity), ("inf", .infinity), ("none", nil), ("null", nil), ("n/a", nil),
        ("na", nil),
    ].map { (Array($0.utf8), $1) }

    private static func word(
        _ text: UnsafeBufferPointer<UInt8>, at place: Int, isNegative: Bool, hasSign: Bool
    ) -> Reading? {
        let first = text[place] | 0x20
        guard first == UInt8(ascii: "n") || first == UInt8(ascii: "i") else { return nil }
        for (word, value) in words where place + word.count <= text.count {
            guard zip(text[place..<place + word.count], word).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { continue }
            let end = place + word.count
            guard end == text.count || !text[end].isWordByte else { continue }
            guard value != nil || !hasSign else { return nil }
            return Reading(value: value.map { isNegative ? -$0 : $0 }, end: end, isWhole: false)
        }
        return nil
    }
}

extension UInt8 {
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
    /// Whether the byte belongs to a word: a letter, a digit, an underscore, or a part of a character outside ASCII.
    var isWordByte: Bool { isLetter || isDigit || self == UInt8(ascii: "_") || self >= 0x80 }
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
