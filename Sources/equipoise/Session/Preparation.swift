import DataFiles
import DatasetFiles
import Datasets
import Foundation
import Recipes
import Torch

/// What a configuration needs before its first step: threads, device and data.
struct Preparation {
    /// The configuration with everything that was left open filled in.
    let configuration: TrainingConfiguration
    let device: Device
    let data: any Dataset

    /// - Parameter fallbackData: data to take when the configuration's is not here and cannot be downloaded.
    init(_ requested: TrainingConfiguration, fallbackData: String? = nil, console: Console) throws {
        try LibTorch.keepLargeAllocations()
        var configuration = requested
        if configuration.threads > 0 { try LibTorch.setThreadCount(configuration.threads) }
        configuration.threads = LibTorch.threadCount
        device = try Device(named: configuration.device.rawValue)
        configuration.device = DeviceChoice(rawValue: device.description) ?? configuration.device

        var loader = DatasetLoader { console.line($0) }
        loader.progress = { console.status($0.summary) }
        do {
            data = try loader.load(DatasetLoader.Request(configuration), device: device)
        } catch let error as DataFileError where error.isAbsence && fallbackData != nil {
            let fallback = fallbackData ?? ""
            console.warning("\(error)")
            console.line("Training on \(fallback) in place of \(configuration.data.source).")
            configuration.data.source = fallback
            data = try loader.load(DatasetLoader.Request(configuration), device: device)
        }
        // A path is kept whole, so that the run can be resumed from another folder.
        let path = (configuration.data.source as NSString).expandingTildeInPath
        if data is PictureDataset, DatasetCatalog.all.allSatisfy({ $0.name != path }) {
            configuration.data.source = URL(fileURLWithPath: path).standardizedFileURL.path
        }
        let shape = data.exampleShape
        if shape.count == 3 {
            configuration.data.channels = shape[0]
            if shape[1] == shape[2], [28, 32, 64, 128].contains(shape[2]) { configuration.data.imageSize = shape[2] }
        }
        if configuration.precision == .bfloat16, device.isCPU, !Processor.hasBfloat16 {
            console.warning("This processor has no bfloat16 instructions, so bfloat16 will be slower than float32.")
        }
        self.configuration = configuration
    }

    /// The device in words, for the run's metadata.
    var deviceDescription: String {
        device.isCPU
            ? "CPU, \(LibTorch.processorCapability), \(configuration.threads) threads"
            : device.name.map { "\(device), \($0)" } ?? "\(device)"
    }
}

extension DatasetLoader.Request {
    /// What a configuration asks for.
    init(_ configuration: TrainingConfiguration) {
        let data = configuration.data
        self.init(
            source: data.source, imageSize: data.imageSize, channels: data.channels, limit: data.limit,
            classPortions: data.classPortions.portions, skipBroken: data.skipBroken, seed: UInt64(configuration.seed))
    }

    /// What the samples of a training are compared with: its data, or what `monitor.reference` names, in the size and channels of its data.
    static func reference(_ configuration: TrainingConfiguration) -> DatasetLoader.Request {
        var request = DatasetLoader.Request(configuration)
        guard !configuration.monitor.reference.isEmpty else { return request }
        (request.source, request.limit, request.classPortions) = (configuration.monitor.reference, 0, [:])
        return request
    }
}

extension DataFileError {
    /// Whether the data could not be had: it is not here, and no server delivered it as it should be.
    fileprivate var isAbsence: Bool { [.notFound, .network, .wrongChecksum].contains(kind) }
}

extension Downloader.Progress {
    /// A line for the terminal.
    var summary: String {
        let total = totalBytes.map { " of \($0 / 1024)" } ?? ""
        return "\(fileName): \(receivedBytes / 1024)\(total) KiB"
    }
}

/// What the processor can do.
enum Processor {
    /// Whether it multiplies bfloat16 numbers itself.
    static var hasBfloat16: Bool {
        guard let text = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return true }
        let flags = String(decoding: text, as: UTF8.self)
        return ["avx512_bf16", "amx_bf16", "bf16"].contains { flags.contains(" \($0)") }
    }
}
