public import Foundation

extension Downloader {
    /// Downloads the files of named data that are not already there with the right contents.
    ///
    /// - Parameters:
    ///   - folder: where the files are put, under their download names.
    ///   - files: the files wanted; by default all.
    ///   - progress: called now and then on the calling thread.
    /// - Returns: the files' places, in order.
    /// - Throws: `DataFileError`, as the download of one file does. Files that were complete before stay.
    @discardableResult
    public func fetch(
        _ dataset: NamedDataset, to folder: URL, files: [DatasetFile]? = nil, progress: ((Progress) -> Void)? = nil
    ) throws -> [URL] {
        try (files ?? dataset.files).map { file in
            let destination = folder.appending(path: file.downloadName)
            try fetch(
                from: dataset.addresses(of: file), to: destination, sha256: file.sha256,
                // Compressed bytes exceed the uncompressed ones by a header at most.
                maximumBytes: file.uncompressedSize + (1 << 16),
                maximumUncompressedBytes: file.uncompressedSize, progress: progress)
            return destination
        }
    }
}
