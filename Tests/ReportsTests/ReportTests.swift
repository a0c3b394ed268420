import Foundation
import Measurements
import Recipes
import Reports
import Runs
import Testing

@Suite struct SeriesReductionTests {
    private func points(_ values: [Double]) -> [SeriesPoint] {
        values.enumerated().map {
            SeriesPoint(step: $0 + 1, epoch: 1, imagesSeen: $0, wallTime: 0, value: $1)
        }
    }

    @Test func spikesSurvive() {
        var values = (0..<100_000).map { sin(Double($0) / 500) }
        values[31_415] = 90
        values[77_777] = -70
        let reduced = SeriesReduction(points(values), buckets: 500)
        #expect(reduced.steps.count <= 1000 && reduced.values.max() == 90 && reduced.values.min() == -70)
        #expect(reduced.steps == reduced.steps.sorted() && Set(reduced.steps).count == reduced.steps.count)
        // Every value is one of the series, at its own step.
        for (step, value) in zip(reduced.steps, reduced.values) { #expect(values[step - 1] == value) }
    }

    @Test func aShortSeriesStaysAsItIs() {
        let reduced = SeriesReduction(points([3, 1, 2]), buckets: 10)
        #expect(reduced.steps == [1, 2, 3] && reduced.values == [3, 1, 2] && reduced.marks.isEmpty)
    }

    @Test func valuesThatAreNotFiniteAreMarked() {
        var values = [Double](repeating: 1, count: 5000)
        (values[9], values[19], values[29]) = (.nan, .infinity, -.infinity)
        let reduced = SeriesReduction(points(values), buckets: 20)
        #expect(reduced.marks.map(\.step) == [10, 20, 30])
        #expect(reduced.marks.map(\.value) == ["NaN", "Infinity", "-Infinity"])
        let isFinite = reduced.values.allSatisfy(\.isFinite)
        #expect(isFinite)
        #expect(SeriesReduction([], buckets: 5).steps.isEmpty)
    }
}

@Suite struct ReportPageTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "equipoise-report-\(UUID().uuidString)")

    /// The second joins "<" to a character before it, the third is one of the template's places.
    @Test(arguments: [
        "</script><img src=x onerror=alert(1)>", "\u{600}</script>\u{600}<script>alert(1)", "/*SCRIPT*/</script>",
    ])
    func whatARunSaysStaysText(_ hostile: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = TrainingConfiguration()
        configuration.recipe = hostile
        let writer = try RunWriter.create(
            in: folder, configuration: configuration,
            metadata: RunMetadata.captured(
                label: hostile, device: "CPU", threads: 1, equipoiseVersion: "1", torchVersion: "2",
                commandLine: [hostile]))
        for step in 1...30 {
            writer.record(
                StepRecord(
                    step: step, epoch: 1, imagesSeen: step, wallTime: 1, values: [(.lossGenerator, Double(step))]))
        }
        try writer.finish(.finished)
        let svg = try String(decoding: LossFigure(RunReader(writer.folder)).svg(), as: UTF8.self)
        #expect(!svg.unicodeScalars.map(String.init).joined(separator: " ").contains("< / s c r i p t"))
        #expect(svg.contains("<title>Losses of "))
        let contents = try ReportContents([RunReader(writer.folder)])
        let page = try ReportPage.html(contents, plotly: "window.Plotly = '</script>';")
        // The page's own elements, and none more.
        let scalars = page.unicodeScalars.map(String.init).joined(separator: " ")
        #expect(scalars.components(separatedBy: "< / s c r i p t >").count == 4)
        #expect(page.contains("document.title = contents.title"))
        #expect(page.contains("default-src 'none'"))
        // The name of a namespace is no address that is asked.
        let addresses = page.replacing("http://www.w3.org/2000/svg", with: "")
        #expect(!addresses.contains("http://") && !addresses.contains("https://"))
    }
}
