/// Reads the fields of a protocol buffer message one after the other.
struct ProtobufFields {
    enum Content {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next(_ source: String) throws -> (number: UInt64, content: Content)? {
        guard !rest.isEmpty else { return nil }
        guard let key = varint() else { throw malformed(source) }
        let content: Content
        switch key & 7 {
        case 0:
            guard let value = varint() else { throw malformed(source) }
            content = .varint(value)
        case 1:
            guard let value = fixed(8) else { throw malformed(source) }
            content = .fixed64(value)
        case 2:
            guard let length = varint(), length <= UInt64(rest.count) else { throw malformed(source) }
            content = .bytes(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
        case 5:
            guard let value = fixed(4) else { throw malformed(source) }
            content = .fixed32(UInt32(value))
        default: throw malformed(source)
        }
        return (key >> 3, content)
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func fixed(_ count: Int) -> UInt64? {
        guard rest.count >= count else { return nil }
        let value = rest.prefix(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(count)
        return value
    }

    private func malformed(_ source: String) -> LogError {
        LogError("\(source) contains a record that is not a TensorBoard event; save the file again.")
    }
}
