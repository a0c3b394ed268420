import DatasetFiles
public import Datasets
public import Evaluation
public import Foundation
public import Torch
import UserFolders

/// Creates the references that samples are compared with (bins, and a classifier of the classes) once per dataset, and
/// caches them in a folder.
public struct ReferenceStore {
    private let folder: URL
    /// Receives messages about long operations, such as training a classifier.
    public var report: (String) -> Void

    /// - Parameter folder: the cache folder; by default in the user's cache.
    public init(folder: URL = ReferenceStore.defaultFolder, report: @escaping (String) -> Void = { _ in }) {
        self.folder = folder
        self.report = report
    }

    /// `equipoise/references` in the user's cache.
    public static var defaultFolder: URL {
        UserCache.folder().appending(path: "references", directoryHint: .isDirectory)
    }

    /// Returns an evaluator of samples, with modes if they are known (for mixtures and labeled images).
    ///
    /// - Parameters:
    ///   - features: the features for measuring distances; by default those of the classifier if there is one,
    ///     otherwise learned features if pixels are not informative enough, otherwise pixels.
    ///   - classifier: whether networks may be used, and trained if they do not exist yet.
    ///   - limit: the maximum number of examples on each side for the slower scores.
    public func evaluator(
        _ data: any Dataset, bins options: ReferenceBins.Options = ReferenceBins.Options(),
        features: (any FeatureExtractor)? = nil, classifier isWanted: Bool = true, limit: Int = 5000,
        device: Device = .cpu
    ) throws -> Evaluator {
        // Stacked images are random combinations, so a few thousand of them represent the rest.
        let count = data is StackedDataset ? min(data.count, ReferenceStore.mostStacked) : data.count
        let reference = ReferenceExamples(count: count, examples: data.examples)
        let key = try fingerprint(of: data)
        let bins = try stored("bins-\(options.count)-\(options.isWhitened ? "whitened-" : "")\(options.seed)-\(key)") {
            file in
            try ReferenceBins(file, device: device)
        } make: {
            report("Dividing \(data.summary) into \(options.count) bins (only once).")
            let bins = try ReferenceBins(reference, by: PixelFeatures(), options)
            return (bins, try bins.file)
        }
        var modes: Evaluator.Modes?
        if let mixture = data as? MixtureDataset {
            let centers = mixture.centers.flatMap { [Float($0.x), Float($0.y)] }
            modes = .mixture(
                centers: try Tensor(centers, shape: [mixture.centers.count, 2]).to(device), deviation: mixture.deviation
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

    /// Returns the classifier of labeled images, trained first if necessary, and the share of each class; `nil` without
    /// labels.
    private func classifier(_ data: any Dataset, _ device: Device) throws -> (any ModeClassifier, [Double])? {
        guard let preparation = try ClassPreparation(data, store: self, device: device) else { return nil }
        try preparation.advance()
        return preparation.meter.map { ($0.classifier, $0.due) }
    }

    /// Returns a classifier independent of the one used for diagnosis: it has another architecture and another seed
    /// and, for named datasets, is trained on the half that a shipped classifier never sees. It provides the ground
    /// truth about samples.
    ///
    /// - Returns: the classifier and the share of each class; `nil` without labels.
    package func truthClassifier(_ images: ImageDataset, device: Device = .cpu) throws -> (
        ImageClassifier, [Double]
    )? {
        guard let labeled = try? LabeledImages(images) else { return nil }
        let name = try "truth-\(fingerprint(of: images))"
        if let known = classifier(name, device: device) { return (known, labeled.due) }
        report("Training an independent classifier as ground truth (only once).")
        let network = try ImageClassifier(
            imageShape: images.exampleShape, classes: labeled.classCount, architecture: .wide, seed: 1, device: device)
        let isShipped = ShippedClassifier.firstTrainedOn(images) != nil
        let positions = isShipped ? labeled.heldOut : labeled.training
        let training = try labeled.training(
            of: network, on: positions, .suited(to: positions.count, seed: 1))
        while !training.isDone { try training.advance() }
        keep(network, as: name)
        return (network, labeled.due)
    }

    /// Returns a cached classifier; `nil` if there is none or it cannot be read.
    func classifier(_ name: String, device: Device) -> ImageClassifier? {
        let url = folder.appending(path: "\(name).safetensors")
        guard FileManager.default.fileExists(atPath: url.path), let file = try? Safetensors(contentsOf: url) else {
            return nil
        }
        return try? ImageClassifier(file, device: device)
    }

    /// Caches a classifier and reports its accuracy.
    func keep(_ classifier: ImageClassifier, as name: String) {
        if let accuracy = classifier.heldOutAccuracy {
            report(String(format: "It classifies %.1f %% of the held-out images correctly.", accuracy * 100))
        }
        keep(classifier.file, as: name)
    }

    /// Returns the value cached under a name; creates and saves it if it is missing or unreadable.
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

    /// Saves a file for next time; a failure is only reported.
    private func keep(_ file: Safetensors, as name: String) {
        let url = folder.appending(path: "\(name).safetensors")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // Write to a temporary file first: readers must never see a partial file.
            let beside = folder.appending(path: ".\(name).\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: beside) }
            try file.write(to: beside)
            guard rename(beside.path, url.path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        } catch {
            report("The result could not be cached in \(folder.path) and will be computed again next time: \(error)")
        }
    }

    /// Returns a checksum of the examples, which identifies the data.
    func fingerprint(of data: any Dataset) throws -> String {
        let tensors = try data.contents
        let shapes = tensors.map { $0.shape.map(String.init).joined(separator: "x") }.joined(separator: "-")
        let sums = try tensors.map { ContentChecksum.sha256(try $0.bytes()) }
        let sum = sums.count == 1 ? sums[0] : ContentChecksum.sha256(Array(sums.joined().utf8))
        return "\(shapes)-\(sum.prefix(16))"
    }
}
