public import EventFiles
public import Foundation
import Recipes
public import Runs

/// Exports a whole run as a TensorBoard event file: every value of every series, and every sample sheet.
public enum TensorBoardExport {
    /// The tag of the sample sheets.
    public static let sheets = "samples"
    /// The tag of the configuration, a text.
    public static let configuration = "configuration"
    /// The tag of the objective, a text of one word: the meaning of the losses depends on it.
    public static let objective = "objective"

    /// Writes a run to a new event file in a folder; in the run's own TensorBoard folder, the file replaces older ones.
    ///
    /// - Parameter report: receives a message about each sheet that could not be exported.
    /// - Returns: the new file.
    public static func write(_ run: RunReader, to folder: URL, report: (String) -> Void = { _ in }) throws -> URL {
        let writer = try EventFileWriter(folder: folder)
        try writer.write(run, report: report)
        if folder.standardizedFileURL == run.folder.tensorBoard.standardizedFileURL { try writer.replaceOthers() }
        try writer.finish()
        return writer.url
    }
}

extension EventFileWriter {
    /// Writes the settings of a run, and its objective if that is known, as texts.
    public func writeSettings(of run: RunReader, wallTime: Double) throws {
        if let objective = try run.objective() {
            try write(text: objective.rawValue, tag: TensorBoardExport.objective, step: 0, wallTime: wallTime)
        }
        try write(
            text: "```yaml\n\(run.settingsText())\n```", tag: TensorBoardExport.configuration, step: 0,
            wallTime: wallTime)
    }

    /// Writes everything that a run has recorded so far.
    public func write(_ run: RunReader, report: (String) -> Void = { _ in }) throws {
        try writeSettings(of: run, wallTime: run.metadata().start.timeIntervalSince1970)
        for measurement in try run.measurements() { try write(measurement) }
        for sheet in try run.sheets() {
            do {
                guard let file = run.folder.file(relative: sheet.file) else {
                    throw ExportError("it is outside the run folder.")
                }
                let png = try Data(contentsOf: file)
                try write(
                    png: png, tag: TensorBoardExport.sheets, step: sheet.step, wallTime: sheet.wallTime)
            } catch {
                report("The sheet \(sheet.file) is skipped: \(error)")
            }
        }
    }
}
