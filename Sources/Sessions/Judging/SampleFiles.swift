public import DataFiles
public import Datasets
import Foundation
public import Torch

extension ExampleFiles {
    /// Reads samples of any program. Sheets are cut into samples; the channels become those of the reference data.
    ///
    /// - Parameters:
    ///   - samples: a folder of PNG, JPEG or IDX files or sheets, a sheet, or an IDX, .npy or .npz file.
    ///   - imageSize: the side in pixels that images of a folder are resized and cropped to; 0 keeps theirs.
    ///   - reference: the data, by name or path.
    ///   - report: takes warnings.
    public static func read(
        samples: String, imageSize: Int, like reference: String, report: (SessionEvent) -> Void
    ) throws -> Contents {
        let url = URL(fileURLWithPath: (samples as NSString).expandingTildeInPath)
        // Only image files can be sheets, or gray images stored with three equal channels.
        let arrays = ["npy", "npz"].contains(url.pathExtension.lowercased())
        let shape =
            arrays ? [] : try DatasetLoader().load(DatasetLoader.Request(source: reference, limit: 1)).exampleShape
        let isSquare = shape.count == 3 && shape[1] == shape[2]
        return try read(
            url, imageSize: imageSize, channels: shape.count == 3 ? shape[0] : 0,
            side: isSquare && imageSize == 0 ? shape[1] : 0
        ) { report(.warning($0)) }
    }
}

extension DatasetLoader {
    /// Loads the reference data, with images in the size and channels of the samples.
    public func reference(_ source: String, like samples: Tensor, device: Device = .cpu) throws -> any Dataset {
        let shape = samples.shape
        var request = Request(source: source)
        if shape.count == 4 {
            guard shape[2] == shape[3] else {
                throw DataFileError(
                    .unsupported,
                    "The samples have \(shape[3])×\(shape[2]) pixels, but only square images can be compared; crop them first."
                )
            }
            (request.channels, request.imageSize) = (shape[1], shape[2])
        }
        let data = try load(request, device: device)
        guard data.exampleShape.count == shape.count - 1 else {
            throw DataFileError(
                .unsupported,
                "The samples are \(shape.count == 2 ? "points" : "images"), but \(source) has \(data.summary).")
        }
        return data
    }
}
