"""The trainings of the zoo."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Recipe:
    """One training: what its author chose, and what they got wrong."""

    name: str
    group: str
    architecture: str
    objective: str = "bce"
    data: str = "mnist"
    log: str = "dcgan"
    width: int = 16
    discriminator_width: int | None = None
    latent: int = 32
    batch: int = 64
    steps: int = 1200
    rate_g: float = 0.001
    rate_d: float = 0.001
    beta1: float = 0.5
    beta2: float = 0.999
    steps_d: int = 1
    steps_g: int = 1
    optimizer: str = "adam"
    images: int | None = None
    left_out: tuple = ()
    thinned: tuple = ()
    bugs: tuple = ()
    initialization: float | None = None
    halved: bool = False
    averaged: bool = False
    every: int | None = None
    saved: str = "npz"
    samples: int = 2000
    note: str = ""

    # It has no type annotation, so it is not a field of the dataclass.
    collection = "first"

    def __post_init__(self):
        from .training import BUGS

        unknown = set(self.bugs) - set(BUGS)
        if unknown:
            raise ValueError(f"{self.name}: unknown bugs {', '.join(sorted(unknown))}")


# What authors usually take for an architecture.
USUAL = {
    "mlp": dict(width=160, steps=2500, rate_g=0.0006, rate_d=0.0003),
    "dcgan": dict(steps=1100, rate_g=0.001, rate_d=0.0006),
    "dcgan-bn": dict(steps=1000, rate_g=0.0015, rate_d=0.0008),
    "residual": dict(width=8, batch=32, steps=800, rate_g=0.001, rate_d=0.0006),
    "conditional": dict(steps=1100, rate_g=0.001, rate_d=0.001),
    "conditional-channel": dict(steps=700, rate_g=0.001, rate_d=0.0006),
    "spectral": dict(steps=1300, rate_g=0.001, rate_d=0.0015),
    "shuffle": dict(steps=1300, rate_g=0.002, rate_d=0.001),
    "autoencoder": dict(width=24, steps=1200, rate_g=0.0006, rate_d=0.0006, objective="began", log="began"),
}
WGAN = dict(objective="wgan", optimizer="rmsprop", rate_g=0.0005, rate_d=0.0005, steps_d=3, steps=800)
WGAN_GP = dict(objective="wgan-gp", rate_g=0.001, rate_d=0.001, beta1=0.0, beta2=0.9, steps_d=2, steps=800)


def _recipe(name, group, architecture, **settings):
    return Recipe(name, group, architecture, **{**USUAL[architecture], **settings})


def _sound():
    def sound(name, architecture, **settings):
        return _recipe(name, "sound", architecture, **settings)

    fashion, digits = dict(data="fashion-mnist"), dict(data="digits")
    return [
        sound("bn-bce", "dcgan-bn", log="dcgan"),
        sound("bn-bce-epochs", "dcgan-bn", log="epochs", images=6400),
        sound("bn-smooth-fashion", "dcgan-bn", objective="bce-smooth", log="tutorial", **fashion),
        sound("mlp-bce", "mlp", averaged=True, log="lindernoren"),
        sound("mlp-bce-digits", "mlp", averaged=True, log="bars", steps=2000, **digits),
        sound("mlp-lsgan", "mlp", objective="lsgan", averaged=True, log="keras", images=12800),
        sound("conditional-bce", "conditional", log="jsonl"),
        sound("conditional-lsgan-fashion", "conditional", objective="lsgan", averaged=True, log="pix2pix", halved=True, **fashion),
        sound("spectral-hinge", "spectral", objective="hinge", averaged=True, log="tensorboard"),
        sound("spectral-hinge-fashion", "spectral", objective="hinge", log="stylegan", averaged=True, **fashion),
        sound("spectral-bce", "spectral", objective="bce-logits", log="wandb"),
        sound("bn-lsgan", "dcgan-bn", objective="lsgan", averaged=True, log="accuracies", saved="sheets"),
        sound("bn-lsgan-digits", "dcgan-bn", objective="lsgan", log="pandas", **digits),
        sound("shuffle-bce", "shuffle", objective="bce-logits", averaged=True, log="logger"),
        sound("shuffle-hinge-fashion", "shuffle", objective="hinge", averaged=True, log="series-csv", **fashion),
        sound("shuffle-lsgan-averaged", "shuffle", objective="lsgan", log="lightning", averaged=True),
        sound("spectral-relativistic", "spectral", objective="relativistic", averaged=True, log="multiline"),
        sound("bn-relativistic-fashion", "dcgan-bn", objective="relativistic", log="chainer", **fashion),
        sound("bn-minimax", "dcgan-bn", objective="minimax", log="brownlee"),
        sound("residual-hinge", "residual", objective="hinge", log="jsonl", averaged=True),
        sound("residual-bce-digits", "residual", log="series-text", steps=800, **digits),
        sound("wgan-gp", "shuffle", averaged=True, log="penalty", **{**WGAN_GP, "objective": "wgan-gp"}),
        sound("wgan-gp-fashion", "dcgan", log="chainer", **{**WGAN_GP, **fashion}),
        sound("wgan-gp-digits", "mlp", averaged=True, log="wandb", **{**WGAN_GP, **digits}),
        sound("wgan-clip", "dcgan-bn", log="series-csv", **WGAN),
        sound("wgan-clip-fashion", "mlp", averaged=True, log="matrix", **{**WGAN, **fashion, "steps": 1800}),
        sound("began", "autoencoder"),
        sound("began-fashion", "autoencoder", **fashion),
        sound("conditional-bce-fashion", "conditional", log="tensorboard", averaged=True, saved="png", **fashion),
        sound("bn-bce-averaged", "dcgan-bn", log="keras", images=6400, averaged=True, saved="sheets"),
        sound("bn-wrong-name", "dcgan-bn", log="dcgan", bugs=("swapped-losses-logged",)),
        sound("bn-loss-twice", "dcgan-bn", log="pandas", bugs=("generator-loss-logged-twice",), **fashion),
        sound("conditional-shuffled", "conditional", log="tutorial", bugs=("shuffled-labels",),
              note="samples are as good, only their classes are not those asked for"),
        sound("spectral-shared-norm", "spectral", objective="hinge", log="accuracies", bugs=("shared-batch-norm",)),
    ]


def _faulty():
    def bug(name, architecture, *bugs, **settings):
        return _recipe(name, "bug", architecture, bugs=bugs, **settings)

    fashion, digits = dict(data="fashion-mnist"), dict(data="digits")
    return [
        bug("labels-swapped", "dcgan-bn", "swapped-labels", steps=400, log="dcgan"),
        bug("labels-swapped-lsgan", "mlp", "swapped-labels", objective="lsgan", log="jsonl", steps=900, **fashion),
        bug("no-zero-grad-d", "dcgan", "no-zero-grad-d", steps=500, log="tutorial"),
        bug("no-zero-grad-g", "mlp", "no-zero-grad-g", log="bars", steps=1200),
        bug("images-in-01", "dcgan-bn", "images-in-01", log="pix2pix", steps=500),
        bug("divided-twice", "mlp", "normalized-twice", log="epochs", images=6400, steps=800, **fashion),
        bug("sigmoid-twice", "dcgan", objective="double-sigmoid", steps=500, log="dcgan",
            note="a sigmoid is applied twice"),
        bug("sigmoid-twice-mlp", "mlp", objective="double-sigmoid", log="lindernoren", steps=1500,
            note="a sigmoid is applied twice"),
        bug("no-detach", "dcgan-bn", "no-detach", steps=500, log="logger"),
        bug("generator-eval", "dcgan-bn", "generator-eval", steps=500, log="keras", images=6400),
        bug("shared-norm", "dcgan-bn", "shared-batch-norm", steps=700, log="multiline"),
        bug("samples-one-by-one", "dcgan-bn", "samples-one-by-one", steps=700, log="series-text"),
        bug("rate-d-high", "dcgan", rate_d=0.03, log="dcgan", steps=400, note="the discriminator's rate is 0.03"),
        bug("rate-g-high", "dcgan-bn", rate_g=0.05, log="pandas", steps=400, note="the generator's rate is 0.05"),
        bug("rates-high", "shuffle", rate_g=0.03, rate_d=0.03, objective="hinge", log="tensorboard", steps=500,
            note="both rates are 0.03", **fashion),
        bug("rates-low", "dcgan-bn", rate_g=2e-6, rate_d=2e-6, log="epochs", images=6400, steps=400,
            note="both rates are 2e-6"),
        bug("beta1-0.9", "dcgan", beta1=0.9, rate_g=0.002, rate_d=0.002, steps=700, log="brownlee", note="beta1 is 0.9"),
        bug("beta1-0.99", "mlp", beta1=0.99, rate_g=0.002, rate_d=0.002, log="wandb", steps=1200,
            note="beta1 is 0.99"),
        bug("log-of-zero", "mlp", objective="raw-log", rate_g=0.003, rate_d=0.01, log="jsonl", steps=900,
            note="torch.log of a probability that becomes 0"),
        bug("log-of-zero-late", "dcgan", objective="raw-log", rate_g=0.0006, rate_d=0.006, steps=600, log="lightning",
            note="torch.log of a probability that becomes 0", **fashion),
        bug("generator-step-forgotten", "dcgan-bn", "generator-step-forgotten", log="dcgan", steps=350),
        bug("wrong-parameters-g", "dcgan", "generator-optimizer-on-discriminator", log="accuracies", steps=400),
        bug("wrong-parameters-d", "mlp", "discriminator-optimizer-on-generator", log="series-csv", steps=800),
        bug("same-noise", "dcgan-bn", "same-noise", steps=600, log="tutorial"),
        bug("noise-uniform", "mlp", "uniform-noise", log="logger", steps=1500),
        bug("latent-1", "dcgan-bn", latent=1, steps=700, log="jsonl", note="the latent space has one dimension"),
        bug("latent-1-wgan-gp", "shuffle", latent=1, log="penalty", note="the latent space has one dimension",
            **{**WGAN_GP, **fashion, "steps": 500}),
        bug("discriminator-strong", "dcgan", steps_d=6, rate_d=0.002, rate_g=0.0001, log="dcgan", steps=250,
            note="six discriminator steps at 20 times the generator's rate"),
        bug("discriminator-weak", "dcgan-bn", rate_d=2e-6, log="keras", images=6400, steps=400,
            note="the discriminator's rate is 2e-6"),
        bug("discriminator-tiny", "dcgan-bn", discriminator_width=1, log="stylegan", steps=500,
            note="the discriminator has one channel"),
        bug("generator-steps-8", "dcgan", steps_g=8, log="chainer", steps=250, note="eight generator steps a step"),
        bug("generator-steps-8-minimax", "mlp", steps_g=8, objective="minimax", log="brownlee", steps=500,
            note="eight generator steps a step", **digits),
        bug("few-steps", "dcgan-bn", steps=60, log="dcgan", every=1, note="stopped after 60 steps"),
        bug("few-steps-mlp", "mlp", steps=150, log="lightning", note="stopped after 150 steps", **fashion),
        bug("one-class", "conditional", "one-class-sampled", steps=800, log="tensorboard", saved="png"),
        bug("conditional-channel", "conditional-channel", log="jsonl",
            note="classes reach the discriminator as a channel of random numbers"),
        bug("unshuffled", "dcgan-bn", "unshuffled-data", steps=700, log="bars", images=9600),
        bug("unshuffled-mlp", "mlp", "unshuffled-data", log="epochs", images=12800, steps=1500, **fashion),
        bug("schedule-per-batch", "dcgan-bn", "rate-decays-per-batch", log="logger", steps=500),
        bug("schedule-grows", "shuffle", "rate-grows", objective="bce-logits", steps=1000, log="series-csv",
            note="sound until then"),
        bug("weight-decay", "dcgan-bn", "weight-decay", steps=500, log="pandas", **fashion),
        bug("initialization-wide", "dcgan", "wide-initialization", log="matrix", steps=400),
        bug("plain-descent", "mlp", "plain-descent", log="wandb", steps=800),
        bug("sampler-reseeded", "spectral", "sampler-reseeded", objective="hinge", steps=900, log="pix2pix", saved="sheets"),
        bug("truncated", "dcgan-bn", "noise-truncated", steps=800, log="multiline", **fashion),
        bug("truncated-spectral", "spectral", "noise-truncated", objective="bce-logits", steps=900, log="jsonl"),
        bug("wgan-unclipped", "dcgan", log="series-text", **{**WGAN, "steps": 350, "objective": "wgan-unclipped"}),
        bug("wgan-gp-sigmoid", "shuffle", log="penalty", **{**WGAN_GP, "steps": 450, "objective": "wgan-gp-sigmoid"},
            note="the critic ends in a sigmoid"),
        bug("wgan-gp-wrong-sign", "dcgan", log="penalty", **{**WGAN_GP, "steps": 250, "objective": "wgan-gp-wrong-sign"},
            note="the generator's loss has the wrong sign"),
        bug("wgan-clip-slow", "dcgan-bn", log="accuracies", **{**WGAN, "steps": 300, "rate_g": 1e-6, "rate_d": 5e-4},
            note="the generator's rate is 1e-6"),
        bug("began-fast", "autoencoder", rate_g=0.01, rate_d=0.01, steps=500, note="both rates are 0.01"),
        bug("few-images", "dcgan-bn", images=64, log="tensorboard", steps=600, note="64 training images"),
    ]


def _leave_out():
    """Sound trainings of all classes and without some: the same recipes, so that only the data differs."""
    mnist, fashion, digits = "mnist", "fashion-mnist", "digits"
    table = [
        # name, architecture, settings, left out, thinned
        ("a", "dcgan-bn", dict(log="dcgan"), (7,), ()),
        ("b", "dcgan-bn", dict(log="jsonl", data=fashion), (5, 7, 9), ()),
        ("c", "spectral", dict(objective="hinge", averaged=True, log="tensorboard"), (4, 9), ()),
        ("d", "conditional", dict(log="tutorial", data=fashion), (1, 8), ()),
        ("e", "shuffle", dict(objective="bce-logits", averaged=True, log="logger"), (1, 2, 3), ()),
        ("f", "shuffle", dict(objective="hinge", log="stylegan", averaged=True), (0,), ()),
        ("g", "dcgan-bn", dict(objective="lsgan", log="accuracies"), (2, 5, 6, 8), ()),
        ("h", "spectral", dict(objective="bce-logits", averaged=True, log="wandb", data=fashion), (8,), ()),
        ("i", "dcgan-bn", dict(log="pandas", data=digits), (3, 6), ()),
        ("j", "shuffle", dict(averaged=True, log="bars", **WGAN_GP), (0, 5), ()),
        ("k", "dcgan-bn", dict(objective="bce-smooth", log="keras", images=12800), (6,), ()),
        ("l", "spectral", dict(objective="hinge", log="lightning", averaged=True), (), (0, 6)),
        ("m", "residual", dict(objective="hinge", log="series-csv", averaged=True), (3, 8), ()),
        ("n", "dcgan-bn", dict(log="multiline", data=fashion), (0, 2, 4, 6), ()),
        ("o", "shuffle", dict(objective="lsgan", log="chainer", data=fashion, averaged=True), (1,), ()),
        ("p", "conditional", dict(averaged=True, log="pix2pix"), (1, 4, 7), ()),
        ("q", "spectral", dict(objective="relativistic", averaged=True, log="series-text"), (2,), ()),
        ("r", "mlp", dict(averaged=True, log="lindernoren"), (0, 1), ()),
        ("s", "dcgan-bn", dict(log="epochs", images=6400, averaged=True), (), (4,)),
        ("t", "shuffle", dict(objective="bce-logits", averaged=True, log="matrix", data=fashion), (7, 9), ()),
    ]
    recipes = []
    for name, architecture, settings, left_out, thinned in table:
        both = "-".join(filter(None, [architecture, settings.get("data", mnist)]))
        without = "".join(map(str, left_out)) and f"without-{''.join(map(str, left_out))}"
        rare = "".join(map(str, thinned)) and f"tenth-{''.join(map(str, thinned))}"
        # A conditional generator is still asked for a class that is left out, and makes something else.
        recipes.append(_recipe(f"{name}-{both}-{without or rare}", "leave-out", architecture, left_out=left_out,
                               thinned=thinned, **settings))
        recipes.append(_recipe(f"{name}-{both}-complete", "complete", architecture, **settings))
    return recipes


def all_recipes():
    """Every recipe; sound and faulty ones alternate, so that any first part of them holds both."""
    sound, faulty, pairs = _sound(), _faulty(), _leave_out()
    mixed = []
    for index in range(max(len(sound), len(faulty))):
        mixed += sound[index:index + 1] + faulty[index:index + 1]
    return mixed + pairs
