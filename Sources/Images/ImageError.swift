/// An error in an image, an image file or a drawing request.
public enum ImageError: Error, Equatable, Sendable {
    /// A width, height, channel count, target size or layout value is invalid; the message says which.
    case invalidGeometry(String)
    /// The image has more pixels than the caller allows. No memory was allocated for it.
    case tooManyPixels(width: Int, height: Int, maximum: Int)
    /// The bytes are not a complete image in the named format.
    case malformed(format: String, reason: String)
    /// The bytes start with neither a PNG nor a JPEG signature.
    case unknownFormat
    /// The codec could not encode the image.
    case encodingFailed(format: String, reason: String)
    /// The file or folder could not be read.
    case unreadable(reason: String)
    /// The file could not be written.
    case unwritable(reason: String)
    /// The folder contains no images.
    case noImages
    /// Another of these errors, with the file or folder it concerns.
    indirect case inFile(path: String, ImageError)
}

extension ImageError: CustomStringConvertible {
    /// One plain sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .invalidGeometry(let sentence):
            sentence
        case .tooManyPixels(let width, let height, let maximum):
            "The image has \(width) x \(height) pixels, more than the \(maximum) allowed; "
                + "make it smaller or raise the limit."
        case .malformed(let format, let reason):
            "The \(format) data is damaged or incomplete (\(reason)); copy or export the image again."
        case .unknownFormat:
            "This is neither a PNG nor a JPEG image; convert it to one of them."
        case .encodingFailed(let format, let reason):
            "The image could not be written as \(format) (\(reason)); check its width and height."
        case .unreadable(let reason):
            "It could not be read (\(reason)); check the path and its permissions."
        case .unwritable(let reason):
            "It could not be written (\(reason)); check the folder, its permissions and the free disk space."
        case .noImages:
            "The folder contains no images; add PNG or JPEG files (.png, .jpg, .jpeg) to it or its subfolders."
        case .inFile(let path, let error):
            "\(path): \(error.description)"
        }
    }
}
