/// A look at a recipe's text before the YAML parser sees it.
///
/// Refuses what a recipe never needs and what can be used to exhaust memory: anchors and aliases (a few lines can
/// expand to billions of nodes) and deep nesting. What slips past it, as a quote inside a plain text of several lines
/// may let it, the reader refuses at the first node that has an anchor.
enum RecipeScan {
    /// The most brackets that may be open at once.
    static let depthLimit = 16

    /// Why anchors and aliases are refused.
    static let anchorReason = "anchors and aliases (“&” and “*”) are not accepted; write the value out, or quote it"

    /// The line of the first thing refused and the reason, or `nil`.
    static func problem(in text: String) -> (line: Int, reason: String)? {
        var scanner = Scanner()
        for scalar in text.unicodeScalars {
            if let reason = scanner.read(scalar) { return (scanner.line, reason) }
        }
        return nil
    }

    /// Knows just enough of YAML to tell quotes and comments from the rest.
    private struct Scanner {
        var line = 1
        private var quote: Unicode.Scalar?
        private var isEscaped = false
        private var isComment = false
        private var depth = 0
        /// Whether a value may start at the next character.
        private var isStart = true
        /// Whether the current word is a tag, after which a value still may start.
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
