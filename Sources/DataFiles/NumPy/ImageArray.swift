/// Images of one size as contiguous bytes, with a label for each if there are labels.
///
/// The layout is `[count, channels, height, width]`, the last varying fastest; a byte is an intensity from 0 to 255.
public struct ImageArray: Hashable, Sendable {
    /// The number of images.
    public let count: Int

    /// The number of channels: 1 for grey, 3 for colour.
    public let channels: Int

    /// The height of an image in pixels.
    public let height: Int

    /// The width of an image in pixels.
    public let width: Int

    /// The intensities, `[count, channels, height, width]`.
    public let pixels: [UInt8]

    /// A class for each image, or `nil` for data without labels.
    public let labels: [Int]?

    /// The name of each class, in the order of the labels, where the data says.
    public let classNames: [String]?

    /// Creates images.
    ///
    /// - Precondition: `pixels` holds `count × channels × height × width` bytes, and `labels`, if given, `count` numbers.
    public init(
        count: Int, channels: Int, height: Int, width: Int, pixels: [UInt8], labels: [Int]? = nil,
        classNames: [String]? = nil
    ) {
        precondition(count >= 0 && channels > 0 && height > 0 && width > 0, "the sizes of images are positive")
        precondition(
            checkedProduct([count, channels, height, width], 1) == pixels.count,
            "there is a byte for each channel of each pixel of each image")
        precondition(labels.map { $0.count == count } ?? true, "there is a label for each image")
        self.count = count
        self.channels = channels
        self.height = height
        self.width = width
        self.pixels = pixels
        self.labels = labels
        self.classNames = classNames
    }

    /// The same images with names for the classes; without labels, or without names, as they are.
    package func named(classes: [String]) -> ImageArray {
        ImageArray(
            count: count, channels: channels, height: height, width: width, pixels: pixels, labels: labels,
            classNames: labels == nil || classes.isEmpty ? classNames : classes)
    }

    /// The number of bytes of an image: `channels × height × width`.
    public var imageSize: Int { channels * height * width }

    /// The bytes of one image, `[channels, height, width]`, without a copy.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        pixels[index * imageSize..<(index + 1) * imageSize]
    }

    /// The images at some positions, in their order.
    public func choosing(_ positions: [Int]) -> ImageArray {
        var chosen: [UInt8] = []
        chosen.reserveCapacity(positions.count * imageSize)
        for position in positions { chosen += self[position] }
        return ImageArray(
            count: positions.count, channels: channels, height: height, width: width, pixels: chosen,
            labels: labels.map { labels in positions.map { labels[$0] } }, classNames: classNames)
    }

    /// The first `count` images, all of them if there are fewer.
    public func prefix(_ count: Int) -> ImageArray {
        let kept = min(max(count, 0), self.count)
        return ImageArray(
            count: kept, channels: channels, height: height, width: width,
            pixels: Array(pixels[..<(kept * imageSize)]), labels: labels.map { Array($0[..<kept]) },
            classNames: classNames)
    }
}
