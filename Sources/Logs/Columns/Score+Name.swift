import Diagnostics

extension Score {
    /// The score that a column's name denotes; `nil` if it denotes none.
    init?(_ name: NameParts) {
        guard !name.has(anyOf: Vocabulary.best), !name.has(anyOf: ["loss", "losses"]) else { return nil }
        if name.words.contains(where: { $0.hasPrefix("fid") || $0 == "frechet" }) {
            self = .frechet
        } else if name.has(anyOf: ["kid"]) {
            self = .kernel
        } else if name.text.hasPrefix("IS") && name.words.first == "is" && name.words.count <= 2
            || name.has("inception")
        {
            self = .inception
        } else if name.has("precision") {
            self = .precision
        } else if name.has("recall") {
            self = .recall
        } else if name.has("coverage") {
            self = .coverage
        } else if name.has("density") {
            self = .density
        } else if name.words.starts(with: ["f", "8"]) {
            self = .recallF
        } else if name.words.starts(with: ["f", "1", "8"]) {
            self = .precisionF
        } else if name.has("psnr") {
            self = .signalToNoise
        } else if name.has("ssim") {
            self = .structuralSimilarity
        } else if name.has("lpips") {
            self = .perceptualDistance
        } else {
            return nil
        }
    }
}
