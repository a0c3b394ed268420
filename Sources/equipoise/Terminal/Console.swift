import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The human-readable output of a command: standard error, and the run's `console.log` once there is a run.
final class Console {
    /// Whether standard error is a terminal that can redraw a line.
    let isInteractive: Bool
    private let isQuiet: Bool
    private var log: FileHandle?
    private var earlier: [String] = []
    private var hasStatusLine = false

    init(quiet: Bool = false) {
        // Writing to a closed pipe or terminal must not end the training.
        signal(SIGPIPE, SIG_IGN)
        isQuiet = quiet
        isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// The width of the terminal in characters.
    var width: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 100
    }

    /// Copies every line to a file from now on, including those printed so far.
    func startLog(at url: URL) {
        if !FileManager.default.fileExists(atPath: url.path) {
            _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        }
        log = try? FileHandle(forWritingTo: url)
        _ = try? log?.seekToEnd()
        earlier.forEach(write)
        earlier = []
    }

    /// Prints a line.
    func line(_ text: String = "") {
        if log == nil { earlier.append(text) } else { write(text) }
        if !isQuiet { show(text) }
    }

    /// Prints a warning, even with `--quiet`.
    func warning(_ text: String) {
        if log == nil { earlier.append("warning: \(text)") } else { write("warning: \(text)") }
        show("warning: \(text)")
    }

    /// Shows a status line that the next line replaces; only on a terminal.
    func status(_ text: String) {
        guard isInteractive, !isQuiet else { return }
        put("\r\u{1B}[K" + text.prefix(width - 1))
        hasStatusLine = true
    }

    private func show(_ text: String) {
        put((hasStatusLine ? "\r\u{1B}[K" : "") + text + "\n")
        hasStatusLine = false
    }

    private func put(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    private func write(_ text: String) {
        try? log?.write(contentsOf: Data((text + "\n").utf8))
    }
}
