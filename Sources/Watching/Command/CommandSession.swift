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
    private let hasEnded = Mutex(false)
    /// Whether the output ends in the middle of a line.
    private var isInLine = false
    /// How often Ctrl-C was pressed in a row, and when last.
    private var interruptions = (count: 0, last: ContinuousClock.now)

    /// The time for which output is still read after the command has ended, in milliseconds: without a pause and in
    /// all. A process that the command left behind may keep the output open.
    private static let (patience, longestPatience) = (Int32(200), Duration.seconds(2))
    /// Presses of Ctrl-C within this time count as a row.
    private static let row = Duration.seconds(2)

    /// Starts a command.
    ///
    /// - Throws: ``WatchError`` if it cannot be started.
    public init(_ arguments: [String]) throws {
        signals = try SignalPipe([
            SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCHLD, SIGCONT,
        ])
        child = try ChildProcess(arguments, resetting: signals.caught)
        terminal = child.input == nil ? nil : RawTerminal()
    }

    /// Prints a line between the command's lines. Can be called from any thread.
    public func printLine(_ line: String) {
        guard !hasEnded.withLock({ $0 }) else {
            CommandSession.print(line + "\n")
            return
        }
        messages.withLock { $0.append(line) }
        signals.wake()
    }

    /// Asks the command and all processes that it started to end. Can be called from any thread.
    ///
    /// - Returns: false if the command has ended already.
    public func terminate() -> Bool {
        hasEnded.withLock { hasEnded in
            if !hasEnded { child.terminate() }
            return !hasEnded
        }
    }

    /// Passes output and input on until the command has ended.
    ///
    /// - Parameter receive: receives the output.
    public func run(_ receive: (ArraySlice<UInt8>) -> Void) -> Ending {
        var open = child.outputs
        // A pseudo-terminal that is closed ends the command, so all stay open.
        defer {
            terminal?.restore()
            signals.restore()
            child.outputs.forEach { close($0.source) }
        }
        var hasInput = child.input != nil
        var ending: Ending?
        var end = ContinuousClock.now
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let input = hasInput && terminal?.isForeground == true ? STDIN_FILENO : -1
            var waiting = open.map { pollfd(fd: $0.source, events: Int16(POLLIN), revents: 0) }
            waiting.append(pollfd(fd: signals.source, events: Int16(POLLIN), revents: 0))
            waiting.append(pollfd(fd: input, events: Int16(POLLIN), revents: 0))
            let count = poll(&waiting, nfds_t(waiting.count), ending == nil ? -1 : CommandSession.patience)
            if ending != nil, count == 0 || .now - end > CommandSession.longestPatience { break }
            for (channel, state) in zip(open, waiting) where state.revents != 0 {
                let length = read(channel.source, &buffer, buffer.count)
                if length > 0 {
                    pass(buffer[..<length], to: channel.target)
                    receive(buffer[..<length])
                } else if length == 0 || errno != EINTR && errno != EAGAIN {
                    open.removeAll { $0.source == channel.source }
                    if channel.source == child.input { hasInput = false }
                }
            }
            if waiting[waiting.count - 1].revents != 0 { hasInput = passInput(&buffer) && hasInput }
            if waiting[waiting.count - 2].revents != 0 {
                signals.received().forEach(handle)
                showMessages()
            }
            if ending == nil {
                ending = checkState()
                if ending != nil {
                    end = .now
                    hasEnded.withLock { $0 = true }
                }
            }
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

    /// Passes the user's input on.
    ///
    /// - Returns: false at its end.
    private func passInput(_ buffer: inout [UInt8]) -> Bool {
        let length = read(STDIN_FILENO, &buffer, buffer.count)
        guard length > 0, let target = child.input else { return length < 0 && (errno == EINTR || errno == EAGAIN) }
        let bytes = buffer[..<length]
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
            if written < 0, errno != EINTR { break }
            rest = rest.dropFirst(max(0, written))
        }
        actOnKeys(bytes, target)
        return true
    }

    /// Acts on Ctrl-C and Ctrl-Z, unless the command reads these keys itself.
    private func actOnKeys(_ bytes: ArraySlice<UInt8>, _ target: Int32) {
        var settings = termios()
        guard tcgetattr(target, &settings) == 0, settings.c_lflag & tcflag_t(ISIG) != 0 else { return }
        let keys = withUnsafeBytes(of: settings.c_cc) { Array($0) }
        if bytes.contains(keys[Int(VINTR)]) { countInterruption() }
        // The kernel does not stop a session without a parent in it, as the command's is.
        if bytes.contains(keys[Int(VSUSP)]) { child.send(SIGSTOP) }
    }

    /// Kills a command that ignores Ctrl-C twice in a row.
    private func countInterruption() {
        let isInRow = .now - interruptions.last < CommandSession.row
        interruptions = (isInRow ? interruptions.count + 1 : 1, .now)
        if interruptions.count > 2 { child.send(SIGKILL) }
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
        CommandSession.print(text)
    }

    private static func print(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    // MARK: - Signals

    private func handle(_ signal: Int32) {
        switch signal {
        case SIGCHLD: break
        case SIGWINCH: child.resize()
        case SIGCONT: terminal?.enter()
        case SIGINT:
            countInterruption()
            // In the same session, the keyboard's signal has reached the command already.
            if child.hasOwnSession { child.send(SIGINT) }
        default: child.send(signal)
        }
    }

    /// Follows the command's state: ends with it, and stops with it.
    private func checkState() -> Ending? {
        switch child.change() {
        case .exited(let code): return .exited(code)
        case .killed(let signal): return .killed(signal: signal)
        case .stopped:
            // In the same session, the keyboard has stopped this process too.
            guard child.hasOwnSession else { return nil }
            terminal?.restore()
            // A program around this one, such as make, stops too.
            kill(0, SIGSTOP)
            terminal?.enter()
            child.send(SIGCONT)
            return nil
        case nil: return nil
        }
    }
}
