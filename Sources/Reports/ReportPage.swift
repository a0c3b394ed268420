public import Foundation

/// A report as one HTML file that opens anywhere: charts, sheets and diagnosis, without any request.
public enum ReportPage {
    /// - Parameter plotly: Plotly.js, minified.
    public static func html(_ contents: ReportContents, plotly: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A run's own words are data inside of a script element: nothing in them may end it.
        let data = String(decoding: try encoder.encode(contents), as: UTF8.self)
            .unicodeScalars.map { $0 == "<" ? "\\u003c" : String($0) }.joined().replacing("\u{2028}", with: "\\u2028")
            .replacing(
                "\u{2029}", with: "\\u2029")
        let script = plotly.replacing("</script", with: "<\\/script")
        return text(PackageResources.report_html)
            .replacing("/*STYLE*/", with: text(PackageResources.report_css), maxReplacements: 1)
            .replacing("/*PLOTLY*/", with: script, maxReplacements: 1)
            .replacing("/*DATA*/", with: data, maxReplacements: 1)
            .replacing("/*SCRIPT*/", with: text(PackageResources.report_js), maxReplacements: 1)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Where Plotly.js lies: `Scripts/bootstrap` takes it out of its official wheel.
public enum Plotly {
    /// The version of Plotly's Python package whose script is used.
    public static let version = "7.1.0"

    /// `EQUIPOISE_PLOTLY`, or `equipoise/plotly/VERSION/plotly.min.js` in the user's cache.
    public static var file: URL {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["EQUIPOISE_PLOTLY"] { return URL(fileURLWithPath: path) }
        let cache =
            environment["XDG_CACHE_HOME"].map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
        return cache.appending(path: "equipoise/plotly/\(version)/plotly.min.js")
    }
}
