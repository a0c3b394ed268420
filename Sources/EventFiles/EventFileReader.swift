import SwiftProtobuf

/// Reads the scalars of a TensorBoard event file, one event after the other.
///
/// Source: `tensorflow/core/util/event.proto` and `tensorflow/core/framework/summary.proto`.
public struct EventFileReader {
    /// The scalars of one step.
    public struct Scalars: Sendable {
        public let step: Int
        /// The values in the order of the file. Values in single precision are given by their shortest decimal, so that
        /// 0.3 stays 0.3.
        public let values: [(tag: String, value: Double)]
    }

    private var records: EventRecords
    private let source: String
    private let options: BinaryDecodingOptions = {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        return options
    }()

    /// - Parameters:
    ///   - bytes: the contents of the file.
    ///   - source: the name of the file, for errors.
    public init(_ bytes: [UInt8], source: String) {
        records = EventRecords(bytes, source: source)
        self.source = source
    }

    /// Whether the file ends in the middle of a record, as one does that is still being written.
    public var isCutShort: Bool { records.isCutShort }

    /// Adds the bytes that the file has grown by; ``next()`` then goes on with them.
    public mutating func append(_ new: some Collection<UInt8>) { records.append(new) }

    /// Reads the next event; one without scalars, such as an image, has no values.
    ///
    /// - Returns: `nil` at the end of the file.
    /// - Throws: ``EventFileError`` where the file is damaged.
    public mutating func next() throws -> Scalars? {
        guard let record = try records.next() else { return nil }
        let event: Equipoise_Tensorboard_Event
        do {
            event = try Equipoise_Tensorboard_Event(serializedBytes: record, options: options)
        } catch {
            throw EventFileError("\(source) contains a record that is not a TensorBoard event; save the file again.")
        }
        return Scalars(
            step: Int(event.step),
            values: event.summary.value.compactMap { value in value.number.map { (value.tag, $0) } })
    }
}

extension Equipoise_Tensorboard_Summary.Value {
    /// The value as a number; `nil` for an image or any other value.
    fileprivate var number: Double? {
        switch value {
        case .simpleValue(let number): shortest(number)
        case .tensor(let tensor): tensor.element
        case .image, nil: nil
        }
    }
}

extension Equipoise_Tensorboard_Tensor {
    /// The only element of a tensor of float32 or float64.
    fileprivate var element: Double? {
        switch dtype {
        case .float:
            if floatVal.count == 1 { return shortest(floatVal[0]) }
            return little(UInt32.self).map { shortest(Float(bitPattern: $0)) }
        case .double:
            if doubleVal.count == 1 { return doubleVal[0] }
            return little(UInt64.self).map(Double.init(bitPattern:))
        case .invalid, .string, .UNRECOGNIZED: return nil
        }
    }

    /// The content as one little-endian integer.
    private func little<Bits: FixedWidthInteger>(_ type: Bits.Type) -> Bits? {
        guard tensorContent.count == MemoryLayout<Bits>.size else { return nil }
        return tensorContent.reversed().reduce(0) { $0 << 8 | Bits($1) }
    }
}

/// The shortest decimal that represents a number in single precision.
private func shortest(_ number: Float) -> Double { Double(number.description) ?? Double(number) }
