import Foundation

/// Extracts the tables of an HTML page or notebook as text with tabs between cells; other text is left out.
enum HTMLTables {
    /// Whether a text contains an HTML table.
    static func isIn(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let head = String(decoding: text.prefix(1 << 14), as: UTF8.self).lowercased()
        return (head.contains("<table") || head.contains("<tr")) && (head.contains("<td") || head.contains("<th"))
    }

    /// The rows of the table that has the most.
    static func text(of html: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var tables: [(text: [UInt8], rows: Int)] = [([], 0)]
        var row: [[UInt8]] = []
        var cell: [UInt8]?
        var place = 0
        func endCell() {
            if let bytes = cell { row.append(bytes) }
            cell = nil
        }
        func endRow() {
            endCell()
            if !row.isEmpty {
                tables[tables.count - 1].text +=
                    Array(row.joined(separator: [UInt8(ascii: "\t")])) + [UInt8(ascii: "\n")]
                tables[tables.count - 1].rows += 1
            }
            row = []
        }
        while place < html.count {
            guard html[place] == UInt8(ascii: "<"), place + 1 < html.count,
                html[place + 1].isLetter || html[place + 1] == UInt8(ascii: "/")
            else {
                if cell != nil, !html[place].isLineEnd, html[place] != UInt8(ascii: "\t") { cell?.append(html[place]) }
                place += 1
                continue
            }
            var end = place + 1
            while end < html.count, html[end].isLetter || html[end] == UInt8(ascii: "/") { end += 1 }
            let tag = String(decoding: html[(place + 1)..<end], as: UTF8.self).lowercased()
            while end < html.count, html[end] != UInt8(ascii: ">") { end += 1 }
            place = end + 1
            switch tag {
            case "table":
                endRow()
                tables.append(([], 0))
            case "tr", "/tr", "/table": endRow()
            case "td", "th":
                endCell()
                cell = []
            case "/td", "/th": endCell()
            default: break
            }
        }
        endRow()
        return tables.max { $0.rows < $1.rows }?.text ?? []
    }
}
