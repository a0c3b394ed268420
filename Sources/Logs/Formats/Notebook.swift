import Foundation

/// Extracts what the cells of a Jupyter notebook printed.
enum Notebook {
    /// The text of all outputs, or the tables among them; `nil` if the text is not a notebook.
    static func output(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard isNotebook(text),
            let page = try? JSONSerialization.jsonObject(with: Data(text)) as? [String: Any],
            let cells = page["cells"] as? [[String: Any]]
        else { return nil }
        var printed = ""
        var tables = ""
        for cell in cells {
            for output in cell["outputs"] as? [[String: Any]] ?? [] {
                printed += joined(output["text"])
                let data = output["data"] as? [String: Any] ?? [:]
                let html = joined(data["text/html"])
                if html.contains("<t") { tables += html } else { printed += joined(data["text/plain"]) + "\n" }
            }
        }
        return Array((printed.contains { $0.isNumber } || tables.isEmpty ? printed : tables).utf8)
    }

    /// Whether a text is the JSON of a notebook. The number of its format is near one of its ends, because Colab writes
    /// the state of widgets, which may be long, before the cells.
    private static func isNotebook(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.first(where: { !$0.isBlank && !$0.isLineEnd }) == UInt8(ascii: "{"), text.count < 1 << 27 else {
            return false
        }
        let ends = [text.prefix(1 << 12), text.suffix(1 << 12)].map { String(decoding: $0, as: UTF8.self) }
        return ends.contains { $0.contains("\"nbformat\"") || $0.contains("\"cells\"") }
    }

    private static func joined(_ lines: Any?) -> String {
        (lines as? [String])?.joined() ?? lines as? String ?? ""
    }
}
