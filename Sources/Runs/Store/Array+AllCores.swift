import Dispatch

extension Array where Element: Sendable {
    /// Transforms the elements on all cores, keeping their order.
    func mappedByAllCores<Image: Sendable>(_ transform: @Sendable (Element) -> Image) -> [Image] {
        [Image](unsafeUninitializedCapacity: count) { places, initializedCount in
            nonisolated(unsafe) let places = places
            DispatchQueue.concurrentPerform(iterations: count) { index in
                places.initializeElement(at: index, to: transform(self[index]))
            }
            initializedCount = count
        }
    }
}
