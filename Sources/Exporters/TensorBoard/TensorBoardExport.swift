public import Foundation
public import Runs

/// A whole run as a TensorBoard event file: every value of every series, and every sample sheet.
public enum TensorBoardExport {
    /// The tag of the sample sheets.
    public static let sheets = "samples"

    /// Writes a run into a new event file of a folder.
    ///
    /// - Parameter report: takes a sentence about each sheet whose file is not there.
    /// - Returns: the file.
    public static func write(_ run: RunReader, to folder: URL, report: (String) -> Void = { _ in }) throws -> URL {
        let measurements = try run.measurements()
        let writer = try EventFileWriter(
            folder: folder, now: measurements.first?.wallTime ?? run.metadata().start.timeIntervalSince1970)
        for measurement in measurements { try writer.write(measurement) }
        for sheet in try run.sheets() {
            do {
                guard let file = run.folder.file(relative: sheet.file) else {
                    throw ExportError("it lies outside of the run.")
                }
                let png = try Data(contentsOf: file)
                try writer.write(png: png, tag: sheets, step: sheet.step, wallTime: sheet.wallTime)
            } catch {
                report("The sheet \(sheet.file) is left out: \(error)")
            }
        }
        try writer.finish()
        return writer.url
    }
}
