import DataFiles
import Datasets
import Foundation
import Images
import TestSupport
import Testing
import Torch

/// Samples that are given as sheets of many.
@Suite struct SheetTests {
    private let directory = Result { try TemporaryFolder() }

    private func folder() throws -> URL { try directory.get().url }

    /// A sheet of twelve squares in the colors that `make_grid` and `save_image` leave, three equal channels.
    private func write(_ name: String, shift: Int = 0, side: Int = 28) throws {
        let tiles = try (0..<12).map { number in
            try PixelImage(
                width: side, height: side, channels: 1,
                pixels: (0..<side * side).map { UInt8(20 + ($0 * 7 + number * 17 + shift) % 220) })
        }
        let sheet = try SampleSheet(columns: 4, padding: 2, scale: 1).compose(tiles)
        try ImageFile.write(png: sheet.converted(toChannels: 3), to: folder().appending(path: name))
    }

    private func read(_ name: String = "", side: Int = 28) throws -> ExampleFiles.Contents {
        try ExampleFiles.read(name.isEmpty ? folder() : folder().appending(path: name), channels: 1, side: side)
    }

    @Test func aSheetIsCutApart() throws {
        try write("fakes.png")
        let contents = try read("fakes.png")
        #expect(contents.examples.shape == [12, 1, 28, 28])
        #expect(contents.summary.contains("a sheet of 4×3 samples"), "\(contents.summary)")
    }

    @Test func sheetsThatAreCountedBelongTogether() throws {
        for number in 0..<3 { try write("samples_\(number).png", shift: number) }
        #expect(try read().examples.shape[0] == 36)
    }

    /// Names that tell an epoch, and numbers of batches: the samples of other times are not those of the end.
    @Test(arguments: [
        ["fake_epoch_1.png", "fake_epoch_2.png", "fake_epoch_10.png"], ["0.png", "400.png", "1200.png"],
    ])
    func ofSheetsOverTimeTheNewestCounts(names: [String]) throws {
        for (number, name) in names.enumerated() { try write(name, shift: number) }
        try write("real_samples.png", shift: 9)
        let contents = try read()
        #expect(contents.examples.shape[0] == 12)
        #expect(contents.summary.contains("newest of 3, \(names[2])"), "\(contents.summary)")
        #expect(contents.summary.contains("1 with “real” in the name"))
    }

    /// A number that all names share, such as the size, tells no time; a chart of the losses is no sheet.
    @Test func theNewestIsToldByTheNumberThatDiffers() throws {
        for step in [5, 100, 20] { try write("step_\(step)_64x64.png", shift: step) }
        try ImageFile.write(
            png: PixelImage(width: 90, height: 70, channels: 1, pixels: (0..<6300).map { UInt8($0 % 251) }),
            to: folder().appending(path: "loss_curve.png"))
        let contents = try read()
        #expect(contents.examples.shape[0] == 12 && contents.summary.contains("step_100_64x64.png"))
    }

    /// A generator that died makes samples of one color, which are samples all the same.
    @Test func samplesOfOneColorAreKept() throws {
        let tiles = try (0..<12).map { _ in
            try PixelImage(width: 28, height: 28, channels: 1, pixels: [UInt8](repeating: 200, count: 784))
        }
        try ImageFile.write(
            png: SampleSheet(columns: 4, padding: 2, scale: 1).compose(tiles), to: folder().appending(path: "dead.png"))
        #expect(try read("dead.png").examples.shape[0] == 12)
    }

    @Test func anEnlargedSampleIsNoSheet() throws {
        for number in 0..<3 {
            let large = (0..<84 * 84).map { place -> UInt8 in
                let (y, x) = (place / 84 / 3, place % 84 / 3)
                return UInt8(((y * 28 + x) * 7 + number) % 251)
            }
            try ImageFile.write(
                png: PixelImage(width: 84, height: 84, channels: 1, pixels: large),
                to: folder().appending(path: "sample_\(number).png"))
        }
        #expect(try read().examples.shape == [3, 1, 84, 84])
    }

    @Test func aSheetThatIsDrawnTwiceAsLargeIsMadeSmaller() throws {
        try write("large.png", side: 56)
        #expect(try read("large.png").examples.shape == [12, 1, 28, 28])
    }

    @Test func samplesOfAnotherSideKeepTheirs() throws {
        try write("larger.png", side: 64)
        #expect(try read("larger.png").examples.shape == [12, 1, 64, 64])
    }

    @Test func aImageThatIsNoSheetIsRefused() throws {
        try ImageFile.write(
            png: PixelImage(width: 90, height: 70, channels: 1, pixels: (0..<6300).map { UInt8($0 % 251) }),
            to: folder().appending(path: "one.png"))
        let error = #expect(throws: DataFileError.self) { try read("one.png") }
        #expect(error.map { "\($0)".contains("not look like a sheet of samples") } == true)
    }

    @Test func singleSamplesAreNoSheets() throws {
        for number in 0..<3 {
            try ImageFile.write(
                png: PixelImage(
                    width: 28, height: 28, channels: 1, pixels: (0..<784).map { UInt8(($0 + number) % 251) }),
                to: folder().appending(path: "epoch_\(number).png"))
        }
        #expect(try read().examples.shape == [3, 1, 28, 28])
    }
}
