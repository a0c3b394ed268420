import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Signals as bytes in a pipe, so that one `poll` waits for signals and files.
final class SignalPipe {
    /// The end to wait on and to read from.
    let source: Int32
    private let target: Int32
    private let signals: [Int32]

    /// The end that the signal handler writes to; a handler has no other way to find it.
    nonisolated(unsafe) private static var handlerTarget: Int32 = -1
    /// The byte that stands for no signal.
    private static let wakeUp: UInt8 = 0

    /// - Throws: ``WatchError`` if no pipe can be made.
    init(_ signals: [Int32]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw WatchError("No pipe could be made.") }
        for end in ends {
            closeOnExecution(end)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (source, target, self.signals) = (ends[0], ends[1], signals)
        SignalPipe.handlerTarget = target
        for number in signals {
            signal(number) { number in
                let before = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(SignalPipe.handlerTarget, &byte, 1)
                errno = before
            }
        }
    }

    deinit {
        for number in signals { signal(number, SIG_DFL) }
        SignalPipe.handlerTarget = -1
        close(source)
        close(target)
    }

    /// Ends a wait. Can be called from any thread.
    func wake() {
        var byte = SignalPipe.wakeUp
        _ = write(target, &byte, 1)
    }

    /// The signals since the last call.
    func received() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(source, &bytes, bytes.count)
        return bytes.prefix(max(0, count)).filter { $0 != SignalPipe.wakeUp }.map(Int32.init)
    }
}
