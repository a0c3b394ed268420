import Charts
public import Foundation
import Images
import Measurements
import Recipes
public import Runs

extension RunReader {
    /// Plots the run's three losses in one chart and writes it to the run's folder as `losses.png`.
    ///
    /// - Returns: the URL of the file.
    @discardableResult
    public func writeLossChart() throws -> URL {
        let metadata = try metadata()
        let name = try metadata.label ?? metadata.program?.name ?? configuration().recipe
        let title = "Losses of \(name), \(metadata.id)"
        let url = folder.directory.appending(path: "losses.png")
        try ImageFile.write(png: LineChart(title: title, series: lossSeries()).render(), to: url)
        return url
    }

    /// The run's losses; those that were not recorded are empty.
    func lossSeries() throws -> [LineChart.Series] {
        try SeriesName.losses.map { name in
            LineChart.Series(
                name: name.rawValue,
                points: try points(of: name).map { LineChart.Point(step: $0.step, value: $0.value) })
        }
    }
}
