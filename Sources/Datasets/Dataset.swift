public import Torch

/// Examples that batches are drawn from.
public protocol Dataset {
    /// A short description, such as "60,000 images of 28×28 pixels".
    var summary: String { get }
    var count: Int { get }
    /// The shape of one example: `[channels, height, width]`, or `[2]` for points.
    var exampleShape: [Int] { get }
    /// The examples at the given positions, as float32 `[batch] + exampleShape`, on the device that holds the data.
    func examples(_ indices: Tensor) throws -> Tensor
    /// The class of each example, if known.
    var labels: [Int]? { get }
    /// The name of each class, in label order, if known.
    var classNames: [String]? { get }
    /// The tensors that fully determine the examples and so identify this dataset.
    var contents: [Tensor] { get throws }
}

extension Dataset {
    public var labels: [Int]? { nil }
    public var classNames: [String]? { nil }
}
