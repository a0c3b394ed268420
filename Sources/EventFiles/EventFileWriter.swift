public import Foundation
public import Measurements
import SwiftProtobuf

/// Writes a TensorBoard event file.
///
/// The values of a measurement form one event. Events are buffered for at most about a second while values arrive, so
/// that a killed process loses little, and TensorBoard can follow the growing file.
///
/// Source: `tensorflow/core/util/event.proto`.
public final class EventFileWriter {
    public let url: URL
    private let file: FileHandle
    private var waiting = Data()
    private var lastFlush = ContinuousClock.now
    private var known: Set<String> = []
    private static let longestWait = Duration.seconds(1)
    private static let largestWait = 1 << 20

    /// Creates a new file in a folder, which is created if needed.
    public init(folder: URL, now: Double = Date().timeIntervalSince1970) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let host = ProcessInfo.processInfo.hostName.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let name = String(format: "events.out.tfevents.%010d.", Int(now)) + String(host)
        let process = ProcessInfo.processInfo.processIdentifier
        var number = 0
        var place = folder
        repeat {
            place = folder.appending(path: "\(name).\(process).\(number)")
            number += 1
        } while FileManager.default.fileExists(atPath: place.path)
        try Data().write(to: place, options: .withoutOverwriting)
        url = place
        file = try FileHandle(forWritingTo: place)
        try append(wallTime: now, step: 0) { $0.fileVersion = "brain.Event:2" }
        try flush()
    }

    /// Writes all values of a measurement under the names of their series.
    public func write(_ measurement: StepRecord) throws {
        guard !measurement.values.isEmpty else { return }
        try append(wallTime: measurement.wallTime, step: measurement.step) { event in
            event.summary.value = measurement.values.map { series, value in
                tagged(series.rawValue, plugin: "scalars", .scalar) { tensor in
                    tensor.dtype = .float
                    tensor.floatVal = [Float(value)]
                }
            }
        }
    }

    /// Writes an image.
    ///
    /// - Parameter png: the bytes of a PNG file.
    /// - Throws: `EventFileError` if the bytes are not a PNG file.
    public func write(png: Data, tag: String, step: Int, wallTime: Double) throws {
        guard let size = PNGSize(png) else { throw EventFileError("“\(tag)” at step \(step) is not a PNG file.") }
        try append(wallTime: wallTime, step: step) { event in
            event.summary.value = [
                tagged(tag, plugin: "images", .blobSequence) { tensor in
                    tensor.dtype = .string
                    tensor.tensorShape.dim = [.with { $0.size = 3 }]
                    tensor.stringVal = [Data("\(size.width)".utf8), Data("\(size.height)".utf8), png]
                }
            ]
        }
    }

    /// Writes a text, which TensorBoard renders as Markdown.
    public func write(text: String, tag: String, step: Int, wallTime: Double) throws {
        try append(wallTime: wallTime, step: step) { event in
            event.summary.value = [
                tagged(tag, plugin: "text", .tensor) { tensor in
                    tensor.dtype = .string
                    tensor.tensorShape.dim = [.with { $0.size = 1 }]
                    tensor.stringVal = [Data(text.utf8)]
                }
            ]
        }
    }

    /// Creates a value; the first value of a tag carries the tag's metadata for TensorBoard.
    private func tagged(
        _ tag: String, plugin: String, _ kind: Equipoise_Tensorboard_Summary.DataClass,
        _ fill: (inout Equipoise_Tensorboard_Tensor) -> Void
    ) -> Equipoise_Tensorboard_Summary.Value {
        .with { value in
            value.tag = tag
            fill(&value.tensor)
            guard known.insert(tag).inserted else { return }
            value.metadata.pluginData.pluginName = plugin
            value.metadata.dataClass = kind
        }
    }

    private func append(
        wallTime: Double, step: Int, _ fill: (inout Equipoise_Tensorboard_Event) -> Void
    ) throws {
        var event = Equipoise_Tensorboard_Event()
        event.wallTime = wallTime
        event.step = Int64(step)
        fill(&event)
        waiting += EventRecords.record(try event.serializedBytes())
        if waiting.count > EventFileWriter.largestWait || .now - lastFlush > EventFileWriter.longestWait { try flush() }
    }

    /// Writes all buffered events to the file.
    public func flush() throws {
        lastFlush = .now
        guard !waiting.isEmpty else { return }
        // If writing fails, the buffered events are lost, but nothing is written twice.
        defer { waiting.removeAll(keepingCapacity: true) }
        try file.write(contentsOf: waiting)
    }

    /// Deletes all other event files in the folder once this one contains everything: readers would take them for one
    /// run.
    public func replaceOthers() throws {
        try flush()
        let folder = url.deletingLastPathComponent()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix("events.out.tfevents.") && name != url.lastPathComponent {
            try FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }

    /// Writes all buffered events and closes the file.
    public func finish() throws {
        try flush()
        try file.close()
    }
}

/// The image size declared by a PNG file.
struct PNGSize {
    let width, height: Int

    /// Reads the size; `nil` if the bytes are not a PNG file.
    init?(_ png: Data) {
        let bytes = [UInt8](png.prefix(24))
        guard bytes.count == 24, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
        func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        (width, height) = (number(16), number(20))
    }
}
