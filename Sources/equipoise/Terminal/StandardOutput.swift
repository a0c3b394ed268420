import DataFiles
import Foundation

/// Writes to standard output and throws on errors that `print` ignores: a full disk must not look like success.
///
/// A closed pipe, as in `equipoise list | head`, ends the program silently, as in other tools.
func emit(_ text: String, terminator: String = "\n") throws {
    try writeToStandardOutput(Data((text + terminator).utf8))
}

func writeToStandardOutput(_ data: Data) throws {
    do {
        try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if cause?.domain == NSPOSIXErrorDomain, cause?.code == Int(EPIPE) { exit(0) }
        throw CommandError("Cannot write to standard output: \(plainReason(error)).")
    }
}
