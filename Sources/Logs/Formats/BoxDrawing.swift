/// Converts tables that are drawn with Unicode's box characters, as Rich and Polars print them.
enum BoxDrawing {
    /// The text with ASCII bars, dashes and crosses in place of the box characters; `nil` if no row begins with a
    /// vertical line.
    static func plain(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard beginsRows(text) else { return nil }
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            if let mark = mark(text, place) {
                plain.append(mark)
                place += 3
            } else {
                plain.append(text[place])
                place += 1
            }
        }
        return plain
    }

    /// The number of bytes that are searched for a table.
    private static let sample = 1 << 16

    private static func beginsRows(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var isStart = true
        var rows = 0
        for place in 0..<min(text.count, sample) {
            if text[place].isLineEnd {
                isStart = true
            } else if !text[place].isBlank {
                if isStart, mark(text, place) == UInt8(ascii: "|") { rows += 1 }
                isStart = false
            }
        }
        return rows >= 2
    }

    /// The ASCII character for a box character, U+2500 to U+257F.
    private static func mark(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt8? {
        guard text[place] == 0xE2, place + 2 < text.count, text[place + 1] & 0xFE == 0x94 else { return nil }
        let character = Int(text[place + 1] & 1) << 6 | Int(text[place + 2] & 0x3F)
        switch character {
        // │ ┃ ┆ ┇ ┊ ┋ ║
        case 0x02, 0x03, 0x06, 0x07, 0x0A, 0x0B, 0x51: return UInt8(ascii: "|")
        // ─ ━ ┄ ┅ ┈ ┉ ═
        case 0x00, 0x01, 0x04, 0x05, 0x08, 0x09, 0x50: return UInt8(ascii: "-")
        default: return UInt8(ascii: "+")
        }
    }
}
