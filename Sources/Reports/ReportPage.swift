import Crypto
public import Foundation
import UserFolders

/// A report as one HTML file that opens anywhere: charts, sheets and diagnosis, without any request.
public enum ReportPage {
    /// The parts of a page that a dashboard shows too, by their names: style and script modules.
    public static let parts: [String: [UInt8]] = [
        "base.css": PackageResources.base_css, "dom.js": PackageResources.dom_js, "chart.js": PackageResources.chart_js,
        "sheets.js": PackageResources.sheets_js, "diagnosis.js": PackageResources.diagnosis_js,
        "layers.js": PackageResources.layers_js,
    ]

    /// - Parameter plotly: Plotly.js, minified.
    public static func html(_ contents: ReportContents, plotly: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A run's own words are data inside of a script element: nothing in them may end it. By scalars, since "<" after a
        // character that joins it is one all the same to a browser.
        let data = String(decoding: try encoder.encode(contents), as: UTF8.self).unicodeScalars.map { scalar in
            ["<", "\u{2028}", "\u{2029}"].contains(scalar)
                ? String(format: "\\u%04x", scalar.value) : String(scalar)
        }.joined()
        let style = text(PackageResources.base_css) + text(PackageResources.report_css)
        let plotly = plotly.replacing("</script", with: "<\\/script")
        let script = script()
        // Only these scripts and this style run, and the empty one that Plotly.js makes to put its rules into.
        let parts = [
            "STYLE": style, "DATA": data, "SCRIPT": script, "PLOTLY": plotly,
            "HASHES": "\(hash(plotly)) \(hash(script))", "STYLEHASHES": "\(hash(style)) \(hash(""))",
        ]
        // The template is divided once, so that nothing that is put in is taken for a place.
        return text(PackageResources.report_html).components(separatedBy: "/*").enumerated().map { index, piece in
            guard index > 0, let end = piece.range(of: "*/"), let part = parts[String(piece[..<end.lowerBound])] else {
                return index == 0 ? piece : "/*" + piece
            }
            return part + piece[end.upperBound...]
        }.joined()
    }

    /// The modules as one script: a file that was opened from a disk can import none.
    private static func script() -> String {
        let modules = [
            PackageResources.dom_js, PackageResources.chart_js, PackageResources.sheets_js,
            PackageResources.layers_js, PackageResources.diagnosis_js, PackageResources.report_js,
        ]
        let lines = modules.flatMap { text($0).split(separator: "\n") }.filter { !$0.hasPrefix("import ") }
        let plain = lines.map { $0.hasPrefix("export ") ? $0.dropFirst(7) : $0 }
        return "\"use strict\";\n(() => {\n\(plain.joined(separator: "\n"))\n})();\n"
    }

    private static func hash(_ text: String) -> String {
        "'sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())'"
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Where Plotly.js lies: `Scripts/bootstrap` takes it out of its official wheel.
public enum Plotly {
    /// The version of Plotly's Python package whose script is used.
    public static let version = "7.1.0"

    /// `EQUIPOISE_PLOTLY`, or `equipoise/plotly/VERSION/plotly.min.js` in the user's cache.
    public static var file: URL {
        if let path = ProcessInfo.processInfo.environment["EQUIPOISE_PLOTLY"] { return URL(fileURLWithPath: path) }
        return UserCache.folder().appending(path: "plotly/\(version)/plotly.min.js")
    }
}
