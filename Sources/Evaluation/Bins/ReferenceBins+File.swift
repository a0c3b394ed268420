public import Torch

extension ReferenceBins {
    /// The bins as a file, so that K-means does not have to run again for the same data.
    public var file: Safetensors {
        get throws(TorchError) {
            var file = Safetensors(metadata: [
                "format": "equipoise-bins-1", "count": String(options.count), "seed": String(options.seed),
                "whitened": String(options.isWhitened),
            ])
            file.tensors["centres"] = means.centers
            file.tensors["assignments"] = try Tensor(assignments.map(Int64.init))
            file.tensors["mean"] = whitening?.mean
            file.tensors["deviation"] = whitening?.deviation
            return file
        }
    }

    /// Loads bins from a file.
    ///
    /// - Throws: `TorchError` of kind `malformedFile` if the file does not contain bins or is damaged.
    public init(_ file: Safetensors, device: Device = .cpu) throws(TorchError) {
        guard file.metadata["format"] == "equipoise-bins-1", let count = file.metadata["count"].flatMap({ Int($0) }),
            let seed = file.metadata["seed"].flatMap({ UInt64($0) }),
            let isWhitened = file.metadata["whitened"].flatMap({ Bool($0) })
        else { throw TorchError(.malformedFile, "The file does not contain bins in the format of this version.") }
        let centers = try file.tensor("centres")
        let assignments = try file.tensor("assignments").integers()
        guard centers.rank == 2, centers.shape[0] == count, assignments.allSatisfy({ (0..<count).contains($0) }) else {
            throw TorchError(.malformedFile, "The bins in the file are inconsistent; the file may be damaged.")
        }
        var whitening: Whitening?
        if isWhitened {
            let shape = [centers.shape[1]]
            whitening = Whitening(
                mean: try file.tensor("mean", shape: shape).to(device),
                deviation: try file.tensor("deviation", shape: shape).to(device))
        }
        self.init(
            options: Options(count: count, isWhitened: isWhitened, seed: seed),
            means: KMeans(centers: try centers.to(device)), assignments: assignments, whitening: whitening)
    }
}
