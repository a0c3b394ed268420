public import Torch

extension ReferenceBins {
    /// The bins as a file, so that K-means need not run again for the same data.
    public var file: Safetensors {
        get throws(TorchError) {
            var file = Safetensors(metadata: [
                "format": "equipoise-bins-1", "count": String(options.count), "seed": String(options.seed),
                "whitened": String(options.isWhitened),
            ])
            file.tensors["centres"] = means.centres
            file.tensors["assignments"] = try Tensor(assignments.map(Int64.init))
            file.tensors["mean"] = whitening?.mean
            file.tensors["deviation"] = whitening?.deviation
            return file
        }
    }

    /// Bins from a file.
    ///
    /// - Throws: `TorchError` of kind `malformedFile` if it is none, or damaged.
    public init(_ file: Safetensors, device: Device = .cpu) throws(TorchError) {
        guard file.metadata["format"] == "equipoise-bins-1", let count = file.metadata["count"].flatMap({ Int($0) }),
            let seed = file.metadata["seed"].flatMap({ UInt64($0) }),
            let isWhitened = file.metadata["whitened"].flatMap({ Bool($0) })
        else { throw TorchError(.malformedFile, "The file holds no bins of this version.") }
        let centres = try file.tensor("centres")
        let assignments = try file.tensor("assignments").integers()
        guard centres.rank == 2, centres.shape[0] == count, assignments.allSatisfy({ (0..<count).contains($0) }) else {
            throw TorchError(.malformedFile, "The file's bins contradict each other.")
        }
        var whitening: Whitening?
        if isWhitened {
            let shape = [centres.shape[1]]
            whitening = Whitening(
                mean: try file.tensor("mean", shape: shape).to(device),
                deviation: try file.tensor("deviation", shape: shape).to(device))
        }
        self.init(
            options: Options(count: count, isWhitened: isWhitened, seed: seed),
            means: KMeans(centres: try centres.to(device)), assignments: assignments, whitening: whitening)
    }
}
