import HTTPTypes
import Hummingbird
import NIOCore

/// The middleware in front of every route. It checks ``Access``, limits the URI, and adds the headers to every response,
/// including errors.
struct Gate: RouterMiddleware {
    typealias Context = BasicRequestContext

    let access: Access

    /// Longer than any URI that the dashboard's page requests.
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
            return .problem(.uriTooLong, "The request URI is too long. Ask for fewer runs or series at once.")
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
                .unauthorized, "This dashboard needs its token. Open the address that was printed when it started.")
        }
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return .problem(problem.status, problem.sentence)
        } catch let error as any HTTPResponseError {
            return .problem(
                error.status, error.status == .notFound ? "Not found; start at /." : error.status.reasonPhrase)
        } catch is CancellationError {
            return .problem(.serviceUnavailable, "The dashboard is shutting down. Restart it, then reload the page.")
        } catch {
            return .problem(.internalServerError, "\(error)")
        }
    }

    /// Exchanges a token in the address for a cookie, and redirects to the address without the token.
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

    /// Allows only the dashboard's own scripts and images. The only inline style allowed is an empty one, which Plotly.js
    /// creates to add its rules to.
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

/// The reason that a request failed, with the response's status.
struct Problem: Error {
    var status: HTTPResponse.Status
    var sentence: String

    static func notFound(_ sentence: String) -> Problem { Problem(status: .notFound, sentence: sentence) }
    static func badRequest(_ sentence: String) -> Problem { Problem(status: .badRequest, sentence: sentence) }
}

extension Response {
    /// An error message as plain text, so that browsers do not interpret it as HTML.
    static func problem(_ status: HTTPResponse.Status, _ sentence: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: sentence + "\n")))
    }
}

extension HTTPField.Name {
    static func ours(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a valid header name") }
        return name
    }
    static let fetchSite = ours("Sec-Fetch-Site")
    static let referrerPolicy = ours("Referrer-Policy")
    static let crossOriginOpenerPolicy = ours("Cross-Origin-Opener-Policy")
}
