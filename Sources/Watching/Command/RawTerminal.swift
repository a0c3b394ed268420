#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The user's terminal in raw mode, so that every key reaches the command's pseudo-terminal, which interprets it.
///
/// Nothing is changed while this process is in the background: the terminal then belongs to the shell.
final class RawTerminal {
    private var original = termios()

    /// - Returns: `nil` if standard input is not a terminal.
    init?() {
        guard tcgetattr(STDIN_FILENO, &original) == 0 else { return nil }
        enter()
    }

    deinit { restore() }

    /// Whether this process may read the terminal.
    var isForeground: Bool { tcgetpgrp(STDIN_FILENO) == getpgrp() }

    func enter() {
        guard isForeground else { return }
        var raw = original
        cfmakeraw(&raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    }

    func restore() { if isForeground { tcsetattr(STDIN_FILENO, TCSADRAIN, &original) } }
}
