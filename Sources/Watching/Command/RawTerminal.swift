#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The user's terminal in raw mode, so that every key reaches the command's pseudo-terminal, which interprets it.
final class RawTerminal {
    private var original = termios()

    /// - Returns: `nil` if standard input is not a terminal.
    init?() {
        guard tcgetattr(STDIN_FILENO, &original) == 0 else { return nil }
        enter()
    }

    deinit { restore() }

    func enter() {
        var raw = original
        cfmakeraw(&raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    }

    func restore() { tcsetattr(STDIN_FILENO, TCSADRAIN, &original) }
}
