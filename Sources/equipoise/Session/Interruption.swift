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

    /// - Parameter notice: what is said when it is asked to stop.
    init(notice: String? = "Stopping after this step; the state will be saved. Once more stops at once.") {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [request] in
                if request.isMade.exchange(true, ordering: .relaxed) { _exit(130) }
                if let notice { complain("\n\(notice)") }
            }
            source.resume()
            sources.append(source)
        }
    }

    var isRequested: Bool { request.isMade.load(ordering: .relaxed) }
}
