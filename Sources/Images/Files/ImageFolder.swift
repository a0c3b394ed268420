public import Foundation

/// Finds the images in a folder.
public enum ImageFolder {
    /// The file name extensions of images, in lower case.
    public static let extensions: Set<String> = ["png", "jpg", "jpeg"]

    /// Lists all PNG and JPEG files in the folder and its subfolders, sorted by path.
    ///
    /// Hidden files and folders are skipped. Symbolic links to folders are followed, but each folder is visited only
    /// once, so cycles terminate; broken links are skipped.
    ///
    /// - Throws: ``ImageError/inFile(path:_:)`` when the folder or a subfolder cannot be read, or if there are no
    ///   images.
    public static func list(_ folder: URL) throws -> [URL] {
        var visited: Set<String> = []
        var paths: [String] = []
        try collect(folder.path, into: &paths, visited: &visited)
        guard !paths.isEmpty else { throw ImageError.inFile(path: folder.path, .noImages) }
        return paths.sorted().map { URL(fileURLWithPath: $0, isDirectory: false) }
    }

    private static func collect(_ root: String, into paths: inout [String], visited: inout Set<String>) throws {
        // Use an explicit stack, since the folder depth is untrusted input.
        var pending = [root]
        while let folder = pending.popLast() {
            let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
            guard visited.insert(real).inserted else { continue }
            var subfolders: [String] = []
            for name in try names(in: folder) where !name.hasPrefix(".") {
                let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
                if isFolder.boolValue {
                    subfolders.append(path)
                } else if extensions.contains(URL(fileURLWithPath: path).pathExtension.lowercased()) {
                    paths.append(path)
                }
            }
            pending.append(contentsOf: subfolders.reversed())
        }
    }

    private static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw ImageError.inFile(path: folder, .unreadable(reason: ImageFile.reason(of: error)))
        }
    }
}
