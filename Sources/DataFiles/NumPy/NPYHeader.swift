/// The header of an NPY file: a Python dictionary literal with three known keys.
struct NPYHeader: Equatable {
    var descriptor: String
    var isFortranOrder: Bool
    var shape: [Int]

    /// Parses the header, or returns a short description of the problem.
    ///
    /// Only headers as NumPy writes them are accepted: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
    static func parse(_ text: [UInt8]) -> Result<NPYHeader, NPYHeaderProblem> {
        var parser = Parser(rest: text[...])
        return Result { () throws(NPYHeaderProblem) in try parser.header() }
    }

    private struct Parser {
        var rest: ArraySlice<UInt8>

        mutating func header() throws(NPYHeaderProblem) -> NPYHeader {
            var descriptor: String?
            var isFortranOrder: Bool?
            var shape: [Int]?
            try expect("{")
            while !take("}") {
                let key = try string()
                try expect(":")
                switch key {
                case "descr" where descriptor == nil: descriptor = try descriptorValue()
                case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
                case "shape" where shape == nil: shape = try tuple()
                default: throw NPYHeaderProblem(description: "its header has an unexpected key '\(key.prefix(40))'")
                }
                if !take(",") {
                    try expect("}")
                    break
                }
            }
            skipSpace()
            guard rest.isEmpty, let descriptor, let isFortranOrder, let shape else { throw .malformed }
            return NPYHeader(descriptor: descriptor, isFortranOrder: isFortranOrder, shape: shape)
        }

        private mutating func descriptorValue() throws(NPYHeaderProblem) -> String {
            skipSpace()
            // A list describes a structured type.
            guard rest.first != UInt8(ascii: "[") else {
                throw NPYHeaderProblem(description: "it holds records with several fields")
            }
            return try string()
        }

        private mutating func string() throws(NPYHeaderProblem) -> String {
            skipSpace()
            guard let quote = rest.popFirst(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
                let end = rest.firstIndex(of: quote)
            else { throw .malformed }
            let text = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            return text
        }

        private mutating func boolean() throws(NPYHeaderProblem) -> Bool {
            if take("False") { return false }
            if take("True") { return true }
            throw .malformed
        }

        private mutating func tuple() throws(NPYHeaderProblem) -> [Int] {
            var dimensions: [Int] = []
            try expect("(")
            while !take(")") {
                skipSpace()
                let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                rest = rest[digits.endIndex...]
                guard let dimension = Int(String(decoding: digits, as: UTF8.self)) else { throw .malformed }
                dimensions.append(dimension)
                // NumPy allows at most 64 dimensions.
                guard dimensions.count <= 64 else {
                    throw NPYHeaderProblem(description: "it has more than 64 dimensions")
                }
                if !take(",") {
                    try expect(")")
                    break
                }
            }
            return dimensions
        }

        private mutating func expect(_ token: StaticString) throws(NPYHeaderProblem) {
            guard take(token) else { throw .malformed }
        }

        private mutating func take(_ token: StaticString) -> Bool {
            skipSpace()
            let bytes = Array(token.description.utf8)
            guard rest.starts(with: bytes) else { return false }
            rest = rest.dropFirst(bytes.count)
            return true
        }

        private mutating func skipSpace() {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        }
    }
}

/// A problem with an NPY header, phrased as the middle of a sentence.
struct NPYHeaderProblem: Error, CustomStringConvertible {
    var description: String

    static let malformed = NPYHeaderProblem(description: "its header cannot be parsed")
}
