public import DataFiles
import DatasetFiles
public import Datasets
import Foundation
public import Recipes
public import Torch
public import Training

/// Everything that a training needs before its first step: a complete configuration, the device, the data, and custom networks if there
/// are any.
public struct TrainingSetup {
    /// The configuration with device, threads, and image size filled in.
    public let configuration: TrainingConfiguration
    public let device: Device
    public let data: any Dataset
    /// Custom networks; `nil` for the configuration's architecture.
    public let networks: CustomNetworks?
    private let isOwnData: Bool

    /// Loads the data that a configuration names; downloads it first if it is not on this machine.
    ///
    /// - Parameters:
    ///   - fallbackData: data to use if the configuration's data is missing and cannot be downloaded.
    ///   - report: receives notes, warnings and the progress of downloads.
    /// - Throws: `DataFileError`, `TorchError`, `ConfigurationError`.
    public init(
        _ requested: TrainingConfiguration, fallbackData: String? = nil, networks: CustomNetworks? = nil,
        report: @escaping (SessionEvent) -> Void = { _ in }
    ) throws {
        guard !requested.data.isCustom else {
            throw ConfigurationError.conflict(
                "The data of this configuration belongs to a Swift program (“data.source” is \(requested.data.source)); only that program can train on it."
            )
        }
        var configuration = requested
        let device = try TrainingSetup.prepareDevice(&configuration)
        var loader = DatasetLoader { report(.note($0)) }
        loader.progress = { report(.downloading($0)) }
        let data: any Dataset
        do {
            data = try loader.load(DatasetLoader.Request(configuration), device: device)
        } catch let error as DataFileError where error.isAbsence && fallbackData != nil {
            let fallback = fallbackData ?? ""
            report(.warning("\(error)"))
            report(.note("Training on \(fallback) instead of \(configuration.data.source)."))
            configuration.data.source = fallback
            data = try loader.load(DatasetLoader.Request(configuration), device: device)
        }
        // An absolute path, so that the run can be resumed from another working directory.
        let path = (configuration.data.source as NSString).expandingTildeInPath
        if data is ImageDataset, DatasetCatalog.all.allSatisfy({ $0.name != path }) {
            configuration.data.source = URL(fileURLWithPath: path).standardizedFileURL.path
        }
        self.init(configuration, device, data, networks, isOwnData: false, report)
    }

    /// Uses a program's own data and, optionally, custom networks.
    ///
    /// - Parameters:
    ///   - data: on the configuration's device; with the device `auto`, the training runs where the data is.
    ///   - networks: by default the configuration's architecture.
    public init(
        _ requested: TrainingConfiguration, data: any Dataset, networks: CustomNetworks? = nil,
        report: @escaping (SessionEvent) -> Void = { _ in }
    ) throws {
        var configuration = requested
        configuration.data = TrainingConfiguration.DataOptions()
        configuration.data.source = TrainingConfiguration.DataOptions.customSource
        let place = try data.examples(Tensor([Int64(0)])).device
        if configuration.device == .automatic {
            // Own data and networks are where the program put them.
            configuration.device = DeviceChoice(rawValue: place.description) ?? .automatic
        }
        let device = try TrainingSetup.prepareDevice(&configuration)
        guard place == device else {
            throw ConfigurationError.conflict(
                "The data (\(data.summary)) is on \(place), but the training runs on \(device); move the data, or set “device” to \(place)."
            )
        }
        self.init(configuration, device, data, networks, isOwnData: true, report)
        // A value that is out of range would make the run unreadable.
        _ = try self.configuration.validated()
    }

    private init(
        _ known: TrainingConfiguration, _ device: Device, _ data: any Dataset, _ networks: CustomNetworks?,
        isOwnData: Bool, _ report: (SessionEvent) -> Void
    ) {
        var configuration = known
        if networks != nil { configuration.network.architecture = .custom }
        let shape = data.exampleShape
        if shape.count == 3, [1, 3].contains(shape[0]) {
            configuration.data.channels = shape[0]
            if shape[1] == shape[2], [28, 32, 64, 128].contains(shape[2]) { configuration.data.imageSize = shape[2] }
        }
        if configuration.precision == .bfloat16, device.isCPU, !Processor.hasBfloat16 {
            report(
                .warning("This processor has no bfloat16 instructions, so bfloat16 will be slower than float32."))
        }
        (self.configuration, self.device, self.data) = (configuration, device, data)
        (self.networks, self.isOwnData) = (networks, isOwnData)
    }

    /// Applies the configuration's threads and device, and fills in the chosen values.
    private static func prepareDevice(_ configuration: inout TrainingConfiguration) throws -> Device {
        try LibTorch.keepLargeAllocations()
        if configuration.threads > 0 { try LibTorch.setThreadCount(configuration.threads) }
        configuration.threads = LibTorch.threadCount
        let device = try Device(named: configuration.device.rawValue)
        configuration.device = DeviceChoice(rawValue: device.description) ?? configuration.device
        return device
    }

    /// The same training with another configuration. The program's own data and custom networks stay.
    func changed(
        to configuration: TrainingConfiguration, report: @escaping (SessionEvent) -> Void
    ) throws -> TrainingSetup {
        isOwnData
            ? try TrainingSetup(configuration, data: data, networks: networks, report: report)
            : try TrainingSetup(configuration, networks: networks, report: report)
    }

    /// A trainer before its first step.
    public func trainer() throws -> Trainer {
        try Trainer(configuration, data: data, device: device, networks: networks)
    }

    /// The monitor of the training. If samples cannot be compared with data, it judges the losses alone and reports a warning.
    public func monitor(report: @escaping (SessionEvent) -> Void = { _ in }) throws -> Monitor {
        var probe: SampleProbe?
        if configuration.monitor.everyImages > 0 {
            do {
                probe = try sampleProbe(report)
            } catch {
                report(.warning("The samples will not be scored, only the losses: \(error)"))
            }
        }
        return try Monitor(configuration, probe: probe, labels: data.labels, device: device)
    }

    private func sampleProbe(_ report: @escaping (SessionEvent) -> Void) throws -> SampleProbe? {
        func note(_ sentence: String) { report(.note(sentence)) }
        let reference =
            configuration.monitor.reference.isEmpty
            ? data : try DatasetLoader(report: note).load(.reference(configuration), device: device)
        guard reference.exampleShape == data.exampleShape else {
            throw ConfigurationError.conflict(
                "monitor.reference (\(reference.summary)) does not match the training data (\(data.summary)).")
        }
        return try SampleProbe.make(reference, store: ReferenceStore(report: note), device: device)
    }

    /// The device in words, for the run's metadata.
    public var deviceDescription: String {
        device.isCPU
            ? "CPU, \(LibTorch.processorCapability), \(configuration.threads) threads"
            : device.name.map { "\(device), \($0)" } ?? "\(device)"
    }
}

extension DatasetLoader.Request {
    /// The data of a configuration.
    public init(_ configuration: TrainingConfiguration) {
        let data = configuration.data
        self.init(
            source: data.source, imageSize: data.imageSize, channels: data.channels, limit: data.limit,
            classPortions: data.classPortions.portions, skipBroken: data.skipBroken, seed: UInt64(configuration.seed))
    }

    /// The data that samples are compared with: the training data or `monitor.reference`, in the size and channels of the training data.
    public static func reference(_ configuration: TrainingConfiguration) -> DatasetLoader.Request {
        var request = DatasetLoader.Request(configuration)
        guard !configuration.monitor.reference.isEmpty else { return request }
        (request.source, request.limit, request.classPortions) = (configuration.monitor.reference, 0, [:])
        return request
    }
}

extension DataFileError {
    /// Whether the data is missing and could not be downloaded.
    fileprivate var isAbsence: Bool { [.notFound, .network, .wrongChecksum].contains(kind) }
}

/// The capabilities of the CPU.
enum Processor {
    /// Whether it has bfloat16 instructions.
    static var hasBfloat16: Bool {
        guard let text = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return true }
        let flags = String(decoding: text, as: UTF8.self)
        return ["avx512_bf16", "amx_bf16", "bf16"].contains { flags.contains(" \($0)") }
    }
}
