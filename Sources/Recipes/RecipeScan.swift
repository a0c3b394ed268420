/// A check of a recipe's text before the YAML parser sees it.
///
/// It rejects features that no recipe needs and that can exhaust memory: anchors and aliases (a few lines can
/// expand to billions of nodes) and deep nesting. An anchor that it misses, for example after a quote inside a multi-line plain
/// scalar, is rejected by the reader at the first node that has one.
enum RecipeScan {
    /// The largest number of brackets open at once.
    static let depthLimit = 16

    /// The reason for rejecting anchors and aliases.
    static let anchorReason = "anchors and aliases (“&” and “*”) are not accepted; write the value out, or quote it"

    /// The line of the first rejected feature and the reason, or `nil`.
    static func problem(in text: String) -> (line: Int, reason: String)? {
        var scanner = Scanner()
        for scalar in text.unicodeScalars {
            if let reason = scanner.read(scalar) { return (scanner.line, reason) }
        }
        return nil
    }

    /// Knows just enough YAML to distinguish quotes and comments from the rest.
    private struct Scanner {
        var line = 1
        private var quote: Unicode.Scalar?
        private var isEscaped = false
        private var isComment = false
        private var depth = 0
        /// Whether a value may start at the next character.
        private var isStart = true
        /// Whether the current word is a tag, which a value may follow.
        private var isTag = false
        private var previous: Unicode.Scalar = "\n"

        init() {}

        mutating func read(_ scalar: Unicode.Scalar) -> String? {
            defer { previous = scalar }
            if scalar == "\n" {
                line += 1
                isComment = false
                if quote == nil { isStart = true }
                return nil
            }
            if isComment { return nil }
            if let quote {
                if isEscaped {
                    isEscaped = false
                } else if quote == "\"", scalar == "\\" {
                    isEscaped = true
                } else if scalar == quote {
                    self.quote = nil
                }
                return nil
            }
            return readPlain(scalar)
        }

        private mutating func readPlain(_ scalar: Unicode.Scalar) -> String? {
            switch scalar {
            case " ", "\t", "\r":
                if [":", "-", "?"].contains(previous) || isTag { isStart = true }
                isTag = false
                return nil
            case "#" where [" ", "\t", "\n", "\r"].contains(previous):
                isComment = true
                return nil
            case "\"" where isStart, "'" where isStart:
                quote = scalar
            case "&" where isStart, "*" where isStart:
                return RecipeScan.anchorReason
            case "[", "{":
                depth += 1
                isStart = true
                return depth > RecipeScan.depthLimit ? "it is nested too deeply" : nil
            case "]", "}":
                depth = max(0, depth - 1)
            case ",":
                isStart = true
                return nil
            case ":" where depth > 0 || previous == "\"" || previous == "'":
                isStart = true
                return nil
            case "!" where isStart:
                isTag = true
            default: break
            }
            isStart = false
            return nil
        }
    }
}
