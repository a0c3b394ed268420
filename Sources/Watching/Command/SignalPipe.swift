import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Signals as bytes in a pipe, so that one `poll` waits for signals and files.
///
/// Signals that were ignored before, as by `nohup`, stay ignored.
final class SignalPipe {
    /// The end to wait on and to read from.
    let source: Int32
    private let target: Int32
    /// The signals that arrive here.
    private(set) var caught: [Int32] = []

    /// The end that the signal handler writes to; a handler has no other way to find it.
    nonisolated(unsafe) private static var handlerTarget: Int32 = -1
    /// The byte that stands for no signal.
    private static let wakeUp: UInt8 = 0

    /// - Throws: ``WatchError`` if no pipe can be created.
    init(_ signals: [Int32]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw WatchError("Cannot create a pipe.") }
        for end in ends {
            closeOnExecution(end)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (source, target) = (ends[0], ends[1])
        SignalPipe.handlerTarget = target
        for number in signals {
            let before = signal(number) { number in
                let before = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(SignalPipe.handlerTarget, &byte, 1)
                errno = before
            }
            if number != SIGCHLD, SignalPipe.isIgnoring(before) {
                signal(number, SIG_IGN)
            } else {
                caught.append(number)
            }
        }
    }

    private static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    deinit {
        restore()
        SignalPipe.handlerTarget = -1
        close(source)
        close(target)
    }

    /// Gives the signals their usual effect again.
    func restore() {
        for number in caught { signal(number, SIG_DFL) }
        caught = []
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
