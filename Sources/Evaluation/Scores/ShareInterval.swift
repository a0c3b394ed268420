import Foundation

/// The 95 % confidence interval of a proportion estimated from a count (Wilson 1927).
public struct ShareInterval: Sendable, Codable, Equatable {
    public var lower, upper: Double

    /// - Parameters:
    ///   - count: the number of occurrences.
    ///   - total: the number of trials; if it is 0, the interval is [0, 1].
    public init(count: Int, of total: Int) {
        guard total > 0 else {
            (lower, upper) = (0, 1)
            return
        }
        let (n, share) = (Double(total), Double(count) / Double(total))
        let z = 1.959964
        let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        lower = count == 0 ? 0 : max(0, middle - half)
        upper = count == total ? 1 : min(1, middle + half)
    }
}
