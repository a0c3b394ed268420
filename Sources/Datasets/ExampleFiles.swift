import DataFiles
public import Foundation
import Images
public import Torch

/// Reads examples saved by any program: a folder of images or IDX files, an IDX file, or an `.npy` or `.npz` file.
///
/// Arrays hold images, `[count, height, width]`, `[count, channels, height, width]` or `[count, height, width,
/// channels]`, or points, `[count, 2]`. Bytes range from 0 to 255. Other numbers are assumed to range from −1 to 1 if
/// any is negative, from 0 to 255 if any is above 2, and from 0 to 1 otherwise.
public enum ExampleFiles {
    /// Examples, and how they were interpreted.
    public struct Contents {
        /// Float32: images `[count, channels, height, width]` in [−1, 1], or points `[count, 2]`.
        public let examples: Tensor
        /// A description, such as "2000 points in the plane".
        public let summary: String
        /// The class of each example, if an `.npz` file contains an array `labels`, `y` or `y_train`.
        public var labels: [Int]?
    }

    /// Reads the examples of a file or folder.
    ///
    /// - Parameters:
    ///   - imageSize: the side to which images in a folder are resized and cropped; 0 keeps their size.
    ///   - channels: 1 for gray, 3 for color; 0 keeps the stored channels. Applies only to folders of images and to
    ///     sheets.
    ///   - side: the usual side of an example, used to recognize sheets and cut them apart; 0 treats each image as one
    ///     example.
    /// - Throws: `DataFileError`.
    public static func read(
        _ url: URL, imageSize: Int = 0, channels: Int = 0, side: Int = 0, skipBroken: Bool = false,
        report: (String) -> Void = { _ in }
    ) throws -> Contents {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw DataFileError(.notFound, "\(url.path) does not exist; check the path.")
        }
        let isImage = ImageFolder.extensions.contains(url.pathExtension.lowercased())
        if side > 0, isFolder.boolValue || isImage,
            let cut = try SampleSheets(url, side: side).read(channels: channels)
        {
            let contents = try images(cut.images)
            return Contents(examples: contents.examples, summary: "\(contents.summary): \(cut.summary)")
        }
        if isImage, !isFolder.boolValue {
            guard imageSize == 0 else {
                throw DataFileError(
                    .unsupported,
                    "\(url.path) is a single image, and --image-size treats each file as one sample; omit the option to read a sheet of samples."
                )
            }
            throw DataFileError(
                .unsupported,
                "\(url.path) is a single image and does not look like a sheet of samples; give a folder of samples, or a sheet "
                    + "of equal squares in rows.")
        }
        if isFolder.boolValue {
            if let file = try IDXImages.images(in: url) { return try images(IDXImages.read(images: file)) }
            let request = DatasetLoader.Request(
                source: url.path, imageSize: imageSize, channels: channels, skipBroken: skipBroken)
            return try images(ImageFolderReader(url).images(request, report: report))
        }
        switch url.pathExtension.lowercased() {
        case "npy": return try array(NPY.read(url), url.path)
        case "npz":
            var arrays = try NPZ.read(url)
            let labelName = labelNames.first { arrays[$0] != nil }
            let classes = labelName.flatMap { arrays.removeValue(forKey: $0) }
            guard
                let name = arrays.count == 1
                    ? arrays.keys.first : exampleNames.first(where: { arrays[$0] != nil }),
                let array = arrays[name]
            else {
                let names = arrays.keys.sorted().joined(separator: ", ")
                throw DataFileError(
                    .unsupported,
                    "\(url.path) holds the arrays \(names); save only the examples, or name their array 'samples'.")
            }
            var contents = try self.array(array, "\(url.path) (array '\(name)')")
            contents.labels = try classes.map { try labels($0, count: array.shape.first ?? 0, url.path) }
            return contents
        default:
            return try images(IDXImages.read(images: url))
        }
    }

    /// The recognized names for the array of examples if a file holds several arrays.
    private static let exampleNames = ["samples", "images", "x", "X", "x_train", "arr_0"]
    private static let labelNames = ["labels", "y", "y_train"]

    /// Returns the class of each example: one integer from 0 per example.
    private static func labels(_ array: NPYArray, count: Int, _ source: String) throws -> [Int] {
        let values = array.integers ?? array.doubles.map { Int(exactly: $0) ?? -1 }
        let isColumn = array.shape.dropFirst().allSatisfy { $0 == 1 }
        guard isColumn, values.count == count, values.allSatisfy({ (0..<100_000).contains($0) }) else {
            throw DataFileError(
                .mismatched,
                "\(source): the labels have shape \(array.shape) for \(count) examples, expected one whole number from 0 "
                    + "for each example. Remove them to use the examples alone.")
        }
        return values
    }

    private static func images(_ images: ImageArray) throws -> Contents {
        let dataset = try ImageDataset(images)
        let all = try Tensor.range(dataset.count)
        return Contents(examples: try dataset.examples(all), summary: dataset.summary)
    }

    private static func array(_ array: NPYArray, _ source: String) throws -> Contents {
        guard array.count > 0 else { throw DataFileError(.empty, "\(source) holds no examples.") }
        let values = try Tensor(array.floats, shape: array.shape)
        let shape = values.shape
        if shape.count == 2, shape[1] == 2 {
            return Contents(examples: values, summary: "\(shape[0]) points in the plane")
        }
        let images: Tensor
        switch shape.count {
        case 3: images = try values.unsqueezed(1)
        case 4 where [1, 3].contains(shape[1]): images = values
        case 4 where [1, 3].contains(shape[3]): images = try values.permuted([0, 3, 1, 2]).contiguous()
        default:
            throw DataFileError(
                .unsupported,
                "\(source) has shape \(shape); images must be [count, height, width] or have 1 or 3 channels, and points "
                    + "must be [count, 2].")
        }
        let scale = try scale(images, array.elementType, source)
        let (channels, height, width) = (images.shape[1], images.shape[2], images.shape[3])
        return Contents(
            examples: try ((images - scale.low) * (2 / (scale.high - scale.low)) - 1).channelsLast(),
            summary:
                "\(shape[0]) \(channels == 1 ? "gray" : "color") images of \(width)×\(height) pixels, read as values from "
                + "\(Int(scale.low)) to \(Int(scale.high))")
    }

    private static func scale(
        _ images: Tensor, _ type: NPYArray.ElementType, _ source: String
    ) throws -> (low: Double, high: Double) {
        if type == .uint8 { return (0, 255) }
        let (least, most) = (try images.minimum().item(), try images.maximum().item())
        let scale: (low: Double, high: Double) = least < 0 ? (-1, 1) : most > 2 ? (0, 255) : (0, 1)
        // A slight excess is overshoot from resampling; more means another scale, such as standardized pixels.
        let slack = 0.1 * (scale.high - scale.low)
        guard !least.isFinite || !most.isFinite || (least >= scale.low - slack && most <= scale.high + slack) else {
            throw DataFileError(
                .unsupported,
                "\(source) holds values from \(Float(least)) to \(Float(most)); scale them to −1 to 1, 0 to 1, or 0 to 255."
            )
        }
        return scale
    }
}
