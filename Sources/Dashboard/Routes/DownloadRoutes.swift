import DataFiles
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Recipes
import Runs

/// Downloads of a run: every series in full as CSV, the sheets as a ZIP archive, and the configuration.
struct DownloadRoutes {
    let dashboard: Dashboard

    /// How many steps are read at a time.
    private static let stepsPerPart = 10_000

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/runs/:id/losses.csv") { _, context in
            let folder = try dashboard.folder(context)
            return download("\(folder.name).csv", "text/csv; charset=utf-8") { writer in
                // Skip to the next existing step: an imported run may have wide gaps.
                var (next, isFirst): (Int?, Bool) = (0, true)
                while let start = next {
                    let (steps, withHeader) = (start...start + Self.stepsPerPart, isFirst)
                    let text = try await offThread { try Self.lines(of: folder, steps, withHeader: withHeader) }
                    try await writer.write(ByteBuffer(string: text))
                    isFirst = false
                    next = try await offThread { try RunReader(folder).step(atOrAfter: steps.upperBound + 1) }
                }
            }
        }
        router.get("api/runs/:id/samples.zip") { _, context in
            let folder = try dashboard.folder(context)
            let sheets = try await offThread { try RunReader(folder).sheets() }
            return download("\(folder.name)-samples.zip", "application/zip") { writer in
                var archive = ZipWriter()
                for sheet in sheets {
                    guard let file = folder.file(relative: sheet.file),
                        let contents = try await offThread({ ImageRoutes.png(file, of: folder) })
                    else { continue }
                    let entry = archive.entry(
                        file.lastPathComponent, contents, modified: Date(timeIntervalSince1970: sheet.wallTime))
                    try await writer.write(ByteBuffer(bytes: entry))
                }
                try await writer.write(ByteBuffer(bytes: archive.end()))
            }
        }
        router.get("api/runs/:id/configuration.yaml") { _, context in
            let folder = try dashboard.folder(context)
            let yaml = try await offThread { try RunReader(folder).settingsText() }
            return download("\(folder.name).yaml", "application/yaml") { try await $0.write(ByteBuffer(string: yaml)) }
        }
    }

    private static func lines(of folder: RunFolder, _ steps: ClosedRange<Int>, withHeader: Bool) throws -> String {
        var text = ""
        var isHeader = true
        try RunReader(folder).csv(steps: steps) { line in
            if !isHeader || withHeader { text += line }
            isHeader = false
        }
        return text
    }

    /// A response that the browser saves as a file. It is streamed, so memory use does not grow with its size.
    private func download(
        _ name: String, _ type: String,
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        // The name is a run's ID: replace characters that would end the quoted string in the header.
        let plain = String(
            name.unicodeScalars.map {
                $0.isASCII && $0.value >= 32 && !"\"\\%;".unicodeScalars.contains($0) ? Character($0) : "_"
            })
        return Response(
            status: .ok, headers: [.contentType: type, .contentDisposition: "attachment; filename=\"\(plain)\""],
            body: ResponseBody { writer in
                try await write(&writer)
                try await writer.finish(nil)
            })
    }
}
