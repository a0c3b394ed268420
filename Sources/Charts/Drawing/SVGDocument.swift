import Foundation

/// Completes the SVG documents that Cairo writes.
enum SVGDocument {
    /// Adds a title, which browsers and screen readers show, and removes the name of the root group: Cairo numbers
    /// surfaces per process, so the same chart would not give the same bytes.
    static func completed(_ document: Data, title: String) -> Data {
        var result = document
        if let group = result.range(of: Data("<g id=\"surface".utf8)),
            let end = result[group.upperBound...].firstIndex(of: UInt8(ascii: ">"))
        {
            result.replaceSubrange(group.lowerBound..<end, with: Data("<g".utf8))
        }
        if let opening = result.range(of: Data("<svg".utf8)),
            let end = result[opening.upperBound...].firstIndex(of: UInt8(ascii: ">"))
        {
            result.insert(contentsOf: Data("\n<title>\(escaped(title))</title>".utf8), at: end + 1)
        }
        return result
    }

    /// Works on scalars: a "<" that forms one Character with a neighboring scalar is still "<" to a parser.
    private static func escaped(_ text: String) -> String {
        OneLine.text(text).unicodeScalars.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    }
}
