import Foundation

/// How many classes samples reach, where there are too many classes to judge each by itself, such as the thousand of stacked digits.
///
/// Source: the protocol of Metz et al. 2016 (arXiv 1611.02163), against the number that as many real examples would reach.
public struct ReachedClasses: Sendable, Codable, Equatable {
    /// How many classes at least one sample is taken for, and of how many.
    public var reached, classCount: Int
    /// How many as many real examples would reach, and the standard deviation of that.
    public var expected, deviation: Double
    public var sampleCount: Int

    /// - Parameters:
    ///   - answers: the class of each sample.
    ///   - due: the share of each class in the data.
    init(_ answers: [Int], due: [Double]) {
        reached = Set(answers).count
        classCount = due.count { $0 > 0 }
        sampleCount = answers.count
        let chances = due.map { 1 - pow(1 - $0, Double(answers.count)) }
        expected = chances.reduce(0, +)
        deviation = chances.reduce(0) { $0 + $1 * (1 - $1) }.squareRoot()
    }

    /// About which share of the data belongs to classes that the samples have lost; 0 where chance explains it.
    public var lostMass: Double {
        guard expected > 0, Double(reached) < expected - 3 * deviation else { return 0 }
        return 1 - Double(reached) / expected
    }
}
