import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Turns Ctrl-C, a polite kill and a closed terminal into a request to stop after the current step; a second one ends at once.
final class Interruption {
    private let request = Request()
    private var sources: [any DispatchSourceSignal] = []

    /// What the signal handlers and the training share.
    private final class Request: Sendable {
        let isMade = Atomic<Bool>(false)
    }

    init() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [request] in
                if request.isMade.exchange(true, ordering: .relaxed) { _exit(130) }
                complain("\nStopping after this step; the state will be saved. Once more stops at once.")
            }
            source.resume()
            sources.append(source)
        }
    }

    var isRequested: Bool { request.isMade.load(ordering: .relaxed) }
}
