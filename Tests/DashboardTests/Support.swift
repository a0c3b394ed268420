import Foundation
import Measurements
import Recipes
import Synchronization
import Testing

@testable import Dashboard
@testable import Runs

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A dashboard of a folder of runs, asked over a real socket: what is tested is what an attacker meets.
///
/// Everything that waits does so on a thread of its own: the tasks' few threads are the server's.
final class Site: Sendable {
    let runs: URL
    let server: DashboardServer
    let port: Int

    static func open(_ change: @escaping @Sendable (inout DashboardOptions) -> Void = { _ in }) async throws -> Site {
        try await onThread { try Site(change) }
    }

    private init(_ change: (inout DashboardOptions) -> Void) throws {
        runs = FileManager.default.temporaryDirectory.appending(path: "dashboard-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: runs, withIntermediateDirectories: true)
        var options = DashboardOptions(RunLibrary(directory: runs), version: "1.2.3")
        options.port = 0
        change(&options)
        server = try DashboardServer.start(options)
        port = try #require(URL(string: server.address)?.port)
    }

    deinit {
        server.stop()
        try? FileManager.default.removeItem(at: runs)
    }

    /// A finished run of so many steps.
    func run(label: String? = nil, steps: Int = 30, isFinished: Bool = true) throws -> RunWriter {
        try Site.run(in: runs, label: label, steps: steps, isFinished: isFinished)
    }

    static func run(
        in runs: URL, label: String? = nil, steps: Int = 30, isFinished: Bool = true
    ) throws -> RunWriter {
        let writer = try RunWriter.create(
            in: runs, configuration: TrainingConfiguration(),
            metadata: .captured(
                label: label, device: "CPU", threads: 1, equipoiseVersion: "1", torchVersion: "2", commandLine: ["x"]))
        for step in 1...max(1, steps) { writer.record(.loss(step)) }
        if isFinished { try writer.finish(.finished) } else { try writer.flush() }
        return writer
    }

    /// Sends bytes as they are, and reads the answer to its end.
    func send(
        _ text: String, until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }
    ) async throws -> String {
        try await onThread { try self.exchange(text, until: isEnough) }
    }

    /// A connection over which nothing was sent yet.
    func connection() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Long: the other tests may keep the tasks' threads busy for a while.
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(isConnected)
        return descriptor
    }

    private func exchange(_ text: String, until isEnough: (String) -> Bool) throws -> String {
        let descriptor = try connection()
        defer { close(descriptor) }
        try write(text, to: descriptor)
        return read(descriptor, until: isEnough)
    }

    func write(_ text: String, to descriptor: Int32) throws {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
    }

    private func read(_ descriptor: Int32, until isEnough: (String) -> Bool) -> String {
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !isEnough(String(decoding: answer, as: UTF8.self)) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer.append(contentsOf: buffer[..<count])
        }
        return String(decoding: answer, as: UTF8.self)
    }

    struct Answer {
        let status: Int
        let head, body: String
    }

    func ask(
        _ method: String = "GET", _ path: String, host: String? = nil, _ headers: [String] = [], body: String = ""
    ) async throws -> Answer {
        var lines =
            ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close"] + headers
        if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        let text = try await send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        let parts = text.components(separatedBy: "\r\n\r\n")
        let status = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
        return Answer(status: status, head: parts[0], body: parts.dropFirst().joined(separator: "\r\n\r\n"))
    }

    var origin: String { "Origin: http://127.0.0.1:\(port)" }
}

/// Does work on a thread of its own.
private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try work() }) }.start()
    }
}

extension StepRecord {
    static func loss(_ step: Int, _ value: Double? = nil) -> StepRecord {
        StepRecord(
            step: step, epoch: 1, imagesSeen: step * 10, wallTime: 1_700_000_000 + Double(step),
            values: [(.lossGenerator, value ?? Double(step))])
    }
}

/// Says once that it is the first time.
final class Once: Sendable {
    private let isOver = Atomic<Bool>(false)
    func first() -> Bool { !isOver.exchange(true, ordering: .relaxed) }
}

/// A PNG file of one pixel.
let onePixel =
    Data(
        base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
    ?? Data()
