/// The words that occur in the names of logged values.
enum Vocabulary {
    static let generator: Set<String> = [
        "g", "gen", "generator", "netg", "gnet", "ge", "generators", "générateur", "generateur", "generador", "gerador",
        "generatore", "生成器", "生成", "ジェネレータ", "생성자", "생성기", "генератор", "генератора",
    ]
    static let discriminator: Set<String> = [
        "crit", "diskriminator", "discriminateur", "discriminador", "discriminatore", "判别器", "识别器", "識別器", "判別器", "判别",
        "判別", "鉴别器", "鑑別器", "鑒別器", "판별자", "판별기", "дискриминатор", "дискриминатора",
        "d", "dis", "disc", "discr", "discrim", "discriminator", "discriminators", "critic", "netd", "dnet",
        "adversary",
    ]
    static let loss: Set<String> = [
        "loss", "losses", "err", "error", "cost", "l", "objective", "errors", "verlust", "perte", "pérdida", "perdida",
        "perda",
        "损失", "損失", "ロス", "손실", "потери", "потеря",
    ]
    static let adversarial: Set<String> = ["adv", "gan", "adversarial", "ganloss"]
    static let total: Set<String> = ["total", "sum", "all", "overall", "full"]
    static let real: Set<String> = ["real", "true", "reals", "r", "data"]
    static let fake: Set<String> = ["fake", "fakes", "f", "generated", "synthetic", "false", "synth"]
    static let validation: Set<String> = ["val", "valid", "validation", "test", "eval", "dev"]
    static let training: Set<String> = ["train", "training", "trn", "tr"]
    static let accuracy: Set<String> = ["acc", "accuracy", "accuracies"]
    static let answer: Set<String> = [
        "score", "scores", "out", "output", "outputs", "logit", "logits", "prob", "probs", "probability", "pred",
        "preds",
        "prediction", "predictions", "confidence",
    ]
    static let distance: Set<String> = ["wasserstein", "wd", "emd", "distance", "dist", "wdist", "divergence", "gap"]
    static let time: Set<String> = [
        "time", "elapsed", "eta", "sec", "secs", "seconds", "duration", "ms", "timestamp", "speed", "mem", "cpumem",
        "gpumem",
        "memory", "maintenance", "fps", "throughput", "hours", "minutes", "sps",
    ]
    static let best: Set<String> = ["best", "min", "max", "std", "lowest", "highest", "var", "variance", "median"]
    /// Words of losses that are not adversarial.
    static let auxiliary: Set<String> = [
        "l1", "l2", "mse", "mae", "cycle", "cyc", "idt", "identity", "id", "kl", "kld", "mel", "fm", "feat", "feats",
        "feature",
        "features", "fea", "perceptual", "percep", "vgg", "content", "tv", "style", "pix", "pixel", "recon", "rec",
        "reconstruction", "aux", "auxiliary", "cls", "class", "classification", "classifier", "info", "gp", "penalty",
        "reg",
        "regularization", "r1", "r2", "pl", "ppl", "ss", "moments", "dur", "duration", "sup", "supervised", "embedding",
        "latent",
        "mask", "seg", "segmentation", "lpips", "ssim", "color", "edge", "sharpness", "consistency", "commit",
        "codebook", "vq",
        "mmd", "triplet", "contrastive", "lecam", "drift", "stft", "spectral", "smooth", "landmark", "attr", "domain",
        "ce",
        "image", "img", "grad", "gradient", "entropy", "diversity", "ds", "sty", "s", "v", "signs", "weight", "lambda",
        "alpha",
        "ada", "p", "kt", "k", "augment", "lm", "warp", "flow", "depth", "ctc", "phoneme", "pitch", "f0", "energy",
    ]
    static let epoch: Set<String> = [
        "epoch", "epochs", "ep", "epoche", "epoque", "époque", "época", "epoca", "эпоха", "轮", "轮次", "训练轮次", "世代",
        "エポック", "에폭",
    ]
    static let stepping: Set<String> = [
        "step", "steps", "iteration", "iterations", "iter", "itr", "it", "update", "updates", "tick", "ticks",
        "counter",
        "index", "nb", "idx", "步数",
    ]
    static let counting: Set<String> = stepping.union(epoch).union([
        "batch", "batches", "iters", "kimg", "nimg", "images", "img", "imgs", "global",
        "train",
        "training", "trainer", "n", "total", "cur", "current", "no", "num", "number", "done", "progress", "seen",
        "samples", "of",
        "the", "unnamed", "0", "i", "in", "gan",
    ])
    /// Words that a name may contain without a change in its meaning.
    private static let filler: Set<String> = [
        "mean", "avg", "average", "running", "moving", "smooth", "smoothed", "step", "epoch", "per", "the", "of", "on",
        "for",
        "model", "net", "network", "value", "ema", "last", "current", "batch", "iter", "u", "unsupervised", "this",
        "is", "and", "の", "的", "值",
        "scaled", "weighted", "logs", "metrics", "stats", "numpy",
    ]

    static let known: Set<String> = [
        generator, discriminator, loss, adversarial, total, real, fake, validation, training, accuracy, answer,
        distance,
        time, best, auxiliary, stepping, filler,
    ].reduce(into: []) { $0.formUnion($1) }

    /// Words of reinforcement learning, whose critics are not discriminators.
    static let reinforcement: Set<String> = [
        "actor", "policy", "reward", "rewards", "return", "returns", "episode", "episodes", "qf", "td", "advantage",
        "ppo",
    ]

    /// Whether a word is a letter, digit or name that distinguishes several players.
    static func isPart(_ word: String) -> Bool {
        word.count == 1 && "abxyst123456789".contains(word)
            || word.count == 3 && word.dropFirst().first == "2"
            || ["ab", "ba", "xy", "yx", "global", "local", "mpd", "msd", "period", "scale"].contains(word)
    }
}
