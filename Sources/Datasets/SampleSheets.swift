import DatasetFiles
import Foundation
import Images

/// Sheets that show many samples in one picture, a file or a folder of them, as training scripts save them.
struct SampleSheets {
    private let files: [URL]
    private let side: Int
    /// What was left out, in words.
    private var omissions: [String] = []

    /// - Parameters:
    ///   - url: a picture, or a folder of pictures.
    ///   - side: the usual side of a sample.
    init(_ url: URL, side: Int) throws {
        self.side = side
        var isFolder: ObjCBool = false
        FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        guard isFolder.boolValue else {
            files = [url]
            return
        }
        let all = try ImageFolder.list(url)
        let made = all.filter { !$0.lastPathComponent.lowercased().contains("real") }
        let chosen = made.isEmpty ? all : made
        if chosen.count < all.count {
            omissions.append("\(all.count - chosen.count) of real images (by the name) left out")
        }
        guard let newest = SheetNames(chosen.map(\.lastPathComponent)).newest else {
            files = chosen
            return
        }
        files = [chosen[newest]]
        omissions.append(
            "only the newest of \(chosen.count), \(chosen[newest].lastPathComponent), since the names tell times of a training"
        )
    }

    /// The samples of all sheets; `nil` if these are no sheets but single samples.
    ///
    /// - Parameter channels: 1 for grey, 3 for color; 0 keeps what is stored.
    func read(channels: Int) throws -> (images: ImageArray, summary: String)? {
        guard let first = files.first, let picture = try? ImageFile.read(first), let layout = layout(picture) else {
            return nil
        }
        let count = channels > 0 ? channels : picture.channels
        var pixels: [UInt8] = []
        var (samples, sheets, others) = (0, 0, 0)
        for file in files {
            let sheet = try ImageFile.read(file).converted(toChannels: count)
            guard let own = self.layout(sheet), own.side == layout.side else {
                others += 1
                continue
            }
            let pictures = try own.cut(sheet).map {
                layout.side % side == 0 ? try $0.resizedAndCropped(toSize: side) : $0
            }
            for picture in pictures { pixels += picture.planes }
            samples += pictures.count
            sheets += 1
        }
        let final = layout.side % side == 0 ? side : layout.side
        let left = omissions + (others > 0 ? ["\(others) pictures that are no such sheets left out"] : [])
        let lines = layout.padding > 0 ? "lines of \(layout.padding) pixels between them" : "no lines between them"
        return (
            ImageArray(count: samples, channels: count, height: final, width: final, pixels: pixels),
            "\(sheets == 1 ? "a sheet" : "\(sheets) sheets") of \(layout.columns)×\(layout.rows) samples with \(lines), cut apart"
                + left.map { "; " + $0 }.joined() + " (--image-size takes each file as one sample)"
        )
    }

    /// How the samples lie on a sheet, of the usual side, of a multiple, or of another side that is common.
    private func layout(_ picture: PixelImage) -> SheetLayout? {
        guard (picture.width, picture.height) != (side, side) else { return nil }
        let sides = (1...4).map { $0 * side } + [28, 32, 64, 128, 256].filter { $0 % side != 0 }
        return SheetLayout(of: picture, sides: sides)
    }
}

/// What the names of sheets tell.
private struct SheetNames {
    /// The place of the newest sheet, where the names tell times of a training; `nil` where they only count sheets.
    let newest: Int?

    private static let times = ["epoch", "step", "iter", "kimg", "batch", "fakes0"]

    init(_ names: [String]) {
        let numbers = names.map { name in
            Int(name.split(whereSeparator: { !("0"..."9").contains($0) }).last.map { String($0.prefix(15)) } ?? "")
        }
        let known = numbers.compactMap(\.self)
        guard names.count > 1, known.count == names.count, let least = known.min(), let most = known.max() else {
            newest = nil
            return
        }
        let isCounted = least <= 1 && most - least == names.count - 1 && Set(known).count == names.count
        let isTimed = names.allSatisfy { name in SheetNames.times.contains { name.lowercased().contains($0) } }
        newest = isTimed || !isCounted ? known.firstIndex(of: most) : nil
    }
}
