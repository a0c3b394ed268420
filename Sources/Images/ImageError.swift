/// What can be wrong with a picture, a picture file or a request to draw one.
public enum ImageError: Error, Equatable, Sendable {
    /// A width, height, channel count, target size or layout value that no picture can have; the sentence says which.
    case invalidGeometry(String)
    /// The picture has more pixels than the caller allows. Nothing was allocated for it.
    case tooManyPixels(width: Int, height: Int, maximum: Int)
    /// The bytes are not a complete picture of the named format.
    case malformed(format: String, reason: String)
    /// The bytes begin like neither PNG nor JPEG.
    case unknownFormat
    /// The codec refused to write the picture.
    case encodingFailed(format: String, reason: String)
    /// The file or folder could not be read.
    case unreadable(reason: String)
    /// The file could not be written.
    case unwritable(reason: String)
    /// The folder has no picture in it.
    case noPictures
    /// Another of these errors, and the file or folder that it concerns.
    indirect case inFile(path: String, ImageError)
}

extension ImageError: CustomStringConvertible {
    /// One plain sentence: what was wrong and what to do.
    public var description: String {
        switch self {
        case .invalidGeometry(let sentence):
            sentence
        case .tooManyPixels(let width, let height, let maximum):
            "The picture claims \(width) x \(height) pixels, more than the \(maximum) allowed; "
                + "make it smaller or raise the limit."
        case .malformed(let format, let reason):
            "The \(format) data is damaged or incomplete (\(reason)); copy or export the picture again."
        case .unknownFormat:
            "This is neither a PNG nor a JPEG picture; convert it to one of them."
        case .encodingFailed(let format, let reason):
            "The picture could not be written as \(format) (\(reason)); check its width and height."
        case .unreadable(let reason):
            "It could not be read (\(reason)); check the path and its permissions."
        case .unwritable(let reason):
            "It could not be written (\(reason)); check the folder, its permissions and the free disk space."
        case .noPictures:
            "There is no picture in this folder; put PNG or JPEG files (.png, .jpg, .jpeg) into it or its subfolders."
        case .inFile(let path, let error):
            "\(path): \(error.description)"
        }
    }
}
