/// Images of one size as contiguous bytes, optionally with a label for each.
///
/// The layout is `[count, channels, height, width]`, the last dimension varying fastest; each byte is an intensity from
/// 0 to 255.
public struct ImageArray: Hashable, Sendable {
    /// The number of images.
    public let count: Int

    /// The number of channels: 1 for gray, 3 for color.
    public let channels: Int

    /// The height of an image in pixels.
    public let height: Int

    /// The width of an image in pixels.
    public let width: Int

    /// The intensities, `[count, channels, height, width]`.
    public let pixels: [UInt8]

    /// The class of each image, or `nil` for unlabeled data.
    public let labels: [Int]?

    /// The name of each class, in label order, if known.
    public let classNames: [String]?

    /// Creates an image array.
    ///
    /// - Precondition: `pixels` holds `count × channels × height × width` bytes, and `labels`, if given, holds `count`
    ///   numbers.
    public init(
        count: Int, channels: Int, height: Int, width: Int, pixels: [UInt8], labels: [Int]? = nil,
        classNames: [String]? = nil
    ) {
        precondition(count >= 0 && channels > 0 && height > 0 && width > 0, "image dimensions must be positive")
        precondition(
            checkedProduct([count, channels, height, width], 1) == pixels.count,
            "pixels must hold count × channels × height × width bytes")
        precondition(labels.map { $0.count == count } ?? true, "there must be one label per image")
        self.count = count
        self.channels = channels
        self.height = height
        self.width = width
        self.pixels = pixels
        self.labels = labels
        self.classNames = classNames
    }

    /// Returns the same images with names for the classes; unchanged if there are no labels or no names.
    package func named(classes: [String]) -> ImageArray {
        ImageArray(
            count: count, channels: channels, height: height, width: width, pixels: pixels, labels: labels,
            classNames: labels == nil || classes.isEmpty ? classNames : classes)
    }

    /// The size of an image in bytes: `channels × height × width`.
    public var imageSize: Int { channels * height * width }

    /// The bytes of one image, `[channels, height, width]`, without copying.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        pixels[index * imageSize..<(index + 1) * imageSize]
    }

    /// Returns the images at the given positions, in that order.
    public func choosing(_ positions: [Int]) -> ImageArray {
        var chosen: [UInt8] = []
        chosen.reserveCapacity(positions.count * imageSize)
        for position in positions { chosen += self[position] }
        return ImageArray(
            count: positions.count, channels: channels, height: height, width: width, pixels: chosen,
            labels: labels.map { labels in positions.map { labels[$0] } }, classNames: classNames)
    }

    /// Returns the first `count` images, or all of them if there are fewer.
    public func prefix(_ count: Int) -> ImageArray {
        let kept = min(max(count, 0), self.count)
        return ImageArray(
            count: kept, channels: channels, height: height, width: width,
            pixels: Array(pixels[..<(kept * imageSize)]), labels: labels.map { Array($0[..<kept]) },
            classNames: classNames)
    }
}
