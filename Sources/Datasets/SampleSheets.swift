import DataFiles
import Foundation
import Images

/// Sheets of samples, as saved by training scripts: a file, or a folder of them.
struct SampleSheets {
    private let files: [URL]
    private let side: Int
    /// Descriptions of what was left out.
    private var omissions: [String] = []

    /// Selects the sheets to read.
    ///
    /// - Parameters:
    ///   - url: an image or a folder of images.
    ///   - side: the usual side of a sample.
    init(_ url: URL, side: Int) throws {
        self.side = side
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        guard isFolder.boolValue else {
            files = [url]
            return
        }
        let all = try ImageFolder.list(url)
        let made = all.filter { !$0.lastPathComponent.lowercased().contains("real") }
        let chosen = made.isEmpty ? all : made
        if chosen.count < all.count {
            omissions.append("\(all.count - chosen.count) with “real” in the name left out")
        }
        let names = SheetNames(chosen.map(\.lastPathComponent))
        if names.numbered.count < chosen.count {
            omissions.append("\(chosen.count - names.numbered.count) without a number in the name left out")
        }
        guard let newest = names.newest else {
            files = names.numbered.map { chosen[$0] }
            return
        }
        files = [chosen[newest]]
        omissions.append(
            "only the newest of \(names.numbered.count), \(chosen[newest].lastPathComponent), since the file names count training steps"
        )
    }

    /// Returns the samples of all sheets; `nil` if the files are single samples and not sheets.
    ///
    /// - Parameter channels: 1 for gray, 3 for color; 0 keeps the stored channels.
    func read(channels: Int) throws -> (images: ImageArray, summary: String)? {
        guard let first = files.first, let image = try? ImageFile.read(first), let (_, layout) = sheet(image) else {
            return nil
        }
        let count = channels > 0 ? channels : image.channels
        var pixels: [UInt8] = []
        var (samples, sheets, others) = (0, 0, 0)
        for file in files {
            guard let (sheet, own) = sheet(try ImageFile.read(file).converted(toChannels: count)),
                own.side == layout.side
            else {
                others += 1
                continue
            }
            let images = try own.cut(sheet).map {
                layout.side % side == 0 ? try $0.resizedAndCropped(toSize: side) : $0
            }
            for image in images { pixels += image.planes }
            samples += images.count
            sheets += 1
        }
        let final = layout.side % side == 0 ? side : layout.side
        let left = omissions + (others > 0 ? ["\(others) other images left out"] : [])
        let lines = layout.padding > 0 ? "lines of \(layout.padding) pixels between them" : "no lines between them"
        return (
            ImageArray(count: samples, channels: count, height: final, width: final, pixels: pixels),
            "\(sheets == 1 ? "a sheet" : "\(sheets) sheets") of \(layout.columns)×\(layout.rows) samples with \(lines), cut apart"
                + left.map { "; " + $0 }.joined() + " (--image-size takes each file as one sample)"
        )
    }

    /// Detects a sheet, undoing an enlargement if necessary, and returns it with its layout.
    private func sheet(_ image: PixelImage) -> (PixelImage, SheetLayout)? {
        guard (image.width, image.height) != (side, side) else { return nil }
        // Try the usual side, its multiples and other common sides.
        let sides = (1...4).map { $0 * side } + [28, 32, 64, 128, 256].filter { $0 % side != 0 }
        for candidate in [image, image.withoutEnlargement] {
            if let layout = SheetLayout(of: candidate, sides: sides) { return (candidate, layout) }
        }
        return nil
    }
}

/// Information from the file names of sheets.
private struct SheetNames {
    /// The positions of the numbered names, or all positions if at most half of the names have numbers.
    let numbered: [Int]
    /// The position of the newest sheet if the names count training steps; `nil` if they only number the sheets.
    let newest: Int?

    private static let times: Set<String> = ["epoch", "ep", "step", "steps", "iter", "iteration", "kimg", "batches"]

    init(_ names: [String]) {
        let all = names.map(SheetNames.numbers)
        let some = names.indices.filter { !all[$0].isEmpty }
        let numbered = some.count >= 2 && 2 * some.count > names.count ? some : Array(names.indices)
        self.numbered = numbered
        // Consider only numbers that differ between names, such as the step in `step_400_64x64`.
        let width = numbered.map { all[$0].count }.min() ?? 0
        let columns = (0..<width).filter { column in Set(numbered.map { all[$0][column] }).count > 1 }
        let keys = numbered.map { place in columns.map { all[place][$0] } }
        guard numbered.count > 1, !columns.isEmpty, Set(keys).count == keys.count,
            let most = keys.indices.max(by: { keys[$0].lexicographicallyPrecedes(keys[$1]) })
        else {
            newest = nil
            return
        }
        let first = keys.map { $0[0] }
        let (least, highest) = (first.min() ?? 0, first.max() ?? 0)
        let isCounted = columns.count == 1 && highest - least == keys.count - 1
        let isTimed = numbered.allSatisfy { SheetNames.saysTime(names[$0]) }
        newest = isTimed || !isCounted ? numbered[most] : nil
    }

    private static func numbers(_ name: String) -> [Int] {
        name.split { !("0"..."9").contains($0) }.compactMap { Int($0.prefix(15)) }
    }

    /// Whether the name contains a word for training time, or has the form of StyleGAN's `fakes000200`.
    private static func saysTime(_ name: String) -> Bool {
        let words = name.lowercased().split { !$0.isLetter }.map(String.init)
        return words.contains(where: times.contains) || name.hasPrefix("fakes0")
    }
}
