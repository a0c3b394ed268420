import Foundation

/// Describes a file system error in a few plain words, without error domains and codes.
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
    case .fileWriteFileExists: return "a file with that name already exists"
    default: return error.localizedDescription.trimmedPeriod
    }
}

extension String {
    /// The text without a final period, for use inside a sentence.
    fileprivate var trimmedPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
