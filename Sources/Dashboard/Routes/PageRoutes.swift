import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Reports

/// The dashboard's page files and Plotly.js.
struct PageRoutes {
    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    func add(to router: Router<BasicRequestContext>) {
        var files = ReportPage.parts.merging(DashboardPage.files) { $1 }
        let index = String(decoding: files["index.html"] ?? [], as: UTF8.self)
        files["index.html"] = Array(index.replacing("PLOTLY_VERSION", with: Plotly.version).utf8)
        let all = files
        router.get("/") { _, _ in PageRoutes.file("index.html", all) ?? .problem(.notFound, "Not found; start at /.") }
        router.get("page/:name") { _, context in
            // The name selects one of the embedded files; no file is read from disk.
            guard let response = PageRoutes.file(try context.parameters.require("name"), all) else {
                throw Problem.notFound("Not found; start at /.")
            }
            return response
        }
        router.get("page/plotly/:version") { _, context in
            guard try context.parameters.require("version") == "\(Plotly.version).js" else {
                throw Problem.notFound("Not found; start at /.")
            }
            guard let bytes = try? await offThread({ try Data(contentsOf: Plotly.file) }) else {
                throw Problem.notFound(
                    "Plotly.js not found at \(Plotly.file.path). Run Scripts/bootstrap or set EQUIPOISE_PLOTLY.")
            }
            var response = PageRoutes.response(ByteBuffer(bytes: bytes), type: "js")
            response.headers[.cacheControl] = "private, max-age=31536000, immutable"
            return response
        }
    }

    private static func file(_ name: String, _ files: [String: [UInt8]]) -> Response? {
        guard let bytes = files[name] else { return nil }
        return response(ByteBuffer(bytes: bytes), type: name.split(separator: ".").last.map(String.init) ?? "")
    }

    private static func response(_ bytes: ByteBuffer, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: types[type] ?? "application/octet-stream", .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: bytes))
    }
}

/// The dashboard's embedded files by name.
enum DashboardPage {
    static let files: [String: [UInt8]] = [
        "index.html": PackageResources.index_html, "dashboard.css": PackageResources.dashboard_css,
        "icon.svg": PackageResources.icon_svg, "dashboard.js": PackageResources.dashboard_js,
        "api.js": PackageResources.api_js, "runs.js": PackageResources.runs_js,
        "query.js": PackageResources.query_js, "run.js": PackageResources.run_js,
        "series.js": PackageResources.series_js, "bins.js": PackageResources.bins_js,
        "classes.js": PackageResources.classes_js,
        "notes.js": PackageResources.notes_js, "compare.js": PackageResources.compare_js,
        "live.js": PackageResources.live_js,
    ]
}
