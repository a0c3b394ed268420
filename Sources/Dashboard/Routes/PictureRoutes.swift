import Diagnostics
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Runs

/// Sheets of samples, pictures of findings and of the bins' centres; each by a number or a name that the run's database knows,
/// never by a path.
struct PictureRoutes {
    let dashboard: Dashboard

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/runs/:id/sheets/:number") { _, context in
            let folder = try dashboard.folder(context)
            guard let number = try Int64(context.parameters.require("number")) else {
                throw Problem.badRequest("A sheet is asked for by its number.")
            }
            return try await picture(of: folder) { try RunReader(folder).sheetFile(number) }
        }
        router.get("api/runs/:id/findings/:pattern/:opened") { _, context in
            let folder = try dashboard.folder(context)
            guard let pattern = try Pattern(rawValue: context.parameters.require("pattern")),
                let opened = try Int(context.parameters.require("opened"))
            else { throw Problem.badRequest("A finding is asked for by its pattern and the step at which it opened.") }
            return try await picture(of: folder) {
                let record = try RunReader(folder).findings().first {
                    $0.finding.pattern == pattern && $0.openedStep == opened
                }
                return record.map(folder.picture)
            }
        }
        router.get("api/runs/:id/centres") { _, context in
            let folder = try dashboard.folder(context)
            return try await picture(of: folder) { folder.bins }
        }
    }

    /// More than a sheet ever has.
    static let mostBytes = 64 << 20
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// A PNG file. A run that came from elsewhere may have anything at its place: what is none is not shown.
    private func picture(
        of folder: RunFolder, _ find: @escaping @Sendable () throws -> URL?
    ) async throws -> Response {
        let data = try await offThread { try find().flatMap { Self.png($0, of: folder) } }
        guard let data else { throw Problem.notFound("There is no such picture.") }
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
