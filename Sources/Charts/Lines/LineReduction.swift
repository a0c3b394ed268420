/// Reduces a line to the points that can be seen.
enum LineReduction {
    /// Keeps the smallest and the largest point of each column, in their order, so that no spike is lost.
    ///
    /// - Parameter column: the column of a step; equal for points that are next to each other in the image.
    static func extremes(of run: [LineChart.Point], column: (Double) -> Int) -> [LineChart.Point] {
        var result: [LineChart.Point] = []
        var start = run.startIndex
        while start < run.endIndex {
            let current = column(run[start].step)
            var (end, least, most) = (start, start, start)
            while end < run.endIndex, column(run[end].step) == current {
                if run[end].value < run[least].value { least = end }
                if run[end].value > run[most].value { most = end }
                end += 1
            }
            // The line starts and ends where the series does.
            var kept: Set = [least, most]
            if start == run.startIndex { kept.insert(start) }
            if end == run.endIndex { kept.insert(end - 1) }
            for index in kept.sorted() { result.append(run[index]) }
            start = end
        }
        return result
    }
}
