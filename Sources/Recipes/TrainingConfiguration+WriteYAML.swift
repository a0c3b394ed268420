extension TrainingConfiguration {
    /// The configuration as a recipe: every key, nested, in the table's order.
    public var yaml: String {
        var lines: [String] = []
        var open: [Substring] = []
        for key in TrainingConfiguration.keys {
            var components = key.path.split(separator: ".")
            let name = components.removeLast()
            var shared = 0
            while shared < min(open.count, components.count), open[shared] == components[shared] { shared += 1 }
            for depth in shared..<components.count {
                lines.append(String(repeating: "  ", count: depth) + components[depth] + ":")
            }
            open = components
            let value = key.read(self)
            let text: String =
                if case .text(let text) = value { text.yamlScalar } else { value.description }
            lines.append(String(repeating: "  ", count: components.count) + name + ": " + text)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    /// The text as a YAML scalar that reads back as text: plain where that is safe, else in double quotes.
    fileprivate var yamlScalar: String {
        let isPlain: (Unicode.Scalar) -> Bool = {
            $0.isASCII
                && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_./+-".unicodeScalars.contains($0))
        }
        let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
        if let first = unicodeScalars.first, first == "/" || (first.isASCII && first.properties.isAlphabetic),
            unicodeScalars.allSatisfy(isPlain), !words.contains(lowercased())
        {
            return self
        }
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _
            where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
                || [0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff].contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
