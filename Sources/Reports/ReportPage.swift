public import Foundation

/// A report as one HTML file that opens anywhere: charts, sheets and diagnosis, without any request.
public enum ReportPage {
    /// - Parameter plotly: Plotly.js, minified.
    public static func html(_ contents: ReportContents, plotly: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A run's own words are data inside of a script element: nothing in them may end it. By scalars, since "<" after a character that
        // joins it is one all the same to a browser.
        let data = String(decoding: try encoder.encode(contents), as: UTF8.self).unicodeScalars.map { scalar in
            ["<", "\u{2028}", "\u{2029}"].contains(scalar)
                ? String(format: "\\u%04x", scalar.value) : String(scalar)
        }.joined()
        let parts = [
            "STYLE": text(PackageResources.report_css), "DATA": data, "SCRIPT": text(PackageResources.report_js),
            "PLOTLY": plotly.replacing("</script", with: "<\\/script"),
        ]
        // The template is divided once, so that nothing that is put in is taken for a place.
        return text(PackageResources.report_html).components(separatedBy: "/*").enumerated().map { index, piece in
            guard index > 0, let end = piece.range(of: "*/"), let part = parts[String(piece[..<end.lowerBound])] else {
                return index == 0 ? piece : "/*" + piece
            }
            return part + piece[end.upperBound...]
        }.joined()
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
