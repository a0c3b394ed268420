import Foundation
import Synchronization

/// A web server on 127.0.0.1 that answers each request as a test wants.
///
/// It speaks just enough HTTP/1.1: one request a connection, no body in the request.
final class LocalServer: Sendable {
    struct Request: Sendable {
        var path: String
        /// The first position of `Range: bytes=100-`.
        var rangeStart: Int?
    }

    enum Answer: Sendable {
        /// The bytes asked for, by range if the request has one and `supportsRange`.
        case file([UInt8], supportsRange: Bool = true)
        /// The head promises all bytes; the connection ends after some.
        case cutShort([UInt8], after: Int)
        /// The head and some bytes, then silence while the client stays.
        case stall([UInt8], after: Int)
        /// Not even a head, while the client stays.
        case silence
        /// A head as given, then bytes.
        case raw(String, [UInt8] = [])
        case status(Int)
    }

    let port: UInt16
    private let socket: Int32
    private let log = Mutex<[Request]>([])
    private let respond: @Sendable (Request, Int) -> Answer

    /// The requests so far.
    var requests: [Request] { log.withLock { $0 } }

    /// Starts to serve; `respond` gets the request and the number of those before it.
    init(respond: @escaping @Sendable (Request, Int) -> Answer) throws {
        self.respond = respond
        #if canImport(Darwin)
            socket = Foundation.socket(AF_INET, SOCK_STREAM, 0)
        #else
            socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, size) | listen(socket, 16) | getsockname(socket, address, &size)
            }
        }
        guard socket >= 0, status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        Thread { [weak self] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                Thread { [weak self] in
                    self?.serve(connection)
                    close(connection)
                }.start()
            }
        }.start()
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    func url(_ path: String = "/file") throws -> URL {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
        return url
    }

    private func serve(_ connection: Int32) {
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while head.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            head += buffer[..<count]
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
        let request = Request(
            path: lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? "",
            rangeStart: range.flatMap { Int($0.dropFirst(13).dropLast()) })
        let number = log.withLock { log in
            log.append(request)
            return log.count - 1
        }
        answer(respond(request, number), to: request, on: connection)
    }

    private func answer(_ answer: Answer, to request: Request, on connection: Int32) {
        func send(_ head: String, _ body: some Collection<UInt8>) {
            let bytes = Array((head + "\r\nConnection: close\r\n\r\n").utf8) + body
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { buffer in
                    Foundation.send(connection, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }
        func waitForTheClientToLeave() {
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        }
        switch answer {
        case .file(let bytes, true) where request.rangeStart.map { $0 >= bytes.count } ?? false:
            send("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0", [])
        case .file(let bytes, let supportsRange):
            if supportsRange, let start = request.rangeStart {
                send(
                    "HTTP/1.1 206 Partial Content\r\nContent-Length: \(bytes.count - start)\r\n"
                        + "Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)", bytes[start...])
            } else {
                send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)", bytes)
            }
        case .cutShort(let bytes, let count):
            send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)", bytes[..<count])
        case .stall(let bytes, let count):
            send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)", bytes[..<count])
            waitForTheClientToLeave()
        case .silence: waitForTheClientToLeave()
        case .raw(let head, let bytes): send(head, bytes)
        case .status(let code): send("HTTP/1.1 \(code) Status\r\nContent-Length: 5", Array("sorry".utf8))
        }
    }
}
