import NIOPosix

/// The threads that may wait for a disk: enough that a long read keeps no other request waiting.
private let waitingThreads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 8)
    pool.start()
    return pool
}()

/// Does work that waits for a disk on a thread that may wait.
func offThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await waitingThreads.runIfActive(work)
}
