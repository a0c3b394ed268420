import Charts
import Images
import Testing

struct LineChartTests {
    private let alarm = RGBColor(hex: 0xDC2626)
    private let firstSeries = RGBColor(hex: 0x2563EB)

    @Test func theSameChartGivesTheSameBytes() throws {
        let first = try PNG.encode(ChartExamples.losses.render())
        #expect(try PNG.encode(ChartExamples.losses.render()) == first)
    }

    @Test func aChartHasItsSizeAndItsLines() throws {
        let image = try ChartExamples.losses.render()
        #expect(image.width == 960 && image.height == 540 && image.channels == 3)
        for hex: UInt32 in [0x2563EB, 0xF08C00, 0x0F9D7A] {
            #expect(image.positions(of: RGBColor(hex: hex)).count > 500)
        }
        #expect(image.positions(of: alarm).isEmpty)
    }

    /// The strong line lies at the value: of a constant 1 between a 0 and a 2, in the middle of the axis.
    @Test func linesLieAtTheirValues() throws {
        func chart(_ value: Double) -> LineChart {
            let frame = [0.0, 2].map { level in
                LineChart.Series(name: "", points: [0, 100].map { .init(step: $0, value: level) })
            }
            let line = LineChart.Series(name: "", points: [0, 100].map { .init(step: $0, value: value) })
            return LineChart(title: "", series: [line] + frame, smoothing: 0)
        }
        func height(_ value: Double) throws -> Double {
            let rows = try chart(value).render().positions(of: firstSeries).filter { $0.x == 500 }.map(\.y)
            return Double(rows.reduce(0, +)) / Double(try #require(rows.isEmpty ? nil : rows.count))
        }
        let (low, middle, high) = (try height(0.5), try height(1), try height(1.5))
        #expect(abs((low + high) / 2 - middle) <= 1)
        #expect(low - high > 100)
    }

    @Test func aSpikeOfOneStepSurvives() throws {
        let points = (0..<50_000).map { LineChart.Point(step: $0, value: $0 == 25_000 ? 5 : 1 + Double($0 % 7) / 7) }
        var chart = LineChart(title: "", series: [.init(name: "", points: points)])
        func topmost() throws -> Int {
            let image = try chart.render()
            let background = RGBColor(hex: 0xF8FAFC)
            return (60..<400).first { y in
                (480..<540).contains { x in
                    let color = image.color(x, y)
                    // Tinted blue rather than the gray of grid lines.
                    return color != background && Int(color.blue) - Int(color.red) > 40
                }
            } ?? 400
        }
        let withSpike = try topmost()
        chart.series[0].points[25_000].value = 1
        chart.series[0].points[49_999].value = 5  // Keeps the axis.
        #expect(withSpike + 150 < (try topmost()))
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func valuesThatAreNotFiniteAreMarkedAndBreakTheLine(value: Double) throws {
        var points = (0..<100).map { LineChart.Point(step: $0, value: 1) }
        func lineColumns() throws -> (line: Set<Int>, marks: Set<Int>) {
            let image = try LineChart(title: "", series: [.init(name: "", points: points)]).render()
            let line = image.positions(of: firstSeries).filter { $0.y > 70 }.map(\.x)
            let marks = image.positions(of: alarm).filter { $0.y > 400 }.map(\.x)
            return (Set(line), Set(marks))
        }
        let whole = try lineColumns()
        #expect(whole.marks.isEmpty)
        for index in 40..<60 { points[index].value = value }
        let broken = try lineColumns()
        #expect(broken.marks.count >= 20)
        #expect(whole.line.subtracting(broken.line).count > 100)
    }

    @Test func chartsOfAlmostNothingAreDrawn() throws {
        let cases: [[LineChart.Point]] = [
            [], [.init(step: 0, value: .nan)], [.init(step: 5, value: 3)], [.init(step: Double.nan, value: 3)],
            [.init(step: 0, value: 0), .init(step: 0, value: 0)],
            [.init(step: -1e308, value: -1e308), .init(step: 1e308, value: 1e308)],
            [.init(step: 0, value: 5e-324), .init(step: 1, value: 1e-320)],
            [.init(step: 1e15, value: 1), .init(step: 1e15 + 1, value: 1 + 1e-16)],
            [.init(step: 3, value: 1), .init(step: 1, value: .infinity), .init(step: 2, value: -7)],
        ]
        for points in cases {
            let chart = LineChart(
                title: "Grün\n\u{1F600}", series: [.init(name: String(repeating: "long ", count: 99), points: points)],
                width: 320, height: 200)
            #expect(try chart.render().width == 320)
        }
        let many = (0..<60).map { LineChart.Series(name: "series_\($0)", points: cases[8]) }
        #expect(try LineChart(title: "", series: many, width: 320, height: 200).render().height == 200)
        let thousands = (0..<2000).map { LineChart.Series(name: "series_\($0)", points: [.init(step: $0, value: 1)]) }
        #expect(try LineChart(title: "", series: thousands).render().height == 540)
    }

    @Test func extremesDoNotFlattenTheRest() throws {
        let image = try ChartExamples.divergence.render()
        let rows = image.positions(of: RGBColor(hex: 0x0F9D7A)).filter { $0.y > 80 }.map(\.y)
        let spread = (rows.max() ?? 0) - (rows.min() ?? 0)
        #expect(spread > 30)
    }

    @Test func impossibleChartsAreRefused() {
        #expect(throws: ImageError.self) { try LineChart(title: "", series: [], width: 100).render() }
        #expect(throws: ImageError.self) { try LineChart(title: "", series: [], height: Int.max).render() }
        #expect(throws: ImageError.self) { try LineChart(title: "", series: [], smoothing: 1).render() }
        #expect(throws: ImageError.self) { try LineChart(title: "", series: [], smoothing: .nan).render() }
    }
}
