/// Arranges translucent discs of one color in layers within which no two overlap.
///
/// A layer can be drawn as one shape, and the result is the same as if every disc were drawn by itself; a document becomes
/// several times smaller.
enum DiscLayers {
    private struct Cell: Hashable {
        var column: Int
        var row: Int
    }

    /// The cost grows with the number of centers, not with their density.
    static func layers(of centers: [Position], diameter: Double) -> [[Position]] {
        // Two discs that overlap lie in the same or in neighboring cells, whatever antialiasing adds at their edges.
        let side = diameter + 2
        var heights: [Cell: Int] = [:]
        var layers: [[Position]] = []
        for center in centers {
            let own = Cell(column: Int(center.x / side), row: Int(center.y / side))
            var layer = 0
            for column in own.column - 1...own.column + 1 {
                for row in own.row - 1...own.row + 1 {
                    layer = max(layer, heights[Cell(column: column, row: row)] ?? 0)
                }
            }
            heights[own] = layer + 1
            if layer == layers.count { layers.append([]) }
            layers[layer].append(center)
        }
        return layers
    }
}
