internal import CTorch
public import Foundation
internal import UserFolders

/// The LibTorch library on this machine and its process-wide settings.
public enum LibTorch {
    /// Loads LibTorch. The first tensor operation also loads it, and throws the same error if that fails.
    ///
    /// Equipoise does not link LibTorch. Instead, `Scripts/bootstrap` compiles a small library against the machine's
    /// LibTorch, and this function opens it. The library is in the folder named by `EQUIPOISE_TORCH`; otherwise next to
    /// the executable, in `../lib/equipoise`, or in the user's cache folder.
    ///
    /// - Throws: `TorchError` of kind `libraryMissing`, with the command to run.
    public static func load() throws(TorchError) { _ = try loaded.get() }

    /// The library through which Equipoise calls LibTorch; `nil` if none was found.
    public static var libraryFile: URL? { TorchLibrary.file }

    /// LibTorch's version, such as `2.13.0`; empty if LibTorch is missing.
    public static var version: String { String(cString: torch.version()) }

    /// The instruction set that LibTorch's CPU kernels use, such as `AVX512`.
    public static var processorCapability: String { String(cString: torch.cpu_capability()) }

    /// The number of threads that one operation may use on the CPU.
    public static var threadCount: Int { Int(torch.thread_count()) }

    public static func setThreadCount(_ count: Int) throws(TorchError) {
        try check(torch.set_thread_count(Int32(clamping: count)))
    }

    /// Makes the allocator keep large buffers, which halves the time of a training step on Linux. By default, every
    /// buffer of a step is mapped, faulted in page by page and unmapped again. Call it once, before creating the first
    /// tensor.
    ///
    /// - Returns: whether the C library accepted the setting (glibc only).
    /// - Throws: `TorchError` if LibTorch cannot be loaded.
    @discardableResult
    public static func keepLargeAllocations() throws(TorchError) -> Bool {
        try load()
        return torch.keep_large_allocations()
    }

    static let loaded = Result { () throws(TorchError) in try TorchLibrary.open() }
}

/// The table of LibTorch functions; functions that fail if LibTorch cannot be loaded.
let torch: ct_functions = (try? LibTorch.loaded.get()) ?? ct_missing_functions

/// The library that provides the function table.
private enum TorchLibrary {
    #if os(macOS)
        static let name = "libequipoise_torch.dylib"
    #else
        static let name = "libequipoise_torch.so"
    #endif

    static var file: URL? { files.first }

    private static var files: [URL] { folders.map { $0.appending(path: name) }.filter(isFile) }

    static func open() throws(TorchError) -> ct_functions {
        guard !files.isEmpty else {
            guard let chosenFolder else { throw failure("LibTorch is not set up on this machine") }
            throw failure("EQUIPOISE_TORCH names \(chosenFolder.path), which does not contain \(name)")
        }
        var problem = TorchError(.libraryMissing, "")
        for file in files {
            do { return try open(file) } catch { problem = error }
        }
        throw problem
    }

    private static func open(_ file: URL) throws(TorchError) -> ct_functions {
        guard let handle = dlopen(file.path, RTLD_NOW | RTLD_LOCAL) else {
            throw failure("LibTorch cannot be loaded (\(String(cString: dlerror())))")
        }
        typealias Interface = @convention(c) () -> UnsafePointer<CChar>
        typealias Functions = @convention(c) () -> UnsafePointer<ct_functions>?
        guard let interface = dlsym(handle, "equipoise_torch_interface"),
            let functions = dlsym(handle, "equipoise_torch_functions"),
            strcmp(unsafeBitCast(interface, to: Interface.self)(), ct_interface) == 0
        else {
            throw failure("\(file.path) belongs to another version of Equipoise; remove it")
        }
        guard let table = unsafeBitCast(functions, to: Functions.self)() else {
            throw failure("\(file.path) was compiled for a different version of LibTorch")
        }
        return table.pointee
    }

    /// The folders to search, in this order.
    private static var folders: [URL] {
        if let chosenFolder { return [chosenFolder] }
        let executable = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        let hash = String(ct_interface_hash(), radix: 16)
        let padded = String(repeating: "0", count: 16 - hash.count) + hash
        return [
            executable, executable?.appending(path: "../lib/equipoise"),
            UserCache.folder().appending(path: "torch/\(padded)"),
        ].compactMap { $0 }
    }

    private static var chosenFolder: URL? {
        ProcessInfo.processInfo.environment["EQUIPOISE_TORCH"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
    }

    private static func isFile(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

    private static func failure(_ reason: String) -> TorchError {
        let script = URL(filePath: #filePath).appending(path: "../../../Scripts/bootstrap").standardizedFileURL
        let command = isFile(script) ? script.path : "Scripts/bootstrap in Equipoise's folder"
        return TorchError(.libraryMissing, "\(reason); run \(command), then try again.")
    }
}
