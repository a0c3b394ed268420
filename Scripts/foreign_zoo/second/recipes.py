"""The recipes of the second collection."""

from .mistakes import MISTAKES
from .recipe import Recipe

AVERAGED = 0.995
# What authors usually take for an architecture.
USUAL = {
    "upsampling": dict(steps=2200, rate_g=0.002, rate_d=0.001, log="lindernoren"),
    "transposed": dict(steps=2200, rate_g=0.0015, rate_d=0.0008, log="ignite", latent=100),
    "transposed-plain": dict(steps=1500),
    "sn-resnet": dict(steps=1500, objective="hinge", averaged=AVERAGED, rate_g=0.001, rate_d=0.001, beta1=0.0, beta2=0.9,
                      log="biggan"),
    "resnet-projection": dict(steps=1300, objective="hinge", averaged=AVERAGED, rate_g=0.001, rate_d=0.001, beta1=0.0,
                              beta2=0.9, log="studiogan"),
    "attention": dict(steps=2200, objective="hinge", averaged=AVERAGED, rate_g=0.001, rate_d=0.0005, beta1=0.0, beta2=0.9,
                      log="accelerate"),
    "adain": dict(steps=1800, objective="softplus", penalty="r1", penalty_weight=5.0, penalty_every=4, averaged=AVERAGED,
                  rate_g=0.001, rate_d=0.001, beta1=0.0, beta2=0.99, log="ticks", penalty_logged=False),
    "modulated": dict(steps=1800, objective="softplus", penalty="r1", penalty_weight=5.0, penalty_every=4, averaged=AVERAGED,
                      rate_g=0.001, rate_d=0.001, beta1=0.0, beta2=0.99, log="lucidrains", penalty_logged=False),
    "pixel-norm": dict(steps=1600, objective="wasserstein", penalty="gradient", penalty_weight=10.0, averaged=AVERAGED,
                       rate_g=0.001, rate_d=0.001, beta1=0.0, beta2=0.99, log="lightning-bar"),
    "batch-features": dict(steps=2000, rate_g=0.0015, rate_d=0.0005, log="table"),
    "patch": dict(steps=2000, rate_g=0.002, rate_d=0.001, objective="lsgan", averaged=AVERAGED, log="pix2pix"),
    "u-net": dict(steps=2500, objective="hinge", averaged=AVERAGED, rate_g=0.001, rate_d=0.0005, log="mmengine"),
    "acgan": dict(steps=2000, rate_g=0.0015, log="acgan"),
    "infogan": dict(steps=2500, rate_g=0.0015, averaged=AVERAGED, log="infogan", objective="lsgan"),
    "rows": dict(steps=1500, images=4800, averaged=AVERAGED, log="tensorflow", rate_g=0.001, rate_d=0.0003),
    "maxout": dict(width=120, steps=6000, images=6400, averaged=AVERAGED, rate_g=0.0004, rate_d=0.0002, log="keras-csv"),
    "perceptron": dict(width=120, steps=4000, averaged=AVERAGED, rate_g=0.0004, rate_d=0.0002, log="bars"),
    "vae-gan": dict(steps=1800, averaged=AVERAGED, log="vae-gan"),
    "energy": dict(steps=2500, objective="energy", averaged=AVERAGED, log="paddle"),
    "weight-norm": dict(steps=2200, averaged=AVERAGED, log="mmgen-json"),
}
FASHION, LETTERS, LARGE = dict(data="fashion-mnist"), dict(data="letters"), dict(data="mnist-32")
# Without batch norm the discriminator of "transposed" does not win.
STEADY = dict(averaged=AVERAGED, rate_g=0.002, rate_d=0.0005, discriminator_options=(("norm", False), ("dropout", 0.2)))
DRAGAN = dict(objective="bce-logits", penalty="dragan", penalty_weight=10.0)
WGAN_GP = dict(objective="wasserstein", penalty="gradient", penalty_weight=10.0, beta1=0.0, beta2=0.9, log="wgan-gp")


def _recipe(name, group, architecture, **settings):
    recipe = Recipe(name, group, architecture, **{**USUAL[architecture], **settings})
    unknown = set(recipe.bugs) - set(MISTAKES)
    if unknown:
        raise ValueError(f"{name}: unknown mistakes {', '.join(sorted(unknown))}")
    return recipe


def _sound():
    def sound(name, architecture, **settings):
        return _recipe(name, "sound", architecture, **settings)

    return [
        sound("upsampling-bce", "upsampling", averaged=AVERAGED),
        sound("transposed-bce-32", "transposed", **STEADY, **LARGE),
        sound("sn-resnet-hinge-fashion", "sn-resnet", log="biggan-jsonl", scored=True, **FASHION),
        sound("projection-letters", "resnet-projection", scored=True, **LETTERS),
        sound("attention-hinge", "attention"),
        sound("adain-r1", "adain", scored=True),
        sound("modulated-r1-fashion", "modulated", **FASHION),
        sound("pixel-norm-letters", "pixel-norm", **LETTERS),
        sound("batch-features-32", "batch-features", averaged=AVERAGED, **LARGE),
        sound("patch-lsgan-fashion", "patch", **FASHION),
        sound("u-net-hinge-letters", "u-net", scored=True, **LETTERS),
        sound("acgan-bce", "acgan", averaged=AVERAGED, class_weight=0.1, rate_g=0.001),
        sound("infogan-32", "infogan", saved="sheets", **LARGE),
        sound("vae-gan-fashion", "vae-gan", **FASHION),
        sound("energy-margin", "energy"),
        sound("dragan-letters", "transposed", log="jsonl", **STEADY, **DRAGAN, **LETTERS),
        sound("average-lsgan", "upsampling", objective="average-lsgan", averaged=AVERAGED, log="tensorboard"),
        sound("maxout", "maxout", saved="png"),
    ]


def _faulty():
    def bug(name, architecture, *bugs, **settings):
        return _recipe(name, "bug", architecture, bugs=bugs, **settings)

    return [
        # Images, noise and batches.
        bug("digit-statistics", "upsampling", "digit-statistics", steps=900),
        bug("bytes-as-floats", "perceptron", "bytes-as-floats", steps=1500, log="keras-csv", images=4800),
        bug("flipped-clothes", "upsampling", "flips", averaged=AVERAGED, log="mmengine", **FASHION),
        bug("instance-noise", "transposed", "instance-noise", steps=900, log="dcgan", **LARGE),
        bug("half-zero-noise", "upsampling", "half-zero-noise", log="accelerate", averaged=AVERAGED, **LETTERS),
        bug("one-noise-for-batch", "transposed-plain", "one-noise-for-batch", steps=800, log="brownlee"),
        bug("first-batch-only", "upsampling", "first-batch-only", steps=700, log="tutorial", **FASHION),
        bug("first-images-only", "batch-features", "first-images-only", steps=900, log="chainer"),
        bug("one-class-per-batch", "transposed", "one-class-per-batch", steps=1000, log="lightning-bar"),
        bug("batch-of-2", "upsampling", batch=2, steps=3000, log="wandb", every=50, note="batches of two images"),
        # Networks.
        bug("no-tanh", "upsampling", "no-tanh", averaged=AVERAGED, log="lindernoren", **FASHION),
        bug("sigmoid-end", "transposed", "sigmoid-end", steps=900, log="ignite", **LETTERS),
        bug("detached-middle", "upsampling", "detached-middle", steps=900, log="keras", images=6400),
        bug("linear-discriminator", "transposed-plain", "linear-discriminator", steps=1000, log="jsonl", **FASHION),
        bug("dead-units", "transposed", "dead-units", steps=700, log="dcgan"),
        bug("frozen-statistics", "transposed", "frozen-statistics", steps=1200, log="pandas", **LARGE),
        bug("evaluated-discriminator", "upsampling", "evaluated-discriminator", steps=900, log="accuracies"),
        bug("dropout-0.9", "upsampling", steps=900, log="keras-csv", generator_options=(("dropout", 0.9),), images=3200,
            note="dropout of 0.9 in the generator"),
        bug("one-score-softmax", "perceptron", objective="softmax", steps=1200, log="keras",
            note="a softmax over the discriminator's one output", images=12800, **FASHION),
        bug("half-parameters", "u-net", "half-parameters", steps=1200, rate_g=0.0002, rate_d=0.0002),
        bug("row-generator", "rows", saved="png"),
        # Losses, gradients, optimizers and resuming.
        bug("no-gradient", "transposed", "no-gradient", steps=600, log="tensorboard"),
        bug("old-fakes", "upsampling", "old-fakes", steps=700, log="mmgen-json"),
        bug("epsilon-1", "transposed", epsilon=1.0, steps=800, log="biggan-jsonl", note="Adam's epsilon is 1"),
        bug("clipped-gradients", "attention", "tiny-clipping", steps=1200, log="studiogan", **FASHION),
        bug("clipped-descent", "transposed", "tiny-clipping", optimizer="sgd", rate_g=0.01, rate_d=0.01, steps=700,
            log="logger"),
        bug("shared-optimizer", "upsampling", "shared-optimizer", steps=800, log="table"),
        bug("rate-ends-early", "sn-resnet", "rate-ends-early", steps=700, log="mmengine"),
        bug("cosine-restarts", "attention", "cosine-restarts", log="mmengine"),
        bug("half-labels", "upsampling", objective="half-labels", steps=800, log="biggan",
            note="labels of both sides are smoothed to 0.5"),
        bug("broadcast-targets", "transposed", objective="broadcast", steps=800, log="multiline",
            note="outputs [2n, 1] and targets [2n] broadcast to all pairs", **LETTERS),
        bug("hinge-wrong-sign", "sn-resnet", objective="hinge-wrong-sign", steps=400, log="biggan",
            note="the generator's loss lacks its minus"),
        bug("hinge-margin", "u-net", objective="hinge-margin", log="studiogan", **FASHION,
            note="the generator's loss has the discriminator's margin"),
        bug("one-sided-1000", "pixel-norm", penalty="one-sided", penalty_weight=1000.0, steps=600,
            note="the one-sided gradient penalty weighs 1000", log="penalty"),
        bug("r1-1000", "adain", penalty_weight=1000.0, steps=600, note="R1's gamma is 1000"),
        bug("penalty-without-graph", "weight-norm", steps=700, **{**WGAN_GP, "penalty": "without-graph"}, averaged=None,
            note="the gradient penalty lacks create_graph, so it trains nothing"),
        bug("rates-inverted", "attention", rate_g=0.008, rate_d=0.0002, steps=900, log="accelerate",
            note="the generator's rate is 40 times the discriminator's", **LETTERS),
        bug("mode-seeking", "acgan", "mode-seeking", steps=900, **LETTERS),
        bug("class-loss-100", "acgan", class_weight=100.0, steps=900, note="the classes' loss weighs 100", **FASHION),
        bug("embedding-frozen", "acgan", "frozen-embedding", steps=1000, log="epochs", images=3200),
        bug("trained-when-wrong", "upsampling", "trained-when-wrong", log="ignite", steps=1100),
        bug("applied-again", "upsampling", "applied-again", steps=1000, log="lucidrains", **FASHION),
        bug("applied-halfway", "transposed", "applied-halfway", log="dcgan"),
        bug("discriminator-lost", "transposed", "discriminator-lost", log="jsonl", **LETTERS),
        bug("optimizers-lost", "upsampling", "optimizers-lost", averaged=AVERAGED, log="wandb", **LARGE),
        # Sampling.
        bug("average-too-slow", "transposed", "average-too-slow", steps=800, log="ticks"),
        bug("average-never-updated", "sn-resnet", "average-never-updated", averaged=None, steps=500, **FASHION),
        bug("average-without-statistics", "upsampling", "average-without-statistics", steps=1000, log="accelerate",
            **LETTERS),
        bug("checkpoint-not-loaded", "transposed", "checkpoint-not-loaded", steps=700, log="tensorboard", saved="sheets"),
        bug("first-checkpoint", "upsampling", "first-checkpoint", steps=900, log="studiogan"),
        bug("sampled-in-training", "upsampling", "training-mode", generator_options=(("dropout", 0.3),), log="keras",
            images=6400, steps=1100, **FASHION),
        bug("other-noise", "attention", "other-noise-sampled", averaged=None, steps=1000, log="table", **LARGE),
    ]


# Architecture, settings, and classes that are left out.
PAIRS = (
    ("upsampling", dict(averaged=AVERAGED, log="wandb"), (3, 8)),
    ("upsampling", dict(averaged=AVERAGED, log="logger", **LETTERS), (2,)),
    ("transposed", dict(log="dcgan", **STEADY, **LARGE), (1, 6)),
    ("transposed", dict(objective="lsgan-centered", log="table", **STEADY, **LETTERS), (0, 4, 5)),
    ("attention", dict(log="biggan-jsonl"), (5,)),
    ("attention", dict(log="mmengine", **FASHION), (1, 9)),
    ("adain", dict(log="ticks", **LETTERS), (1, 7)),
    ("upsampling", dict(averaged=AVERAGED, objective="average-lsgan", log="studiogan", **FASHION), (0, 3, 8)),
    ("batch-features", dict(averaged=AVERAGED, log="lightning-bar"), (0, 2, 4, 7)),
    ("patch", dict(log="tensorboard", **LETTERS), (3, 6, 8, 9)),
    ("u-net", dict(log="accelerate", **LARGE), (4,)),
    ("weight-norm", dict(log="jsonl", objective="average-bce"), (6, 9)),
    ("vae-gan", dict(log="vae-gan", **FASHION), (7,)),
    ("upsampling", dict(averaged=AVERAGED, log="lindernoren", **FASHION), (2, 5, 8)),
)


def _pairs():
    """Sound trainings of all classes and without some: the same settings, so that only the data differs."""
    recipes = []
    for letter, (architecture, settings, left_out) in zip("abcdefghijklmn", PAIRS):
        name = f"2{letter}-{architecture}-{settings.get('data', 'mnist')}"
        without = "".join(map(str, left_out))
        recipes.append(_recipe(f"{name}-without-{without}", "leave-out", architecture, left_out=left_out, **settings))
        recipes.append(_recipe(f"{name}-complete", "complete", architecture, **settings))
    return recipes


def all_recipes():
    """Every recipe; sound and faulty ones alternate, so that any first part of them holds both."""
    sound, faulty = _sound(), _faulty()
    share = -(-len(faulty) // len(sound))
    mixed = []
    for index, recipe in enumerate(sound):
        mixed += [recipe, *faulty[index * share:(index + 1) * share]]
    return mixed + _pairs()
