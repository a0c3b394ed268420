import DataFiles
import Foundation

/// Writes to standard output, and fails where `print` would be silent: a full disk must not look like success.
///
/// A reader that has gone away, as in `equipoise list | head`, ends the program without a word, as it does with other tools.
func emit(_ text: String, terminator: String = "\n") throws {
    try writeToStandardOutput(Data((text + terminator).utf8))
}

func writeToStandardOutput(_ data: Data) throws {
    do {
        try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if cause?.domain == NSPOSIXErrorDomain, cause?.code == Int(EPIPE) { exit(0) }
        throw CommandError("Standard output could not be written: \(plainReason(error)).")
    }
}
