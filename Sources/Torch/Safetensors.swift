public import Foundation

/// Named tensors in one file in the safetensors format: an eight-byte header length, a JSON header with each tensor's
/// type, shape and byte range, then the data. Python reads it with `safetensors.torch.load_file`.
///
/// Source: https://github.com/huggingface/safetensors (format description in its README).
public struct Safetensors {
    /// The tensors by name; on the CPU if they were read from a file.
    public var tensors: [String: Tensor]
    /// Free-form text by key.
    public var metadata: [String: String]

    public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// Returns the tensor with this name and, if given, this shape.
    ///
    /// - Throws: `TorchError` of kind `malformedFile` if the tensor is missing or has another shape.
    public func tensor(_ name: String, shape: [Int]? = nil) throws(TorchError) -> Tensor {
        guard let tensor = tensors[name] else {
            throw TorchError(.malformedFile, "The file has no tensor named \"\(name)\".")
        }
        if let shape, tensor.shape != shape {
            throw TorchError(
                .malformedFile, "The tensor \"\(name)\" has shape \(tensor.shape), expected \(shape).")
        }
        return tensor
    }

    /// Returns the tensor with this name and with the shape and type of another.
    public func tensor(_ name: String, like other: Tensor) throws(TorchError) -> Tensor {
        let tensor = try tensor(name, shape: other.shape)
        guard tensor.dtype == other.dtype else {
            throw TorchError(
                .malformedFile, "The tensor \"\(name)\" has type \(tensor.dtype), expected \(other.dtype).")
        }
        return tensor
    }
}

// MARK: - Writing

extension Safetensors {
    /// Writes the file and waits until it is on disk. This is not atomic: write to a temporary file and rename it.
    public func write(to url: URL) throws(TorchError) {
        let file = try DurableFile(creating: url)
        let names = tensors.keys.sorted()
        var header: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            header.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for name in names {
            guard let tensor = tensors[name] else { continue }
            let end = offset + tensor.count * tensor.dtype.size
            header.append(
                "\(quoted(name)):{\"dtype\":\"\(tensor.dtype.safetensorsName)\",\"shape\":\(tensor.shape),"
                    + "\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(header.joined(separator: ","))}".utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        try file.write(length)
        try file.write(text)
        for name in names {
            if let tensor = tensors[name] { try file.write(tensor.bytes()) }
        }
        try file.synchronize()
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

// MARK: - Reading

extension Safetensors {
    /// The longest accepted header, in bytes; the format's reference library has the same limit.
    private static let longestHeader = 100_000_000

    /// Reads a file. Every number in the header is validated against the file size before it is used.
    public init(contentsOf url: URL) throws(TorchError) {
        let data: Data
        do {
            data = try Data(contentsOf: url, options: .alwaysMapped)
        } catch {
            throw TorchError(.fileSystem, "\(url.path) could not be read: \(error.localizedDescription)")
        }
        try self.init(data, source: url.path)
    }

    /// Reads a file from memory; `source` names it in error messages.
    public init(_ data: Data, source: String) throws(TorchError) {
        func malformed(_ what: String) -> TorchError {
            TorchError(.malformedFile, "\(source) is not a complete safetensors file: \(what).")
        }
        guard data.count >= 8 else { throw malformed("it has \(data.count) bytes, too few for the length field") }
        let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Self.longestHeader), Int(length) <= data.count - 8 else {
            throw malformed("its header length of \(length) exceeds 100 MB or the \(data.count - 8) bytes that follow")
        }
        let body = data.dropFirst(8 + Int(length))
        guard let header = try? JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(Int(length))),
            let entries = header as? [String: Any]
        else { throw malformed("its header is not a JSON object") }

        self.init()
        var ranges: [Range<Int>] = []
        for (name, value) in entries {
            if name == "__metadata__" {
                guard let texts = value as? [String: String] else { throw malformed("its metadata is not text") }
                metadata = texts
                continue
            }
            let entry: Entry
            do throws(Entry.Problem) {
                entry = try Entry(value, bytesAvailable: body.count)
            } catch {
                throw malformed("\"\(name)\" \(error.what)")
            }
            ranges.append(entry.range)
            let outcome = body.dropFirst(entry.range.lowerBound).prefix(entry.range.count).withUnsafeBytes { bytes in
                Result { () throws(TorchError) in try Tensor(bytes: bytes, shape: entry.shape, dtype: entry.dtype) }
            }
            tensors[name] = try outcome.get()
        }
        var end = 0
        for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            guard range.lowerBound == end else { throw malformed("its tensors overlap or leave gaps at byte \(end)") }
            end = range.upperBound
        }
        guard end == body.count else { throw malformed("\(body.count - end) bytes belong to no tensor") }
    }

    /// One tensor's entry in the header.
    private struct Entry {
        let dtype: DType
        let shape: [Int]
        let range: Range<Int>

        struct Problem: Error { let what: String }

        init(_ value: Any, bytesAvailable: Int) throws(Problem) {
            guard let fields = value as? [String: Any], let type = fields["dtype"] as? String,
                let shape = fields["shape"] as? [Int], let offsets = fields["data_offsets"] as? [Int]
            else { throw Problem(what: "has no valid dtype, shape or data_offsets") }
            guard let dtype = DType.allCases.first(where: { $0.safetensorsName == type }) else {
                throw Problem(what: "has the unknown dtype \(type)")
            }
            guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= bytesAvailable else {
                throw Problem(what: "has data_offsets \(offsets), out of range for \(bytesAvailable) bytes of data")
            }
            var size = dtype.size
            for length in shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: length)
                guard length >= 0, !overflow else { throw Problem(what: "has the invalid shape \(shape)") }
                size = product
            }
            guard size == offsets[1] - offsets[0] else {
                throw Problem(what: "of shape \(shape) needs \(size) bytes, but has \(offsets[1] - offsets[0])")
            }
            self.dtype = dtype
            self.shape = shape
            self.range = offsets[0]..<offsets[1]
        }
    }
}

extension DType {
    fileprivate var safetensorsName: String {
        switch self {
        case .uint8: "U8"
        case .int8: "I8"
        case .int16: "I16"
        case .int32: "I32"
        case .int64: "I64"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float32: "F32"
        case .float64: "F64"
        case .bool: "BOOL"
        }
    }
}
