public import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs a command as if it had been started directly, and hands a copy of its output to a closure.
public final class CommandSession: @unchecked Sendable {
    // Unchecked, because the compiler cannot verify that other threads only call `say` and `terminate`, which use the
    // mutex, the pipe and the process identifier.

    /// How the command ended.
    public enum Ending: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)

        /// The exit code that a shell would report.
        public var exitCode: Int32 {
            switch self {
            case .exited(let code): code
            case .killed(let signal): 128 + signal
            }
        }
    }

    private let child: ChildProcess
    private let terminal: RawTerminal?
    private let signals: SignalPipe
    private let messages = Mutex<[String]>([])
    /// Whether the output ends in the middle of a line.
    private var isInLine = false
    private var interruptions = 0

    /// The time for which output is still read after the command has ended, in milliseconds.
    private static let patience: Int32 = 200

    /// Starts a command.
    ///
    /// - Throws: ``WatchError`` if it cannot be started.
    public init(_ arguments: [String]) throws {
        signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCHLD, SIGCONT])
        child = try ChildProcess(arguments)
        terminal = child.input == nil ? nil : RawTerminal()
    }

    /// Prints a line of its own between the command's lines. Can be called from any thread.
    public func say(_ line: String) {
        messages.withLock { $0.append(line) }
        signals.wake()
    }

    /// Asks the command to end.
    public func terminate() { child.send(SIGTERM) }

    /// Passes output and input on until the command has ended.
    ///
    /// - Parameter receive: receives the output.
    public func run(_ receive: (ArraySlice<UInt8>) -> Void) -> Ending {
        defer { terminal?.restore() }
        var open = child.outputs
        var input = child.input == nil ? -1 : STDIN_FILENO
        var ending: Ending?
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var waiting = open.map { pollfd(fd: $0.source, events: Int16(POLLIN), revents: 0) }
            waiting.append(pollfd(fd: signals.source, events: Int16(POLLIN), revents: 0))
            waiting.append(pollfd(fd: input, events: Int16(POLLIN), revents: 0))
            let count = poll(&waiting, nfds_t(waiting.count), ending == nil ? -1 : CommandSession.patience)
            // A process that the command left behind may keep the output open.
            if ending != nil, count == 0 { break }
            for (channel, state) in zip(open, waiting) where state.revents != 0 {
                let length = read(channel.source, &buffer, buffer.count)
                if length > 0 {
                    pass(buffer[..<length], to: channel.target)
                    receive(buffer[..<length])
                } else if length == 0 || errno != EINTR && errno != EAGAIN {
                    close(channel.source)
                    open.removeAll { $0.source == channel.source }
                }
            }
            if waiting[waiting.count - 1].revents != 0 { input = passInput(&buffer, from: input) }
            if waiting[waiting.count - 2].revents != 0 {
                for signal in signals.received() { ending = handle(signal) ?? ending }
                showMessages()
            }
            if ending == nil { ending = look() }
            if ending != nil, open.isEmpty { break }
        }
        showMessages()
        return ending ?? .exited(0)
    }

    private func pass(_ bytes: ArraySlice<UInt8>, to target: Int32) {
        isInLine = bytes.last != UInt8(ascii: "\n")
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
            if written < 0, errno != EINTR, errno != EAGAIN { return }
            rest = rest.dropFirst(max(0, written))
        }
    }

    /// Passes the user's input on; answers with the descriptor to read from next, or −1 at its end.
    private func passInput(_ buffer: inout [UInt8], from input: Int32) -> Int32 {
        let length = read(input, &buffer, buffer.count)
        guard length > 0, let target = child.input else { return errno == EINTR ? input : -1 }
        _ = buffer[..<length].withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
        return input
    }

    private func showMessages() {
        let lines = messages.withLock { lines in
            defer { lines = [] }
            return lines
        }
        guard !lines.isEmpty else { return }
        let end = terminal == nil ? "\n" : "\r\n"
        let text = (isInLine && isatty(STDERR_FILENO) == 1 ? end : "") + lines.map { $0 + end }.joined()
        isInLine = false
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    // MARK: - Signals

    private func handle(_ signal: Int32) -> Ending? {
        switch signal {
        case SIGCHLD: return nil
        case SIGWINCH: child.resize()
        case SIGINT:
            interruptions += 1
            // In the same session, the keyboard's signal has reached the command already.
            if child.hasOwnSession { child.send(SIGINT) }
            if interruptions > 2 { child.send(SIGKILL) }
        case SIGCONT: terminal?.enter()
        default: child.send(signal)
        }
        return nil
    }

    /// Follows the command's state: ends with it, and stops with it.
    private func look() -> Ending? {
        switch child.change() {
        case .exited(let code): return .exited(code)
        case .killed(let signal): return .killed(signal: signal)
        case .stopped:
            // In the same session, the keyboard has stopped this process too.
            guard child.hasOwnSession else { return nil }
            terminal?.restore()
            raise(SIGSTOP)
            terminal?.enter()
            child.send(SIGCONT)
            return nil
        case nil: return nil
        }
    }
}
