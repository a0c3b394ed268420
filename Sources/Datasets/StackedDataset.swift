public import Torch

/// Color images whose three channels are three randomly drawn digits: ten digits give a thousand modes, which a
/// classifier of single digits can count.
///
/// Source: Metz et al. 2016 (arXiv 1611.02163); VEEGAN (arXiv 1705.07761) and PacGAN (arXiv 1712.04086), with 128,000
/// images.
public struct StackedDataset: Dataset {
    /// Gray images of one digit each.
    public let digits: ImageDataset
    /// The positions of the three digits of each image, `[count, 3]`.
    private let choices: Tensor
    public let labels: [Int]?

    public static let usualCount = 128_000

    /// Draws the digits of each image.
    ///
    /// - Throws: `TorchError` if the digits are not gray or have no labels.
    public init(_ digits: ImageDataset, count: Int = usualCount, seed: UInt64) throws {
        guard digits.exampleShape[0] == 1, let own = digits.labels else {
            throw TorchError(.invalidOperation, "Only gray images with labels can be stacked.")
        }
        self.digits = digits
        choices = try Tensor.randomIntegers(0..<digits.count, [count, 3], from: RandomGenerator(seed: seed))
            .to(digits.bytes.device)
        let positions: [Int64] = try choices.values()
        labels = stride(from: 0, to: positions.count, by: 3).map { start in
            positions[start..<start + 3].reduce(0) { $0 * 10 + own[Int($1)] }
        }
    }

    /// Three digit names each, starting with the first channel.
    public var classNames: [String]? {
        guard let names = digits.classNames, names.count == 10 else { return nil }
        return (0..<1000).map { names[$0 / 100] + names[$0 / 10 % 10] + names[$0 % 10] }
    }

    public var count: Int { choices.shape[0] }
    public var exampleShape: [Int] { [3] + digits.exampleShape.dropFirst() }
    public var contents: [Tensor] { [digits.bytes, choices] }

    public var summary: String {
        "\(count) images of \(exampleShape[2])×\(exampleShape[1]) pixels, each of three digits in three colors"
    }

    public func examples(_ indices: Tensor) throws -> Tensor {
        let chosen = try choices.gathering(indices.to(choices.device))
        let channels = try (0..<3).map { try digits.examples(chosen.selecting($0, dimension: 1)) }
        return try Tensor.concatenate(channels, dimension: 1).channelsLast()
    }
}
