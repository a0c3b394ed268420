import DatasetFiles
public import Datasets
public import Evaluation
public import Foundation
public import Torch
import UserFolders

/// Makes what samples are compared with once per data, and keeps it in a folder: bins, and a classifier of the classes.
public struct ReferenceStore {
    private let folder: URL
    /// Takes sentences about long work, such as a classifier's training.
    public var report: (String) -> Void

    /// - Parameter folder: by default the user's cache.
    public init(folder: URL = ReferenceStore.defaultFolder, report: @escaping (String) -> Void = { _ in }) {
        self.folder = folder
        self.report = report
    }

    /// `equipoise/references` in the user's cache.
    public static var defaultFolder: URL {
        UserCache.folder().appending(path: "references", directoryHint: .isDirectory)
    }

    /// An evaluator of samples of some data: with its modes if they are known, that is for mixtures and labelled images.
    ///
    /// - Parameters:
    ///   - features: what distances are measured by; by default the classifier if there is one, else learned features where pixels say
    ///     little, else pixels.
    ///   - classifier: whether networks may be used, and trained if there are none yet.
    ///   - limit: the most examples of each side that the slower scores look at.
    public func evaluator(
        _ data: any Dataset, bins options: ReferenceBins.Options = ReferenceBins.Options(),
        features: (any FeatureExtractor)? = nil, classifier isWanted: Bool = true, limit: Int = 5000,
        device: Device = .cpu
    ) throws -> Evaluator {
        // Stacked pictures are random combinations, of which some thousands are as good as all.
        let count = data is StackedDataset ? min(data.count, ReferenceStore.mostStacked) : data.count
        let reference = ReferenceExamples(count: count, examples: data.examples)
        let key = try fingerprint(of: data)
        let bins = try stored("bins-\(options.count)-\(options.isWhitened ? "whitened-" : "")\(options.seed)-\(key)") {
            file in
            try ReferenceBins(file, device: device)
        } make: {
            report("Dividing \(data.summary) into \(options.count) bins, once.")
            let bins = try ReferenceBins(reference, by: PixelFeatures(), options)
            return (bins, try bins.file)
        }
        var modes: Evaluator.Modes?
        if let mixture = data as? MixtureDataset {
            let centres = mixture.centres.flatMap { [Float($0.x), Float($0.y)] }
            modes = .mixture(
                centres: try Tensor(centres, shape: [mixture.centres.count, 2]).to(device), deviation: mixture.deviation
            )
        } else if isWanted, let (network, shares) = try classifier(data, device) {
            modes = .classes(network, shares: shares)
        }
        var distances = features
        if distances == nil, case .classes(let network, _) = modes { distances = network }
        if distances == nil, isWanted, let learned = try FeaturePreparation(data, store: self, device: device) {
            try learned.advance()
            distances = learned.meter?.extractor
        }
        return try Evaluator(
            reference: reference, features: distances, bins: bins, binOptions: options, modes: modes, limit: limit)
    }

    private static let mostStacked = 20_000

    /// The classifier of labelled images, trained to the end if there is none yet, and the share of each class; `nil` without labels.
    private func classifier(_ data: any Dataset, _ device: Device) throws -> (any ModeClassifier, [Double])? {
        guard let preparation = try ClassPreparation(data, store: self, device: device) else { return nil }
        try preparation.advance()
        return preparation.meter.map { ($0.classifier, $0.due) }
    }

    /// Another classifier of the classes than the diagnosis uses: of another architecture, from another seed, and of named data trained on
    /// the half that a shipped classifier never sees. The truth about samples is measured by it.
    ///
    /// - Returns: the classifier and the share of each class; `nil` without labels.
    package func truthClassifier(_ pictures: PictureDataset, device: Device = .cpu) throws -> (
        ImageClassifier, [Double]
    )? {
        guard let images = try? LabelledImages(pictures) else { return nil }
        let name = try "truth-\(fingerprint(of: pictures))"
        if let known = classifier(name, device: device) { return (known, images.due) }
        report("Training another classifier, by which the truth is measured, once.")
        let network = try ImageClassifier(
            imageShape: pictures.exampleShape, classes: images.classCount, architecture: .wide, seed: 1, device: device)
        let isShipped = ShippedClassifier.firstTrainedOn(pictures) != nil
        let positions = isShipped ? images.heldOut : images.training
        let training = try images.training(
            of: network, on: positions, .suited(to: positions.count, seed: 1))
        while !training.isDone { try training.advance() }
        keep(network, as: name)
        return (network, images.due)
    }

    /// A classifier that was kept; `nil` if there is none, or it cannot be read.
    func classifier(_ name: String, device: Device) -> ImageClassifier? {
        let url = folder.appending(path: "\(name).safetensors")
        guard FileManager.default.fileExists(atPath: url.path), let file = try? Safetensors(contentsOf: url) else {
            return nil
        }
        return try? ImageClassifier(file, device: device)
    }

    /// Keeps a classifier, and says how far it can be trusted.
    func keep(_ classifier: ImageClassifier, as name: String) {
        if let accuracy = classifier.heldOutAccuracy {
            report(String(format: "It tells %.1f %% of the held-out images right.", accuracy * 100))
        }
        keep(classifier.file, as: name)
    }

    /// What a file of this name holds, made anew and saved if it is missing or cannot be read.
    private func stored<Value>(
        _ name: String, read: (Safetensors) throws -> Value, make: () throws -> (Value, Safetensors)
    ) throws -> Value {
        let url = folder.appending(path: "\(name).safetensors")
        if FileManager.default.fileExists(atPath: url.path), let file = try? Safetensors(contentsOf: url),
            let value = try? read(file)
        {
            return value
        }
        let (value, file) = try make()
        keep(file, as: name)
        return value
    }

    /// Saves a file for the next time; that it cannot be saved is said, and no more.
    private func keep(_ file: Safetensors, as name: String) {
        let url = folder.appending(path: "\(name).safetensors")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // Beside first: a reader must never see half a file.
            let beside = folder.appending(path: ".\(name).\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: beside) }
            try file.write(to: beside)
            guard rename(beside.path, url.path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        } catch {
            report("What was made could not be kept in \(folder.path): \(error)")
        }
    }

    /// What tells this data from any other: a checksum of the examples.
    func fingerprint(of data: any Dataset) throws -> String {
        let tensors = try data.contents
        let shapes = tensors.map { $0.shape.map(String.init).joined(separator: "x") }.joined(separator: "-")
        let sums = try tensors.map { ContentChecksum.sha256(try $0.bytes()) }
        let sum = sums.count == 1 ? sums[0] : ContentChecksum.sha256(Array(sums.joined().utf8))
        return "\(shapes)-\(sum.prefix(16))"
    }
}
