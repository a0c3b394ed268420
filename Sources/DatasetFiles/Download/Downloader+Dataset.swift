public import Foundation

extension Downloader {
    /// Downloads the files of a named dataset that do not already exist with the right contents.
    ///
    /// - Parameters:
    ///   - folder: the target folder; the files keep their download names.
    ///   - files: the files to download, by default all.
    ///   - progress: called periodically on the calling thread.
    /// - Returns: the locations of the files, in order.
    /// - Throws: `DataFileError`, as for the download of one file. Files that are already complete are kept.
    @discardableResult
    public func fetch(
        _ dataset: NamedDataset, to folder: URL, files: [DatasetFile]? = nil, progress: ((Progress) -> Void)? = nil
    ) throws -> [URL] {
        try (files ?? dataset.files).map { file in
            let destination = folder.appending(path: file.downloadName)
            try fetch(
                from: dataset.addresses(of: file), to: destination, sha256: file.sha256,
                // Compression adds at most a header to the uncompressed size.
                maximumBytes: file.uncompressedSize + (1 << 16),
                maximumUncompressedBytes: file.uncompressedSize, progress: progress)
            return destination
        }
    }
}
