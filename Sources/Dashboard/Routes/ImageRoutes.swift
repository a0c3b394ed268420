import Diagnostics
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Runs

/// The images of a run: sheets, evidence of findings, and the centers of the bins. Each is requested by a number or a name
/// in the run's database, never by a path.
struct ImageRoutes {
    let dashboard: Dashboard

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/runs/:id/sheets/:number") { _, context in
            let folder = try dashboard.folder(context)
            guard let number = try Int64(context.parameters.require("number")) else {
                throw Problem.badRequest("Invalid sheet number; expected an integer from the run's list of sheets.")
            }
            return try await image(of: folder) { try RunReader(folder).sheetFile(number) }
        }
        router.get("api/runs/:id/findings/:pattern/:opened") { _, context in
            let folder = try dashboard.folder(context)
            guard let pattern = try Pattern(rawValue: context.parameters.require("pattern")),
                let opened = try Int(context.parameters.require("opened"))
            else { throw Problem.badRequest("Invalid finding; expected its pattern and the step at which it opened.") }
            return try await image(of: folder) {
                let record = try RunReader(folder).findings().first {
                    $0.finding.pattern == pattern && $0.openedStep == opened
                }
                return record.map(folder.image)
            }
        }
        router.get("api/runs/:id/centers") { _, context in
            let folder = try dashboard.folder(context)
            return try await image(of: folder) { folder.bins }
        }
    }

    /// Larger than any sheet.
    static let mostBytes = 64 << 20
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// A PNG file as a response. An imported run may have any file in its place, so anything but PNG is rejected.
    private func image(
        of folder: RunFolder, _ find: @escaping @Sendable () throws -> URL?
    ) async throws -> Response {
        let data = try await offThread { try find().flatMap { Self.png($0, of: folder) } }
        guard let data else { throw Problem.notFound("Image not found, or not a PNG file.") }
        return Response(
            status: .ok, headers: [.contentType: "image/png", .cacheControl: "private, max-age=31536000, immutable"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    static func png(_ file: URL, of folder: RunFolder) -> Data? {
        guard let data = folder.contents(of: file, mostBytes: mostBytes), data.starts(with: signature) else {
            return nil
        }
        return data
    }
}
