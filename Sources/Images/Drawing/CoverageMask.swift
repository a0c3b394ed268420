/// The coverage of each pixel by a shape, 0 to 1; used to antialias lines, discs and letters.
///
/// Overlapping shapes in one mask combine by maximum, so a translucent line does not darken where it crosses itself.
/// Coordinates are those of the canvas: pixel (x, y) covers x to x + 1 and y to y + 1.
struct CoverageMask {
    let left: Int
    let top: Int
    let width: Int
    let height: Int
    private(set) var values: [Float]

    /// Creates an empty mask for a part of the canvas; shapes are clipped to it.
    init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = max(width, 0)
        self.height = max(height, 0)
        values = [Float](repeating: 0, count: self.width * self.height)
    }

    /// Adds a straight line with round ends, or a disc if both ends are the same point.
    mutating func stroke(from start: Position, to end: Position, thickness: Double) {
        let radius = thickness / 2
        let reach = radius + 0.5
        let along = Position(x: end.x - start.x, y: end.y - start.y)
        let squaredLength = along.x * along.x + along.y * along.y
        let rows = Self.pixels(from: min(start.y, end.y) - reach, to: max(start.y, end.y) + reach, in: top, height)
        for row in rows {
            // Only the part of the line near this row can touch it; this keeps long steep lines cheap.
            let y = Double(row) + 0.5
            var (near, far) = (0.0, 1.0)
            if abs(along.y) > 1e-9 {
                let first = (y - reach - start.y) / along.y
                let second = (y + reach - start.y) / along.y
                near = max(0, min(first, second))
                far = min(1, max(first, second))
                if near > far { continue }
            }
            let xs = (start.x + near * along.x, start.x + far * along.x)
            let columns = Self.pixels(from: min(xs.0, xs.1) - reach, to: max(xs.0, xs.1) + reach, in: left, width)
            for column in columns {
                let x = Double(column) + 0.5
                var share = 0.0
                if squaredLength > 0 {
                    share = ((x - start.x) * along.x + (y - start.y) * along.y) / squaredLength
                    share = min(max(share, 0), 1)
                }
                let dx = x - start.x - share * along.x
                let dy = y - start.y - share * along.y
                cover(column, row, Float(reach - (dx * dx + dy * dy).squareRoot()))
            }
        }
    }

    /// Adds a circle's outline.
    mutating func ring(around center: Position, radius: Double, thickness: Double) {
        let reach = radius + thickness / 2 + 0.5
        for row in Self.pixels(from: center.y - reach, to: center.y + reach, in: top, height) {
            for column in Self.pixels(from: center.x - reach, to: center.x + reach, in: left, width) {
                let dx = Double(column) + 0.5 - center.x
                let dy = Double(row) + 0.5 - center.y
                let distance = abs((dx * dx + dy * dy).squareRoot() - radius)
                cover(column, row, Float(thickness / 2 + 0.5 - distance))
            }
        }
    }

    private mutating func cover(_ column: Int, _ row: Int, _ coverage: Float) {
        guard coverage > 0 else { return }
        let index = (row - top) * width + column - left
        values[index] = max(values[index], min(coverage, 1))
    }

    /// The pixels between two coordinates, clipped to `length` pixels from `origin`.
    private static func pixels(from low: Double, to high: Double, in origin: Int, _ length: Int) -> Range<Int> {
        let lower = max(low.rounded(.down), Double(origin))
        let upper = min(high.rounded(.up), Double(origin + length))
        return lower < upper ? Int(lower)..<Int(upper) : origin..<origin
    }
}

/// A position on a canvas in pixels; x points right and y points down.
struct Position: Equatable {
    var x: Double
    var y: Double
}
