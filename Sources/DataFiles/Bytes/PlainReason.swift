import Foundation

/// A few plain words for an error of the file system, without domain names and codes.
public func plainReason(_ error: any Error) -> String {
    let error = error as NSError
    if error.domain == NSPOSIXErrorDomain {
        return String(cString: strerror(Int32(truncatingIfNeeded: error.code))).lowercased()
    }
    if let underlying = error.userInfo[NSUnderlyingErrorKey] as? any Error,
        (underlying as NSError).domain == NSPOSIXErrorDomain
    {
        return plainReason(underlying)
    }
    guard error.domain == NSCocoaErrorDomain else { return error.localizedDescription }
    switch CocoaError.Code(rawValue: error.code) {
    case .fileNoSuchFile, .fileReadNoSuchFile: return "no such file or folder"
    case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
    case .fileWriteOutOfSpace: return "no space left on device"
    case .fileWriteVolumeReadOnly: return "read-only file system"
    case .fileWriteFileExists: return "a file of that name is in the way"
    default: return error.localizedDescription.trimmedPeriod
    }
}

extension String {
    /// The text without a full stop at its end, to stand inside a sentence.
    fileprivate var trimmedPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
