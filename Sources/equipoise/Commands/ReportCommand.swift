import ArgumentParser
import DataFiles
import Foundation
import Images
import Recipes
import Reports
import Runs

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a self-contained HTML report of runs: charts, samples, diagnosis.",
        discussion: """
            Examples:
              equipoise report latest
              equipoise report first second -o comparison.html
              equipoise report latest --format svg -o losses.svg
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case html, png, svg, pdf }

    @Argument(help: ArgumentHelp("One or more runs.", valueName: "runs")) var names: [String]
    @Option(help: "html: the report. png, svg, pdf: one run's losses as a figure for papers.") var format = Format.html
    @Option(
        name: [.customShort("o"), .long],
        help: "Output file. Default: report.html, report.png, report.svg or report.pdf.")
    var output: String?
    @OptionGroup var runs: RunsOption

    func validate() throws {
        guard !names.isEmpty else { throw ValidationError("Name at least one run.") }
        guard output?.isEmpty != true else { throw ValidationError("-o needs a file name.") }
        guard format == .html || names.count == 1 else {
            throw ValidationError("--format \(format.rawValue) plots one run, but \(names.count) are named.")
        }
    }

    func run() throws {
        let console = Console()
        let url = URL(fileURLWithPath: output ?? "report.\(format.rawValue)")
        let readers = try names.map(runs.reader)
        let bytes =
            switch format {
            case .html: try page(readers, console)
            case .png: Data(try PNG.encode(LossFigure(readers[0]).image()))
            case .svg: try LossFigure(readers[0]).svg()
            case .pdf: try LossFigure(readers[0]).pdf()
            }
        let file = try OutputFile(url)
        try file.write(bytes)
        try file.finish()
        console.line("Written to \(url.path)")
    }

    private func page(_ readers: [RunReader], _ console: Console) throws -> Data {
        guard let plotly = try? String(contentsOf: Plotly.file, encoding: .utf8) else {
            throw CommandError(
                "Plotly.js, which draws the charts, was not found at \(Plotly.file.path); run Scripts/bootstrap, or set EQUIPOISE_PLOTLY."
            )
        }
        let contents = try ReportContents(readers) { console.warning($0) }
        return Data(try ReportPage.html(contents, plotly: plotly).utf8)
    }
}
