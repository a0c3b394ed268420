import Crypto
public import Foundation
import UserFolders

/// A report as a self-contained HTML file with charts, sheets and the diagnosis. It makes no network requests.
public enum ReportPage {
    /// The style sheet and script modules that the dashboard shares, by file name.
    public static let parts: [String: [UInt8]] = [
        "base.css": PackageResources.base_css, "dom.js": PackageResources.dom_js, "chart.js": PackageResources.chart_js,
        "sheets.js": PackageResources.sheets_js, "diagnosis.js": PackageResources.diagnosis_js,
        "layers.js": PackageResources.layers_js,
    ]

    /// - Parameter plotly: the source of Plotly.js, minified.
    public static func html(_ contents: ReportContents, plotly: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The run's texts are embedded in a script element, so escape everything that could end the element. Work on
        // scalars: a "<" that forms one Character with a neighboring scalar is still "<" to a browser.
        let data = String(decoding: try encoder.encode(contents), as: UTF8.self).unicodeScalars.map { scalar in
            ["<", "\u{2028}", "\u{2029}"].contains(scalar)
                ? String(format: "\\u%04x", scalar.value) : String(scalar)
        }.joined()
        let style = text(PackageResources.base_css) + text(PackageResources.report_css)
        let plotly = plotly.replacing("</script", with: "<\\/script")
        let script = script()
        // Allow only these scripts and this style, and the empty style that Plotly.js creates to add its rules to.
        let parts = [
            "STYLE": style, "DATA": data, "SCRIPT": script, "PLOTLY": plotly,
            "HASHES": "\(hash(plotly)) \(hash(script))", "STYLEHASHES": "\(hash(style)) \(hash(""))",
        ]
        // Split the template once, so that inserted text is never mistaken for a placeholder.
        return text(PackageResources.report_html).components(separatedBy: "/*").enumerated().map { index, piece in
            guard index > 0, let end = piece.range(of: "*/"), let part = parts[String(piece[..<end.lowerBound])] else {
                return index == 0 ? piece : "/*" + piece
            }
            return part + piece[end.upperBound...]
        }.joined()
    }

    /// All modules as one script, since a page opened from disk cannot import modules.
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

/// The location of Plotly.js, which `Scripts/bootstrap` extracts from the official Python wheel.
public enum Plotly {
    /// The version of the Plotly Python package that provides the script.
    public static let version = "7.1.0"

    /// The path in `EQUIPOISE_PLOTLY`, or `equipoise/plotly/VERSION/plotly.min.js` in the user's cache folder.
    public static var file: URL {
        if let path = ProcessInfo.processInfo.environment["EQUIPOISE_PLOTLY"] { return URL(fileURLWithPath: path) }
        return UserCache.folder().appending(path: "plotly/\(version)/plotly.min.js")
    }
}
