import HTTPTypes
import Hummingbird
import NIOCore

/// Stands before every route: asks ``Access``, bounds what is asked, and puts the headers on every answer, errors too.
struct Gate: RouterMiddleware {
    typealias Context = BasicRequestContext

    let access: Access

    /// Longer ones no page of ours asks for.
    private static let longestURI = 8192

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = await answer(request, context, next)
        for (name, value) in Gate.headers where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    private func answer(
        _ request: Request, _ context: Context, _ next: (Request, Context) async throws -> Response
    ) async -> Response {
        guard request.uri.string.utf8.count <= Gate.longestURI else {
            return .problem(.uriTooLong, "What is asked for is too long.")
        }
        var credentials = Access.Credentials(
            host: request.head.authority, origin: request.headers[.origin], fetchSite: request.headers[.fetchSite],
            authorization: request.headers[.authorization], cookie: request.headers[.cookie])
        credentials.isWrite = ![.get, .head].contains(request.method)
        credentials.isNavigation = !credentials.isWrite && request.uri.path == "/"
        switch access.answer(credentials) {
        case .granted: break
        case .refused(let reason): return .problem(.forbidden, reason)
        case .tokenNeeded:
            if credentials.isNavigation, let response = enter(request) { return response }
            return .problem(
                .unauthorized, "This dashboard needs its token: open the address that it printed when it was started.")
        }
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return .problem(problem.status, problem.sentence)
        } catch let error as any HTTPResponseError {
            return .problem(
                error.status, error.status == .notFound ? "There is nothing here." : error.status.reasonPhrase)
        } catch is CancellationError {
            return .problem(.serviceUnavailable, "The dashboard is being closed.")
        } catch {
            return .problem(.internalServerError, "\(error)")
        }
    }

    /// Who shows the token once, in the address, gets a cookie in its place, and an address without it.
    private func enter(_ request: Request) -> Response? {
        guard let shown = Query(request).text("token"), access.isToken(shown), let session = access.session else {
            return nil
        }
        return Response(
            status: .seeOther,
            headers: [
                .location: "/",
                .setCookie:
                    "\(access.cookieName(at: request.head.authority))=\(session); HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000",
            ])
    }

    /// Scripts and pictures of our own only. The one style that is allowed beside the style sheet is an empty one, which
    /// Plotly.js makes to put its rules into.
    private static let headers: [(HTTPField.Name, String)] = [
        (
            .contentSecurityPolicy,
            "default-src 'none'; script-src 'self'; "
                + "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self' data: blob:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        (.xContentTypeOptions, "nosniff"), (.referrerPolicy, "no-referrer"),
        (.crossOriginResourcePolicy, "same-origin"), (.crossOriginOpenerPolicy, "same-origin"),
        (.cacheControl, "no-store"),
    ]
}

/// Why a request is not answered with what it asks for.
struct Problem: Error {
    var status: HTTPResponse.Status
    var sentence: String

    static func notFound(_ sentence: String) -> Problem { Problem(status: .notFound, sentence: sentence) }
    static func badRequest(_ sentence: String) -> Problem { Problem(status: .badRequest, sentence: sentence) }
}

extension Response {
    /// A sentence as plain text, which no browser takes for a page.
    static func problem(_ status: HTTPResponse.Status, _ sentence: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: sentence + "\n")))
    }
}

extension HTTPField.Name {
    static func ours(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header's name") }
        return name
    }
    static let fetchSite = ours("Sec-Fetch-Site")
    static let referrerPolicy = ours("Referrer-Policy")
    static let crossOriginOpenerPolicy = ours("Cross-Origin-Opener-Policy")
}
