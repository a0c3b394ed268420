import Foundation

/// Writes whole files.
enum ByteOutput {
    /// Writes `bytes` to a temporary file beside `url` and renames it, so that a failure leaves any existing file
    /// intact.
    static func write(_ bytes: [UInt8], to url: URL) throws {
        do {
            try Data(bytes).write(to: url, options: .atomic)
        } catch {
            throw unwritable(url, plainReason(error))
        }
    }

    static func unwritable(_ url: URL, _ reason: String) -> DataFileError {
        DataFileError(
            .unwritable,
            "\(url.path) cannot be written (\(reason)); check the folder, its permissions and the free space.")
    }
}
