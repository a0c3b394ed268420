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
    ///   - features: what distances are measured by; by default the classifier if there is one, else pixels.
    ///   - classifier: whether a classifier may be used, and trained if there is none yet.
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
        } else if isWanted, let (network, shares) = try classifier(data, key, device) {
            modes = .classes(network, shares: shares)
        }
        var distances = features
        if distances == nil, case .classes(let network, _) = modes { distances = network }
        return try Evaluator(
            reference: reference, features: distances, bins: bins, binOptions: options, modes: modes, limit: limit)
    }

    private static let mostStacked = 20_000
    /// Of fewer images a class no classifier learns to tell them apart.
    private static let leastOfClass = 20

    /// The classifier of labelled images, and the share of each class; `nil` without labels.
    private func classifier(
        _ data: any Dataset, _ key: String, _ device: Device
    ) throws -> (any ModeClassifier, [Double])? {
        if let stacked = data as? StackedDataset {
            guard let (digits, _) = try classifier(stacked.digits, fingerprint(of: stacked.digits), device),
                let digits = digits as? ImageClassifier, let labels = stacked.labels
            else { return nil }
            return (StackedClassifier(digits), ReferenceStore.shares(labels, count: 1000))
        }
        guard let pictures = data as? PictureDataset, let labels = pictures.labels, let most = labels.max(), most > 0,
            most < 1000, labels.allSatisfy({ $0 >= 0 }), pictures.exampleShape[1] >= 8, pictures.exampleShape[2] >= 8
        else { return nil }
        guard labels.count >= ReferenceStore.leastOfClass * (most + 1) else {
            report(
                "\(data.summary) are too few for a classifier of their \(most + 1) classes; what it measures is left out."
            )
            return nil
        }
        let network = try stored("classifier-\(key)") { file in
            try ImageClassifier(file, device: device)
        } make: {
            report("Training a classifier of the \(most + 1) classes, once.")
            let network = try ImageClassifier(imageShape: pictures.exampleShape, classes: most + 1, device: device)
            try train(network, on: pictures, labels)
            return (network, network.file)
        }
        return (network, ReferenceStore.shares(labels, count: most + 1))
    }

    /// The share of each class.
    private static func shares(_ labels: [Int], count: Int) -> [Double] {
        var counts = [Double](repeating: 0, count: count)
        for label in labels { counts[label] += 1 }
        return counts.map { $0 / Double(labels.count) }
    }

    /// Trains a classifier on eleven in twelve of the images, and says how far to trust it by the others.
    private func train(_ network: ImageClassifier, on pictures: PictureDataset, _ labels: [Int]) throws {
        let order = try Tensor.randomPermutation(labels.count, from: RandomGenerator(seed: 0))
        let shuffled = try order.values().map { (index: Int64) in labels[Int(index)] }
        let held = labels.count / 12
        let training = try order.slice(held..<labels.count)
        try network.train(labels: Array(shuffled[held...])) { try pictures.examples(training.gathering($0)) }
        guard held > 0 else { return }
        let accuracy = try network.accuracy(pictures.examples(order.slice(0..<held)), labels: Array(shuffled[..<held]))
        network.heldOutAccuracy = accuracy
        report(String(format: "It tells %.2f %% of %d held-out images right.", accuracy * 100, held))
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
        return value
    }

    /// What tells this data from any other: a checksum of the examples.
    private func fingerprint(of data: any Dataset) throws -> String {
        let tensors = try data.contents
        let shapes = tensors.map { $0.shape.map(String.init).joined(separator: "x") }.joined(separator: "-")
        let sums = try tensors.map { ContentChecksum.sha256(try $0.bytes()) }
        let sum = sums.count == 1 ? sums[0] : ContentChecksum.sha256(Array(sums.joined().utf8))
        return "\(shapes)-\(sum.prefix(16))"
    }
}
