public import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A client of an MLflow server's REST API. It sends one request at a time and blocks the calling thread. It does not
/// follow redirects.
///
/// Source: mlflow.org/docs/latest/rest-api.html.
public struct MLflowClient: Sendable {
    /// The server's address, such as `http://127.0.0.1:5000`.
    public let server: URL
    private let authorization: String?
    private let timeout: TimeInterval

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - environment: the source of `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, or
    ///     `MLFLOW_TRACKING_TOKEN`, as in MLflow's own client; a user name takes precedence.
    ///   - timeout: the time limit of one request in seconds.
    /// - Throws: `ExportError` if the address is not an http or https address or contains credentials.
    public init(
        server text: String, environment: [String: String] = ProcessInfo.processInfo.environment,
        timeout: TimeInterval = 10
    ) throws {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()), url.host != nil else {
            throw ExportError(
                "“\(text)” is not the address of an MLflow server; use a form such as http://127.0.0.1:5000.")
        }
        guard url.user == nil, url.password == nil else {
            throw ExportError(
                "The address of an MLflow server must not contain a user name or password, since it is saved with the run; set "
                    + "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD instead.")
        }
        // Normalize the address, since a server's runs are found again by it.
        let path = url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
        let port = url.port.map { ":\($0)" } ?? ""
        server = URL(string: "\(url.scheme?.lowercased() ?? "")://\(url.host?.lowercased() ?? "")\(port)\(path)") ?? url
        self.timeout = timeout
        if let name = environment["MLFLOW_TRACKING_USERNAME"] {
            let pair = "\(name):\(environment["MLFLOW_TRACKING_PASSWORD"] ?? "")"
            authorization = "Basic \(Data(pair.utf8).base64EncodedString())"
        } else {
            authorization = environment["MLFLOW_TRACKING_TOKEN"].map { "Bearer \($0)" }
        }
    }

    /// The reason why a request failed.
    public struct Failure: Error, CustomStringConvertible {
        /// The HTTP status; `nil` if there was no response.
        public let status: Int?
        /// MLflow's error code, such as `RESOURCE_DOES_NOT_EXIST`.
        public let code: String?
        public let description: String

        /// Whether the same request may succeed later.
        var isPassing: Bool { status.map { [408, 429, 500, 502, 503, 504].contains($0) } ?? true }
    }

    /// MLflow uses snake case.
    static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return encoder
    }

    static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    func get<Answer: Decodable>(_ path: String, _ query: [String: String]) throws -> Answer {
        try repeating { try decode(send("GET", "api/2.0/mlflow/\(path)", query: query, body: nil, type: nil)) }
    }

    /// - Parameter once: whether the request must not be repeated when its response was lost, because it is not
    ///   idempotent.
    @discardableResult
    func post<Answer: Decodable>(_ path: String, _ body: some Encodable, once: Bool = false) throws -> Answer {
        let data = try MLflowClient.encoder.encode(body)
        return try repeating(times: once ? 0 : MLflowClient.repetitions) {
            try decode(send("POST", "api/2.0/mlflow/\(path)", query: [:], body: data, type: "application/json"))
        }
    }

    private static let repetitions = 3
    private static let firstPause = 0.2

    /// Repeats a request after transient failures, with a pause that doubles each time.
    private func repeating<Answer>(times: Int = repetitions, _ request: () throws -> Answer) throws -> Answer {
        var pause = MLflowClient.firstPause
        for _ in 0..<times {
            do {
                return try request()
            } catch let failure as Failure where failure.isPassing {
                Thread.sleep(forTimeInterval: pause)
                pause *= 2
            }
        }
        return try request()
    }

    /// Uploads a file to a run's artifacts.
    ///
    /// - Parameter path: the path components, starting at the root of the artifacts.
    func put(artifact path: [String], _ data: Data, type: String) throws {
        _ = try repeating {
            try send(
                "PUT", (["api/2.0/mlflow-artifacts/artifacts"] + path).joined(separator: "/"), query: [:], body: data,
                type: type)
        }
    }

    private func decode<Answer: Decodable>(_ data: Data) throws -> Answer {
        do {
            return try MLflowClient.decoder.decode(Answer.self, from: data.isEmpty ? Data("{}".utf8) : data)
        } catch {
            throw ExportError("\(server.absoluteString) does not respond like an MLflow server; check the address.")
        }
    }

    private func send(_ method: String, _ path: String, query: [String: String], body: Data?, type: String?) throws
        -> Data
    {
        guard var components = URLComponents(url: server, resolvingAgainstBaseURL: false) else {
            throw ExportError("\(server) is not a valid address.")
        }
        let base = components.path.hasSuffix("/") ? String(components.path.dropLast()) : components.path
        components.path = "\(base)/\(path)"
        if !query.isEmpty {
            components.queryItems = query.sorted { $0.key < $1.key }.map { URLQueryItem(name: $0.key, value: $0.value) }
        }
        // A plus sign in a path is literal, but a server may decode it as a space.
        components.percentEncodedPath = components.percentEncodedPath.replacingOccurrences(of: "+", with: "%2B")
        guard let url = components.url else { throw ExportError("\(server) is not a valid address.") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        request.timeoutInterval = timeout
        if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        if let authorization { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
        return try Exchange(request, timeout: timeout).run()
    }
}

/// One request and its response. The session calls the delegate on its own queue; the lock guards all state.
private final class Exchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let request: URLRequest
    private let timeout: TimeInterval
    private let condition = NSCondition()
    private var body = Data()
    private var response: HTTPURLResponse?
    private var isDone = false
    private var problem: (any Error)?

    private static let largestAnswer = 64 << 20

    init(_ request: URLRequest, timeout: TimeInterval) {
        self.request = request
        self.timeout = timeout
    }

    func run() throws -> Data {
        let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        session.dataTask(with: request).resume()
        let deadline = Date(timeIntervalSinceNow: timeout)
        condition.lock()
        while !isDone, condition.wait(until: deadline) {}
        let (isDone, problem, response, body) = (isDone, problem, response, body)
        condition.unlock()
        let place = request.url.map { "\($0.host ?? ""):\($0.port ?? ($0.scheme == "https" ? 443 : 80))" } ?? ""
        guard isDone, problem == nil, let response else {
            let reason =
                isDone ? problem?.localizedDescription ?? "no response" : "no response within \(Int(timeout)) s"
            throw MLflowClient.Failure(
                status: nil, code: nil, description: "The MLflow server at \(place) cannot be reached: \(reason).")
        }
        guard response.statusCode == 200 else {
            struct Message: Decodable { let errorCode: String?, message: String? }
            let message = try? MLflowClient.decoder.decode(Message.self, from: body)
            throw MLflowClient.Failure(
                status: response.statusCode, code: message?.errorCode,
                description:
                    "The MLflow server at \(place) rejected the request: \(message?.message ?? "status \(response.statusCode)")."
            )
        }
        return body
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        condition.withLock {
            body += data
            if body.count > Exchange.largestAnswer { dataTask.cancel() }
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        condition.withLock {
            response = task.response as? HTTPURLResponse
            problem = error
            isDone = true
            condition.broadcast()
        }
    }
}
