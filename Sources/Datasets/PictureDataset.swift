public import DataFiles
public import Torch

/// Pictures, kept as bytes and scaled to [−1, 1] a batch at a time.
public struct PictureDataset: Dataset {
    /// `[count, channels, height, width]` in bytes.
    public let bytes: Tensor
    /// The class of each picture, if the data says.
    public let labels: [Int]?
    public let classNames: [String]?
    /// The name by which the catalog knows these pictures in their stored size and order, such as `mnist`; `nil` for others.
    public let catalogName: String?

    public init(_ images: ImageArray, catalogName: String? = nil, device: Device = .cpu) throws {
        guard [1, 3].contains(images.channels) else {
            throw DataFileError(
                .unsupported, "The images have \(images.channels) channels; they need 1 (grey) or 3 (colour).")
        }
        let shape = [images.count, images.channels, images.height, images.width]
        bytes = try Tensor(images.pixels, shape: shape).to(device)
        labels = images.labels
        classNames = images.classNames
        self.catalogName = catalogName
    }

    public var count: Int { bytes.shape[0] }
    public var exampleShape: [Int] { Array(bytes.shape.dropFirst()) }

    public var contents: [Tensor] { [bytes] }

    public var summary: String {
        let shape = exampleShape
        return "\(count) \(shape[0] == 1 ? "grey" : "colour") images of \(shape[2])×\(shape[1]) pixels"
    }

    public func examples(_ indices: Tensor) throws -> Tensor {
        let chosen = try bytes.gathering(indices.to(bytes.device)).to(.float32)
        return try ((chosen / 255 - 0.5) / 0.5).channelsLast()
    }

    /// Pictures in [−1, 1] as bytes again.
    public static func bytes(of pictures: Tensor) throws -> Tensor {
        try ((pictures * 0.5 + 0.5) * 255).rounded().clamped(0, 255).to(.uint8)
    }
}
