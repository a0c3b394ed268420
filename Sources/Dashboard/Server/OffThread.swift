import NIOPosix

/// Threads for blocking disk access: enough that a long read does not hold up other requests.
private let waitingThreads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 8)
    pool.start()
    return pool
}()

/// Runs work that blocks on disk access on one of these threads.
func offThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await waitingThreads.runIfActive(work)
}
