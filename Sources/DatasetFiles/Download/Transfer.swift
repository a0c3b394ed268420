import DataFiles
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// An HTTP request whose body is appended to a partial file; it blocks the calling thread until it completes.
///
/// URLSession calls the delegate on its own queue; `condition` guards all state and the file.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let address: URL
    private let partial: PartialFile
    private let maximumBytes: Int
    private let condition = NSCondition()

    private var offset: Int
    private var received: Int
    private var total: Int?
    private var hasAnswer = false
    private var lastActivity = Date()
    private var result: Result<Void, TransferProblem>?

    /// Creates a request for everything after the first `offset` bytes.
    init(_ address: URL, into partial: PartialFile, offset: Int, maximumBytes: Int) {
        self.address = address
        self.partial = partial
        self.offset = offset
        self.maximumBytes = maximumBytes
        received = offset
    }

    /// Runs the request; calls `progress` on this thread with the received and, if known, total number of bytes.
    func run(
        connectTimeout: TimeInterval, stallTimeout: TimeInterval, progress: (Int, Int?) -> Void
    ) throws(TransferProblem) {
        guard Self.isHTTP(address) else { throw .connection(.unsupportedURL) }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        // `wait` below handles timeouts, in the same way on every platform.
        configuration.timeoutIntervalForRequest = 24 * 3600
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
        defer { session.invalidateAndCancel() }

        var request = URLRequest(url: address)
        // HTTP compression would invalidate the byte offsets.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
        condition.withLock { lastActivity = Date() }
        session.dataTask(with: request).resume()
        try wait(connectTimeout, stallTimeout, progress).get()
    }

    private func wait(
        _ connectTimeout: TimeInterval, _ stallTimeout: TimeInterval, _ progress: (Int, Int?) -> Void
    ) -> Result<Void, TransferProblem> {
        var reported = -1
        while true {
            condition.lock()
            if result == nil { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1)) }
            let limit = hasAnswer ? stallTimeout : connectTimeout
            if result == nil, Date().timeIntervalSince(lastActivity) > limit {
                result = .failure(hasAnswer ? .stalled(seconds: limit) : .noAnswer(seconds: limit))
            }
            let (result, received, total) = (result, received, total)
            condition.unlock()
            if received != reported, hasProgress(result) {
                progress(received, total)
                reported = received
            }
            if let result { return result }
        }
    }

    private func hasProgress(_ result: Result<Void, TransferProblem>?) -> Bool {
        if case .failure = result { false } else { true }
    }

    // MARK: - URLSessionDataDelegate

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        guard let url = request.url, Self.isHTTP(url) else {
            finish(.failure(.refusedRedirect(request.url?.absoluteString ?? "nowhere")), task)
            return completionHandler(nil)
        }
        completionHandler(request)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        condition.withLock {
            hasAnswer = true
            lastActivity = Date()
        }
        if let problem = begin(response) { finish(.failure(problem), dataTask) }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let problem: TransferProblem? = condition.withLock {
            guard result == nil else { return nil }
            guard data.count <= maximumBytes - received else { return .tooLarge(maximumBytes: maximumBytes) }
            do {
                try partial.append(data)
            } catch {
                return .unwritable(plainReason(error))
            }
            received += data.count
            lastActivity = Date()
            return nil
        }
        if let problem { finish(.failure(problem), dataTask) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        condition.lock()
        let (received, total, hasAnswer) = (received, total, hasAnswer)
        condition.unlock()
        if let total, hasAnswer, received < total {
            finish(.failure(.incomplete(received: received, expected: total)), task)
        } else if let error {
            finish(.failure(.connection((error as? URLError)?.code ?? .unknown)), task)
        } else if !hasAnswer {
            finish(.failure(.connection(.badServerResponse)), task)
        } else {
            finish(.success(()), task)
        }
    }

    // MARK: - Steps

    /// Checks the response header and prepares the file for the body.
    private func begin(_ response: URLResponse) -> TransferProblem? {
        guard let response = response as? HTTPURLResponse else { return .connection(.badServerResponse) }
        return condition.withLock {
            guard result == nil else { return nil }
            switch response.statusCode {
            case 206:
                guard offset > 0, Self.rangeStart(response) == offset else { return .badRange }
            case 200:
                // A server without range support sends the file from the start.
                offset = 0
            default:
                return .status(response.statusCode)
            }
            do {
                try partial.truncate(to: offset)
            } catch {
                return .unwritable(plainReason(error))
            }
            received = offset
            let encoding = response.value(forHTTPHeaderField: "Content-Encoding") ?? "identity"
            // If the loader decompresses the body, its length differs from the announced one.
            if response.expectedContentLength >= 0, encoding == "identity" {
                let (sum, overflow) = offset.addingReportingOverflow(Int(clamping: response.expectedContentLength))
                guard !overflow, sum <= maximumBytes else { return .tooLarge(maximumBytes: maximumBytes) }
                total = sum
            }
            return nil
        }
    }

    private func finish(_ result: Result<Void, TransferProblem>, _ task: URLSessionTask) {
        condition.withLock {
            if self.result == nil { self.result = result }
            condition.broadcast()
        }
        if case .failure = result { task.cancel() }
    }

    /// Returns the start position from a header such as `Content-Range: bytes 100-199/200`.
    private static func rangeStart(_ response: HTTPURLResponse) -> Int? {
        guard let header = response.value(forHTTPHeaderField: "Content-Range"), header.hasPrefix("bytes ") else {
            return nil
        }
        return header.dropFirst(6).split(separator: "-", maxSplits: 1).first.flatMap { Int($0) }
    }

    private static func isHTTP(_ url: URL) -> Bool {
        ["http", "https"].contains(url.scheme?.lowercased())
    }
}
