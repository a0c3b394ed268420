import Foundation

/// The number of classes that samples reach, for data with too many classes to judge each separately, such as the
/// thousand classes of stacked digits.
///
/// Source: the protocol of Metz et al. 2016 (arXiv 1611.02163), compared with the number that as many real examples
/// would reach.
public struct ReachedClasses: Sendable, Codable, Equatable {
    /// The number of classes predicted for at least one sample, and the number of all classes.
    public var reached, classCount: Int
    /// The expected number of classes that as many real examples would reach, and its standard deviation.
    public var expected, deviation: Double
    public var sampleCount: Int

    /// - Parameters:
    ///   - answers: the predicted class of each sample.
    ///   - due: the share of each class in the data.
    init(_ answers: [Int], due: [Double]) {
        reached = Set(answers).count
        classCount = due.count { $0 > 0 }
        sampleCount = answers.count
        let chances = due.map { 1 - pow(1 - $0, Double(answers.count)) }
        expected = chances.reduce(0, +)
        deviation = chances.reduce(0) { $0 + $1 * (1 - $1) }.squareRoot()
    }

    /// The approximate share of the data that belongs to lost classes; 0 if chance explains the difference.
    public var lostMass: Double {
        guard expected > 0, Double(reached) < expected - 3 * deviation else { return 0 }
        return 1 - Double(reached) / expected
    }
}
