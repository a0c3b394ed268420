public import DataFiles
public import Torch

/// Images, stored as bytes and scaled to [−1, 1] one batch at a time.
public struct ImageDataset: Dataset {
    /// The images as bytes, `[count, channels, height, width]`.
    public let bytes: Tensor
    /// The class of each image, if known.
    public let labels: [Int]?
    public let classNames: [String]?
    /// The catalog name of these images in their stored size and order, such as `mnist`; `nil` for others.
    public let catalogName: String?

    public init(_ images: ImageArray, catalogName: String? = nil, device: Device = .cpu) throws {
        guard [1, 3].contains(images.channels) else {
            throw DataFileError(
                .unsupported, "The images have \(images.channels) channels; expected 1 (gray) or 3 (color).")
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
        return "\(count) \(shape[0] == 1 ? "gray" : "color") images of \(shape[2])×\(shape[1]) pixels"
    }

    public func examples(_ indices: Tensor) throws -> Tensor {
        let chosen = try bytes.gathering(indices.to(bytes.device)).to(.float32)
        return try ((chosen / 255 - 0.5) / 0.5).channelsLast()
    }

    /// Converts images in [−1, 1] back to bytes.
    public static func bytes(of images: Tensor) throws -> Tensor {
        try ((images * 0.5 + 0.5) * 255).rounded().clamped(0, 255).to(.uint8)
    }
}
