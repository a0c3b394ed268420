import Charts
import Images
import Testing

struct ChartPaletteTests {
    @Test func linesHaveTheColorsOfThePalette() throws {
        let image = try ChartExamples.figure.render()
        for hex: UInt32 in [0x0072B2, 0xD55E00, 0x009E73] {
            #expect(image.positions(of: RGBColor(hex: hex)).count > 300)
        }
        #expect(image.positions(of: RGBColor(hex: 0x2563EB)).isEmpty)
    }

    @Test func aPaletteIsNeverEmpty() throws {
        #expect(ChartPalette(series: []).series.count == 1)
        var chart = ChartExamples.small
        chart.palette = ChartPalette(series: [])
        #expect(try chart.render().width == 320)
    }

    /// The second round of colors is dashed, so that the two lines differ.
    @Test func repeatedColorsAreDashed() throws {
        func columns(_ count: Int) throws -> Int {
            let flat = (0..<count).map { number in
                LineChart.Series(name: "", points: [0, 1000].map { .init(step: $0, value: Double(number)) })
            }
            let color = RGBColor(red: 200, green: 0, blue: 0)
            let palette = ChartPalette(series: [color] + (1..<count).map { RGBColor(gray: UInt8(60 + $0)) })
            var chart = LineChart(title: "", series: flat + flat.prefix(1), palette: palette)
            chart.series[count].points = chart.series[count].points.map { .init(step: $0.step, value: $0.value + 0.5) }
            return Set(try chart.render().positions(of: color).filter { $0.y < 400 }.map(\.x)).count
        }
        let width = try LineChart(title: "", series: []).render().width
        #expect(try columns(2) < width * 8 / 10)
    }
}
