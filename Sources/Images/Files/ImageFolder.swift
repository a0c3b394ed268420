public import Foundation

/// Finding the pictures in a folder.
public enum ImageFolder {
    /// The file names' endings that count as pictures, in lower case.
    public static let extensions: Set<String> = ["png", "jpg", "jpeg"]

    /// All PNG and JPEG files in the folder and its subfolders, sorted by path.
    ///
    /// Hidden files and folders are skipped. Links to folders are followed, each real folder once, so that a cycle
    /// ends; links that lead nowhere are skipped.
    ///
    /// - Throws: ``ImageError/inFile(path:_:)`` when the folder or a subfolder cannot be read, or has no picture.
    public static func list(_ folder: URL) throws -> [URL] {
        var visited: Set<String> = []
        var paths: [String] = []
        try collect(folder.path, into: &paths, visited: &visited)
        guard !paths.isEmpty else { throw ImageError.inFile(path: folder.path, .noPictures) }
        return paths.sorted().map { URL(fileURLWithPath: $0, isDirectory: false) }
    }

    private static func collect(_ root: String, into paths: inout [String], visited: inout Set<String>) throws {
        // A stack of our own: the depth is the input's.
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
