import Foundation

/// Several series in one chart of Braille dots, two by four to a character.
struct TerminalChart {
    struct Line {
        let name: String
        let values: [Double]
    }

    let lines: [Line]
    var width = 72
    var height = 12
    /// Whether to distinguish the lines by color; without color they are drawn in separate charts.
    var isColored: Bool

    private static let colors = ["\u{1B}[34m", "\u{1B}[33m", "\u{1B}[32m", "\u{1B}[35m"]
    private static let dots: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    func render() -> [String] {
        guard isColored else {
            return lines.flatMap { line in
                var single = TerminalChart(lines: [line], width: width, height: 5, isColored: true)
                single.height = 5
                return single.render().map { $0.replacing(/\u{1B}\[[0-9]*m/, with: "") }
            }
        }
        let finite = lines.flatMap(\.values).filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return ["no finite values to plot"] }
        let range = max(high - low, 1e-9)
        var cells = [[(dots: UInt32, line: Int)]](
            repeating: [(dots: UInt32, line: Int)](repeating: (0, 0), count: width), count: height)
        for (index, line) in lines.enumerated() {
            for column in 0..<width * 2 {
                guard let value = line.mean(column, of: width * 2) else { continue }
                let row = Int(((high - value) / range * Double(height * 4 - 1)).rounded())
                cells[row / 4][column / 2].dots |= TerminalChart.dots[row % 4][column % 2]
                cells[row / 4][column / 2].line = index
            }
        }
        let labels = [0: high, height - 1: low]
        let chart = cells.enumerated().map { row, cells in
            let label = labels[row].map { String(format: "%8.3f", $0) } ?? String(repeating: " ", count: 8)
            return label + " │" + cells.map(character).joined()
        }
        let legend = lines.enumerated().map { "\(TerminalChart.colors[$0 % 4])━━\u{1B}[0m \($1.name)" }
        return ["          " + legend.joined(separator: "   ")] + chart
    }

    private func character(_ cell: (dots: UInt32, line: Int)) -> String {
        guard cell.dots != 0, let scalar = Unicode.Scalar(0x2800 + cell.dots) else { return " " }
        return TerminalChart.colors[cell.line % 4] + String(Character(scalar)) + "\u{1B}[0m"
    }
}

extension TerminalChart.Line {
    /// The mean of the finite values in one of `count` columns.
    fileprivate func mean(_ column: Int, of count: Int) -> Double? {
        guard !values.isEmpty else { return nil }
        let start = column * values.count / count
        let end = max(start + 1, (column + 1) * values.count / count)
        let part = values[start..<min(end, values.count)].filter(\.isFinite)
        return part.isEmpty ? nil : part.reduce(0, +) / Double(part.count)
    }
}
