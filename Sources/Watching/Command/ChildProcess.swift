import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A command whose output passes through this process: through a pseudo-terminal where the user has a terminal.
///
/// | standard output | the command's output | the keyboard's signals |
/// | --- | --- | --- |
/// | a terminal | a pseudo-terminal of the same size and settings | pass through it, if the input is a terminal too |
/// | a file or a pipe | a pipe | reach the command directly, as without this process |
///
/// Standard error has a channel of its own if it does not lead where standard output does.
final class ChildProcess {
    let identifier: pid_t
    /// The ends from which the command's output is read, with the descriptors to which it is passed on.
    let outputs: [(source: Int32, target: Int32)]
    /// The end to which the user's input is passed; `nil` if the command reads that itself.
    let input: Int32?
    /// Whether the command has a session of its own, so that signals must be passed on.
    let hasOwnSession: Bool

    /// Starts a command.
    ///
    /// - Parameter signals: the signals that this process catches; they have their usual effect on the command.
    /// - Throws: ``WatchError``
    init(_ arguments: [String], resetting signals: [Int32]) throws {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var opened: [Int32] = []
        defer { opened.forEach { close($0) } }
        var actions = SpawnActions()
        var outputs: [(source: Int32, target: Int32)] = []

        func channel(for target: Int32) throws {
            if isatty(target) == 1 {
                let (master, slave, name) = try ChildProcess.pseudoTerminal(like: target)
                opened.append(slave)
                // In a new session, the first terminal that is opened by its name becomes the controlling one.
                actions.open(name, as: target)
                outputs.append((master, target))
            } else {
                var ends: [Int32] = [-1, -1]
                guard pipe(&ends) == 0 else { throw ChildProcess.failure("no pipe could be created") }
                ends.forEach(closeOnExecution)
                opened.append(ends[1])
                actions.duplicate(ends[1], to: target)
                outputs.append((ends[0], target))
            }
        }
        try channel(for: STDOUT_FILENO)
        if ChildProcess.areSame(STDOUT_FILENO, STDERR_FILENO) {
            actions.duplicate(STDOUT_FILENO, to: STDERR_FILENO)
        } else {
            try channel(for: STDERR_FILENO)
        }
        var input: Int32?
        if isTerminal, isatty(STDIN_FILENO) == 1 {
            actions.duplicate(STDOUT_FILENO, to: STDIN_FILENO)
            input = outputs[0].source
        }
        identifier = try actions.spawn(arguments, inOwnSession: isTerminal, resetting: signals)
        (self.outputs, self.input, hasOwnSession) = (outputs, input, isTerminal)
    }

    private static func failure(_ what: String) -> WatchError {
        WatchError("The command could not be started: \(what) (\(String(cString: strerror(errno)))).")
    }

    /// Opens a pseudo-terminal with the size and settings of the user's; returns its two ends and its name.
    private static func pseudoTerminal(like terminal: Int32) throws -> (master: Int32, slave: Int32, name: String) {
        var (master, slave) = (Int32(-1), Int32(-1))
        var name = [CChar](repeating: 0, count: Int(PATH_MAX))
        var settings = termios()
        let hasSettings = tcgetattr(terminal, &settings) == 0
        guard openpty(&master, &slave, &name, nil, nil) == 0 else {
            throw failure("no pseudo-terminal could be opened")
        }
        for end in [master, slave] { closeOnExecution(end) }
        if hasSettings { tcsetattr(slave, TCSANOW, &settings) }
        resize(master, like: terminal)
        return (master, slave, String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// Gives the pseudo-terminal the size of the user's terminal.
    func resize() {
        for (source, target) in outputs where isatty(target) == 1 { ChildProcess.resize(source, like: target) }
    }

    private static func resize(_ master: Int32, like terminal: Int32) {
        var size = winsize()
        if ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0 { _ = ioctl(master, UInt(TIOCSWINSZ), &size) }
    }

    /// Whether two descriptors lead to the same file or terminal.
    private static func areSame(_ first: Int32, _ second: Int32) -> Bool {
        var (one, other) = (stat(), stat())
        guard fstat(first, &one) == 0, fstat(second, &other) == 0 else { return false }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    /// Sends a signal to the command or, if it has a session of its own, to its whole group.
    func send(_ signal: Int32) { kill(hasOwnSession ? -identifier : identifier, signal) }

    /// Asks the command and all processes that it started to end.
    func terminate() { for process in ProcessTree.members(of: identifier) { kill(process, SIGTERM) } }

    /// How the command ended, or that it was stopped.
    enum Change: Equatable {
        case exited(Int32)
        case killed(Int32)
        case stopped
    }

    /// The newest change of the command's state; `nil` if there is none.
    func change() -> Change? {
        var status: Int32 = 0
        guard waitpid(identifier, &status, WNOHANG | WUNTRACED) == identifier else { return nil }
        if status & 0xFF == 0x7F { return .stopped }
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(status & 0x7F)
    }
}

/// What happens to the descriptors of a command before it starts.
private struct SpawnActions {
    private var actions = posix_spawn_file_actions_t()

    /// `POSIX_SPAWN_SETSID`, which the Glibc module does not show.
    #if os(Linux)
        private static let newSession: Int32 = 0x80
    #else
        private static let newSession: Int32 = 0x400
    #endif

    init() { posix_spawn_file_actions_init(&actions) }

    mutating func open(_ path: String, as descriptor: Int32) {
        posix_spawn_file_actions_addopen(&actions, descriptor, path, O_RDWR, 0)
    }

    mutating func duplicate(_ source: Int32, to target: Int32) {
        posix_spawn_file_actions_adddup2(&actions, source, target)
    }

    /// - Throws: ``WatchError`` if there is no such program.
    mutating func spawn(_ arguments: [String], inOwnSession: Bool, resetting signals: [Int32]) throws -> pid_t {
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that the user ignores, as with `nohup`, stay ignored.
        var reset = sigset_t()
        sigemptyset(&reset)
        for signal in signals + [SIGPIPE] { sigaddset(&reset, signal) }
        posix_spawnattr_setsigdefault(&attributes, &reset)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        let flags = Int32(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | (inOwnSession ? SpawnActions.newSession : 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var environment = ProcessInfo.processInfo.environment
        // Python would otherwise keep the output in memory, where nobody can watch it.
        if !inOwnSession { environment["PYTHONUNBUFFERED"] = environment["PYTHONUNBUFFERED"] ?? "1" }
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var identifier = pid_t()
        let problem = posix_spawnp(&identifier, arguments[0], &actions, &attributes, words, variables)
        guard problem == 0 else {
            throw WatchError("“\(arguments[0])” could not be started: \(String(cString: strerror(problem))).")
        }
        return identifier
    }
}

/// Keeps a descriptor from programs that this process starts.
func closeOnExecution(_ descriptor: Int32) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
