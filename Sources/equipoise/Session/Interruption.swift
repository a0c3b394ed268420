import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Turns SIGINT, SIGTERM and SIGHUP into a request to stop after the current step; a second signal exits at once.
final class Interruption {
    private let request = Request()
    private var sources: [any DispatchSourceSignal] = []

    /// The state that the signal handlers share with the training.
    private final class Request: Sendable {
        let isMade = Atomic<Bool>(false)
    }

    /// - Parameter notice: the message to print on the first signal.
    init(notice: String? = "Stopping after this step and saving a checkpoint. Press Ctrl-C again to exit at once.") {
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
