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
        abstract: "Write one HTML file about runs that opens anywhere: charts, samples, diagnosis.",
        discussion: """
            Examples:
              equipoise report latest
              equipoise report first second -o comparison.html
              equipoise report latest --format svg -o losses.svg
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case html, png, svg }

    @Argument(help: ArgumentHelp("One or more runs.", valueName: "runs")) var names: [String]
    @Option(help: "html: everything. png, svg: one run's losses as a figure for a paper.") var format = Format.html
    @Option(name: [.customShort("o"), .long], help: "The file; report.html, or .png or .svg, without it.") var output:
        String?
    @OptionGroup var runs: RunsOption

    func validate() throws {
        guard !names.isEmpty else { throw ValidationError("Name at least one run.") }
        guard output?.isEmpty != true else { throw ValidationError("-o needs a file.") }
        guard format == .html || names.count == 1 else {
            throw ValidationError("A figure shows one run, but \(names.count) are named.")
        }
    }

    func run() throws {
        let console = Console()
        let url = URL(fileURLWithPath: output ?? "report.\(format.rawValue)")
        let readers = try names.map(runs.reader)
        let bytes =
            switch format {
            case .html: try page(readers, console)
            case .png: Data(try PNG.encode(LossFigure(readers[0]).picture()))
            case .svg: Data(try LossFigure(readers[0]).svg().utf8)
            }
        let file = try OutputFile(url)
        try file.write(bytes)
        try file.finish()
        console.line("Written to \(url.path)")
    }

    private func page(_ readers: [RunReader], _ console: Console) throws -> Data {
        guard let plotly = try? String(contentsOf: Plotly.file, encoding: .utf8) else {
            throw CommandError(
                "The charts need Plotly.js, which is not at \(Plotly.file.path); run Scripts/bootstrap, or set EQUIPOISE_PLOTLY."
            )
        }
        let contents = try ReportContents(readers) { console.warning($0) }
        return Data(try ReportPage.html(contents, plotly: plotly).utf8)
    }
}
