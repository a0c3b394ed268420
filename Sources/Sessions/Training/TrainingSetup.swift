public import DataFiles
import DatasetFiles
public import Datasets
import Foundation
public import Recipes
public import Torch
public import Training

/// What a training needs before its first step: a configuration in which everything is filled in, a device, data, and networks if they
/// are a program's own.
public struct TrainingSetup {
    /// The configuration with everything that was left open filled in.
    public let configuration: TrainingConfiguration
    public let device: Device
    public let data: any Dataset
    /// A program's own networks; `nil` for those that the configuration names.
    public let networks: CustomNetworks?
    private let isOwnData: Bool

    /// What `data.source` says of data that a program brought along.
    static let customSource = "custom"

    /// Loads the data that a configuration names, and downloads them first if they are not on this machine.
    ///
    /// - Parameters:
    ///   - fallbackData: data to take when the configuration's is not here and cannot be downloaded.
    ///   - report: takes notes, warnings and the progress of downloads.
    /// - Throws: `DataFileError`, `TorchError`, `ConfigurationError`.
    public init(
        _ requested: TrainingConfiguration, fallbackData: String? = nil, networks: CustomNetworks? = nil,
        report: @escaping (SessionEvent) -> Void = { _ in }
    ) throws {
        guard requested.data.source != TrainingSetup.customSource else {
            throw ConfigurationError.conflict(
                "The data of this configuration are a Swift program's own (“data.source” is custom); only that program can train on them."
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
            report(.note("Training on \(fallback) in place of \(configuration.data.source)."))
            configuration.data.source = fallback
            data = try loader.load(DatasetLoader.Request(configuration), device: device)
        }
        // A path is kept whole, so that the run can be resumed from another folder.
        let path = (configuration.data.source as NSString).expandingTildeInPath
        if data is PictureDataset, DatasetCatalog.all.allSatisfy({ $0.name != path }) {
            configuration.data.source = URL(fileURLWithPath: path).standardizedFileURL.path
        }
        self.init(configuration, device, data, networks, isOwnData: false, report)
    }

    /// Takes a program's own data and, if they are given, its own networks.
    ///
    /// - Parameters:
    ///   - data: on the configuration's device.
    ///   - networks: by default those that the configuration names.
    public init(
        _ requested: TrainingConfiguration, data: any Dataset, networks: CustomNetworks? = nil,
        report: @escaping (SessionEvent) -> Void = { _ in }
    ) throws {
        var configuration = requested
        let device = try TrainingSetup.prepareDevice(&configuration)
        configuration.data = TrainingConfiguration.DataOptions()
        configuration.data.source = TrainingSetup.customSource
        self.init(configuration, device, data, networks, isOwnData: true, report)
    }

    private init(
        _ known: TrainingConfiguration, _ device: Device, _ data: any Dataset, _ networks: CustomNetworks?,
        isOwnData: Bool, _ report: (SessionEvent) -> Void
    ) {
        var configuration = known
        if networks != nil { configuration.network.architecture = .custom }
        let shape = data.exampleShape
        if shape.count == 3 {
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

    /// Sets threads and device as the configuration asks, and writes into it what was chosen.
    private static func prepareDevice(_ configuration: inout TrainingConfiguration) throws -> Device {
        try LibTorch.keepLargeAllocations()
        if configuration.threads > 0 { try LibTorch.setThreadCount(configuration.threads) }
        configuration.threads = LibTorch.threadCount
        let device = try Device(named: configuration.device.rawValue)
        configuration.device = DeviceChoice(rawValue: device.description) ?? configuration.device
        return device
    }

    /// The same training with another configuration: a program's own data and networks stay.
    func changed(
        to configuration: TrainingConfiguration, report: @escaping (SessionEvent) -> Void
    ) throws -> TrainingSetup {
        isOwnData
            ? try TrainingSetup(configuration, data: data, networks: networks, report: report)
            : try TrainingSetup(configuration, networks: networks, report: report)
    }

    /// A trainer that stands before its first step.
    public func trainer() throws -> Trainer {
        try Trainer(configuration, data: data, device: device, networks: networks)
    }

    /// What watches a training. Without samples to compare with, it judges the losses alone, and that is said.
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
                "monitor.reference has \(reference.summary), and the training makes others: \(data.summary).")
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
    /// What a configuration asks for.
    public init(_ configuration: TrainingConfiguration) {
        let data = configuration.data
        self.init(
            source: data.source, imageSize: data.imageSize, channels: data.channels, limit: data.limit,
            classPortions: data.classPortions.portions, skipBroken: data.skipBroken, seed: UInt64(configuration.seed))
    }

    /// What the samples of a training are compared with: its data, or what `monitor.reference` names, in the size and channels of its data.
    public static func reference(_ configuration: TrainingConfiguration) -> DatasetLoader.Request {
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

/// What the processor can do.
enum Processor {
    /// Whether it multiplies bfloat16 numbers itself.
    static var hasBfloat16: Bool {
        guard let text = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return true }
        let flags = String(decoding: text, as: UTF8.self)
        return ["avx512_bf16", "amx_bf16", "bf16"].contains { flags.contains(" \($0)") }
    }
}
