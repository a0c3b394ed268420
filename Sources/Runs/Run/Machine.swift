import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Information about this machine that is available without the network.
enum Machine {
    /// The machine's own name. Foundation's host name is not used, since it may wait for a name server.
    static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return text(buffer)
    }

    /// The operating system and its version.
    static var operatingSystem: String {
        #if os(Linux)
            if let name = field("PRETTY_NAME", of: "/etc/os-release", separator: "=") {
                return name.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
            }
            return ProcessInfo.processInfo.operatingSystemVersionString
        #else
            return "macOS " + ProcessInfo.processInfo.operatingSystemVersionString
        #endif
    }

    /// The processor's model name.
    static var processor: String {
        #if canImport(Darwin)
            var buffer = [CChar](repeating: 0, count: 256)
            var size = buffer.count - 1
            if sysctlbyname("machdep.cpu.brand_string", &buffer, &size, nil, 0) == 0 { return text(buffer) }
        #else
            for name in ["model name", "Model", "Hardware"] {
                if let model = field(name, of: "/proc/cpuinfo", separator: ":") { return model }
            }
        #endif
        #if arch(arm64)
            return "arm64"
        #elseif arch(x86_64)
            return "x86_64"
        #else
            return "unknown"
        #endif
    }

    /// The version of the compiler that built this, as far as conditional compilation can tell.
    static var swiftVersion: String {
        #if compiler(>=6.5)
            return "6.5 or newer"
        #elseif compiler(>=6.4)
            return "6.4"
        #elseif compiler(>=6.3)
            return "6.3"
        #elseif compiler(>=6.2)
            return "6.2"
        #else
            return "6.1"
        #endif
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Returns the value of the first line `name separator value` in a file.
    private static func field(_ name: String, of path: String, separator: Character) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1)
            if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name {
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }
}
