public import Foundation

/// Reads images, with or without labels, from IDX files.
public enum IDXImages {
    /// Reads images and, if a second file is given, their labels.
    ///
    /// - Parameters:
    ///   - images: an IDX file of unsigned bytes, `[count, height, width]` or `[count, channels, height, width]`.
    ///   - labels: an IDX file of whole numbers, `[count]`.
    /// - Throws: `DataFileError` as `IDX.read` does; of kind `unsupported` for another number of dimensions or element
    ///   type; and of kind `mismatched` if the numbers of labels and images differ.
    public static func read(
        images: URL, labels: URL? = nil, maximumBytes: Int = IDX.defaultMaximumBytes
    ) throws -> ImageArray {
        let array = try IDX.read(images, maximumBytes: maximumBytes)
        guard array.elementType == .uint8, (3...4).contains(array.dimensions.count) else {
            throw DataFileError(
                .unsupported,
                "\(images.path) does not hold images: it has \(array.dimensions.count) dimensions of \(array.elementType), "
                    + "expected 3 or 4 of uint8; check that it is not the label file.")
        }
        let hasChannels = array.dimensions.count == 4
        let size = array.dimensions.suffix(2)
        return ImageArray(
            count: array.dimensions[0],
            channels: hasChannels ? array.dimensions[1] : 1,
            height: size[size.startIndex],
            width: size[size.startIndex + 1],
            pixels: array.bytes,
            labels: try labels.map { try readLabels($0, for: images, count: array.dimensions[0], maximumBytes) })
    }

    /// Finds the label file beside an image file by MNIST's naming, `train-labels-idx1-ubyte` beside
    /// `train-images-idx3-ubyte`; `nil` if there is none.
    public static func labels(beside images: URL) -> URL? {
        let name = images.lastPathComponent
        guard name.contains("images") else { return nil }
        let plain = name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
            .replacing("idx4", with: "idx1")
        let other = plain.hasSuffix(".gz") ? String(plain.dropLast(3)) : plain + ".gz"
        return [plain, other].map { images.deletingLastPathComponent().appending(path: $0) }.first {
            FileManager.default.fileExists(atPath: $0.path)
        }
    }

    /// Finds the training images in a folder of IDX files by MNIST's naming, or else its only image file; `nil` if
    /// there is none.
    ///
    /// - Throws: `DataFileError` of kind `unsupported` if the choice is ambiguous.
    public static func images(in folder: URL) throws -> URL? {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted().filter {
            name in
            let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
            var isFolder: ObjCBool = false
            return name.contains("images") && ["ubyte", "idx3", "idx4"].contains(where: plain.hasSuffix)
                && FileManager.default.fileExists(atPath: folder.appending(path: name).path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        // If a file and its compressed copy both exist, use the uncompressed file.
        let files = names.filter { !($0.hasSuffix(".gz") && names.contains(String($0.dropLast(3)))) }
        let training = files.filter { $0.contains("train") }
        let candidates = training.isEmpty ? files : training
        guard candidates.count <= 1 else {
            throw DataFileError(
                .unsupported,
                "\(folder.path) holds several IDX files of images (\(candidates.joined(separator: ", "))); give the path of one of them."
            )
        }
        return candidates.first.map { folder.appending(path: $0) }
    }

    private static func readLabels(_ url: URL, for images: URL, count: Int, _ maximumBytes: Int) throws -> [Int] {
        let array = try IDX.read(url, maximumBytes: maximumBytes)
        switch array.elementType {
        case .uint8, .int8, .int16, .int32: break
        case .float32, .float64: throw notLabels(url, array)
        }
        guard array.dimensions.count == 1 else { throw notLabels(url, array) }
        guard array.count == count else {
            throw DataFileError(
                .mismatched,
                "\(url.path) holds \(array.count) labels but \(images.path) holds \(count) images; use two files that "
                    + "belong together.")
        }
        return array.elementType == .uint8 ? array.bytes.map(Int.init) : array.doubles.map { Int($0) }
    }

    private static func notLabels(_ url: URL, _ array: IDXArray) -> DataFileError {
        DataFileError(
            .unsupported,
            "\(url.path) does not hold labels: it has \(array.dimensions.count) dimensions of \(array.elementType), "
                + "expected 1 of an integer type; check that it is not the image file.")
    }
}
