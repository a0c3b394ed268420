import ArgumentParser
import Recipes

/// Flags that override single keys of a recipe. Their values are checked where the keys are defined.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help:
            "Training data: mnist, fashion-mnist, stacked-mnist, ring, grid, an IDX, .npy or .npz file, or a folder of images."
    )
    var data: String?
    @Option(parsing: .unconditional, help: "Resize and crop images to 28, 32, 64 or 128 pixels.") var imageSize: String?
    @Option(parsing: .unconditional, help: "1 for gray, 3 for color.") var channels: String?
    @Flag(help: "Skip unreadable images of a folder.") var skipBroken = false
    @Option(parsing: .unconditional, help: "Training objective; also sets its default penalties and optimizers.")
    var objective: String?
    @Option(parsing: .unconditional, help: "Number of passes through the data.") var epochs: String?
    @Option(parsing: .unconditional, help: "Stop after this many steps; 0 for no limit.") var maxSteps: String?
    @Option(parsing: .unconditional, help: "Batch size: real examples per step.") var batchSize: String?
    @Option(parsing: .unconditional, help: "Length of the latent vector.") var latent: String?
    @Option(parsing: .unconditional, help: "Learning rate of both optimizers.") var learningRate: String?
    @Option(parsing: .unconditional, help: "Random seed.") var seed: String?
    @Option(parsing: .unconditional, help: "Device: auto, cpu, cuda, cuda:N or mps.") var device: String?
    @Option(parsing: .unconditional, help: "Number format: float32 or bfloat16.") var precision: String?
    @Option(parsing: .unconditional, help: "CPU threads; 0 uses all cores.") var threads: String?
    @Option(parsing: .unconditional, help: "Number of newest checkpoints to keep.") var keep: String?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set any recipe key (see equipoise keys); may be repeated. Each key is also a flag: --training.packing 2.",
            valueName: "key=value"))
    var assignments: [String] = []

    /// The configuration of a recipe or file, with the flags applied.
    func configuration(_ recipe: String) throws -> TrainingConfiguration {
        var configuration = try RecipeCatalog.configuration(recipe)
        let flags: [(String, String?)] = [
            ("data.source", data), ("data.imageSize", imageSize), ("data.channels", channels),
            ("data.skipBroken", skipBroken ? "true" : nil), ("objective", objective), ("training.epochs", epochs),
            ("training.maxSteps", maxSteps), ("training.batchSize", batchSize), ("network.latent", latent),
            ("optimizer.learningRate", learningRate), ("seed", seed), ("device", device), ("precision", precision),
            ("threads", threads), ("checkpoints.keep", keep),
        ]
        let given = flags.compactMap { path, value in value.map { "\(path)=\($0)" } }
        try configuration.set(assignments: given + assignments)
        return try configuration.validated()
    }
}
