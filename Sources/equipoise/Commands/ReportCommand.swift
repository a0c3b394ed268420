import ArgumentParser
import DatasetFiles
import Foundation
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
            """)

    @Argument(help: ArgumentHelp("One or more runs.", valueName: "runs")) var names: [String]
    @Option(name: [.customShort("o"), .long], help: "The file.") var output = "report.html"
    @OptionGroup var runs: RunsOption

    func validate() throws {
        guard !names.isEmpty else { throw ValidationError("Name at least one run.") }
        guard !output.isEmpty else { throw ValidationError("-o needs a file.") }
    }

    func run() throws {
        let console = Console()
        guard let plotly = try? String(contentsOf: Plotly.file, encoding: .utf8) else {
            throw CommandError(
                "The charts need Plotly.js, which is not at \(Plotly.file.path); run Scripts/bootstrap, or set EQUIPOISE_PLOTLY."
            )
        }
        let contents = try ReportContents(names.map(runs.reader)) { console.warning($0) }
        let page = try ReportPage.html(contents, plotly: plotly)
        let url = URL(fileURLWithPath: output)
        let file = try OutputFile(url)
        try file.write(Data(page.utf8))
        try file.finish()
        console.line("Written to \(url.path)")
    }
}
