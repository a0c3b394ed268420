public import Torch

/// Examples that batches are drawn from.
public protocol Dataset {
    /// What it is, in a few words, such as "60,000 images of 28×28 pixels".
    var summary: String { get }
    var count: Int { get }
    /// The shape of one example: `[channels, height, width]`, or `[2]` for points.
    var exampleShape: [Int] { get }
    /// The examples at the given positions, as float32 `[batch] + exampleShape`, on the device that holds the data.
    func examples(_ indices: Tensor) throws -> Tensor
    /// The class of each example, if the data says.
    var labels: [Int]? { get }
    /// The name of each class, in the order of the labels, if the data says.
    var classNames: [String]? { get }
    /// All that decides the examples: what tells this data from any other.
    var contents: [Tensor] { get throws }
}

extension Dataset {
    public var labels: [Int]? { nil }
    public var classNames: [String]? { nil }
}
