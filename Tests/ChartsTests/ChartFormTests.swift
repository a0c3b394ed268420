import Charts
import Foundation
import Images
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The three forms of every chart: image, SVG and PDF.
struct ChartFormTests {
    @Test(arguments: ChartExamples.varied)
    func svgIsWellFormedAndTheSameEachTime(chart: any Chart) throws {
        let svg = try chart.svg()
        let document = try SVGReader(svg)
        #expect(document.root == "svg")
        #expect(
            document.attributes["width"] == "\(chart.width)px" && document.attributes["height"] == "\(chart.height)px")
        #expect(document.title == chart.title)
        #expect(document.shapes > 5)
        #expect(try chart.svg() == svg)
    }

    @Test(arguments: ChartExamples.varied)
    func pdfHasTextAndIsTheSameEachTime(chart: any Chart) throws {
        let pdf = try chart.pdf()
        #expect(pdf.starts(with: Data("%PDF-1.".utf8)))
        #expect(pdf.range(of: Data("%%EOF".utf8)) != nil)
        #expect(pdf.range(of: Data("CreationDate".utf8)) == nil)
        #expect(pdf.range(of: Data("EquipoiseCharts-Regular".utf8)) != nil)
        #expect(try chart.pdf() == pdf)
    }

    @Test(
        arguments: [
            ("<script>alert(1)</script> & \"co\"", "<script>alert(1)</script> & \"co\""),
            ("\u{600}</title>\u{600}<g>", "\u{600}</title>\u{600}<g>"),
            ("a\u{1}\u{FFFF}b\u{1F600}", "a \u{FFFD}b\u{1F600}"),
        ])
    func titlesStayText(title: String, read: String) throws {
        let chart = LineChart(title: title, series: [.init(name: title, points: [])])
        #expect(try SVGReader(chart.svg()).title == read)
        #expect(try !chart.pdf().isEmpty && chart.render().width == 960)
    }

    @Test func documentsOfLongSeriesStaySmall() throws {
        #expect(try ChartExamples.dense.svg().count < 500_000)
        #expect(try ChartExamples.dense.pdf().count < 250_000)
        #expect(try ChartExamples.ring.svg().count < 500_000)
    }

    @Test(arguments: [(1.0, 320, 200), (0.5, 160, 100), (8.0 / 3, 853, 533), (4, 1280, 800)])
    func theScaleMultipliesThePixels(scale: Double, width: Int, height: Int) throws {
        let image = try ChartExamples.small.render(scale: scale)
        #expect(image.width == width && image.height == height)
    }

    @Test(arguments: [0, -1, .nan, .infinity, 1e-9, 1000] as [Double])
    func scalesOutOfRangeAreRefused(scale: Double) {
        #expect(throws: ImageError.self) { try ChartExamples.small.render(scale: scale) }
    }

    /// Lines of the grid and the axes cover whole pixels at every scale: no pixel mixes their color with another.
    @Test(arguments: [1, 8.0 / 3, 3])
    func axesAreSharp(scale: Double) throws {
        let frame = RGBColor(hex: 0x94A3B8)
        let image = try LineChart(title: "", series: [], width: 320, height: 200).render(scale: scale)
        let row = image.height * 2 / 5
        let columns = (0..<image.width).filter { image.color($0, row) == frame }
        #expect(columns.count == Int(scale.rounded()))
        let before = try #require(columns.first) - 1
        #expect(image.color(before, row) == RGBColor(gray: 255))
    }

    @Test func chartsAreDrawnOnSeveralThreads() async throws {
        let image = try ChartExamples.small.render()
        let pdf = try ChartExamples.short.pdf()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { try ChartExamples.small.render() == image }
                group.addTask { try ChartExamples.short.pdf() == pdf }
            }
            for try await isEqual in group { #expect(isEqual) }
        }
    }
}

/// Reads what the tests need to know about an SVG document.
private final class SVGReader: NSObject, XMLParserDelegate {
    private(set) var root = ""
    private(set) var attributes: [String: String] = [:]
    private(set) var title: String?
    private(set) var shapes = 0
    private var isTitle = false

    init(_ document: Data) throws {
        super.init()
        let parser = XMLParser(data: document)
        parser.delegate = self
        try #require(parser.parse(), "\(String(describing: parser.parserError))")
    }

    func parser(
        _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
        attributes: [String: String]
    ) {
        if root.isEmpty { (root, self.attributes) = (name, attributes) }
        if name == "path" || name == "use" || name == "rect" { shapes += 1 }
        isTitle = name == "title"
    }

    func parser(_: XMLParser, didEndElement _: String, namespaceURI _: String?, qualifiedName _: String?) {
        isTitle = false
    }

    func parser(_: XMLParser, foundCharacters characters: String) {
        if isTitle { title = (title ?? "") + characters }
    }
}
