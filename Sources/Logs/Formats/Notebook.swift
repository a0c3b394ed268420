import Foundation

/// What the cells of a Jupyter notebook have printed.
enum Notebook {
    /// The text of all outputs, or the tables among them; `nil` if this is no notebook.
    static func output(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let head = String(decoding: text.prefix(1 << 12), as: UTF8.self)
        guard head.hasPrefix("{"), head.contains("\"cells\""), text.count < 1 << 27,
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

    private static func joined(_ lines: Any?) -> String {
        (lines as? [String])?.joined() ?? lines as? String ?? ""
    }
}
