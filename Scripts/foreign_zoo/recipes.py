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
    width: int = 24
    discriminator_width: int | None = None
    latent: int = 64
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

    def __post_init__(self):
        from .training import BUGS

        unknown = set(self.bugs) - set(BUGS)
        if unknown:
            raise ValueError(f"{self.name}: unknown bugs {', '.join(sorted(unknown))}")


# What authors usually take for an architecture.
USUAL = {
    "mlp": dict(width=128, batch=64, steps=2500, rate_g=0.0005, rate_d=0.0003),
    "dcgan": dict(width=16, batch=32, rate_g=0.0006, rate_d=0.0006),
    "dcgan-bn": dict(width=16, batch=32),
    "residual": dict(width=10, batch=32, steps=1000, rate_g=0.0006, rate_d=0.0006),
    "conditional": dict(width=16, batch=32, rate_g=0.0008, rate_d=0.0006),
    "spectral": dict(width=16, batch=32, rate_g=0.0006, rate_d=0.001),
    "upsampling": dict(width=16, batch=32, rate_g=0.0008, rate_d=0.0008),
    "autoencoder": dict(width=24, batch=32, steps=1500, rate_g=0.0006, rate_d=0.0006, objective="began", log="began"),
}
WGAN = dict(objective="wgan", optimizer="rmsprop", rate_g=0.0005, rate_d=0.0005, steps_d=3, steps=900)
WGAN_GP = dict(objective="wgan-gp", rate_g=0.0008, rate_d=0.0008, beta1=0.0, beta2=0.9, steps_d=2, steps=900)


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
        sound("mlp-bce", "mlp", log="lindernoren"),
        sound("mlp-bce-digits", "mlp", log="bars", steps=2000, **digits),
        sound("mlp-lsgan", "mlp", objective="lsgan", log="keras", images=12800),
        sound("conditional-bce", "conditional", log="jsonl"),
        sound("conditional-lsgan-fashion", "conditional", objective="lsgan", log="pix2pix", halved=True, **fashion),
        sound("spectral-hinge", "spectral", objective="hinge", log="tensorboard"),
        sound("spectral-hinge-fashion", "spectral", objective="hinge", log="stylegan", averaged=True, **fashion),
        sound("spectral-bce", "spectral", objective="bce-logits", log="wandb"),
        sound("bn-lsgan", "dcgan-bn", objective="lsgan", log="accuracies", saved="sheets"),
        sound("bn-lsgan-digits", "dcgan-bn", objective="lsgan", log="pandas", **digits),
        sound("upsampling-bce", "upsampling", objective="bce-logits", log="logger"),
        sound("upsampling-hinge-fashion", "upsampling", objective="hinge", log="series-csv", **fashion),
        sound("upsampling-lsgan-averaged", "upsampling", objective="lsgan", log="lightning", averaged=True),
        sound("spectral-relativistic", "spectral", objective="relativistic", log="multiline"),
        sound("bn-relativistic-fashion", "dcgan-bn", objective="relativistic", log="chainer", **fashion),
        sound("bn-minimax", "dcgan-bn", objective="minimax", log="brownlee"),
        sound("residual-hinge", "residual", objective="hinge", log="jsonl", averaged=True),
        sound("residual-bce-digits", "residual", log="series-text", steps=800, **digits),
        sound("wgan-gp", "upsampling", log="penalty", **{**WGAN_GP, "objective": "wgan-gp"}),
        sound("wgan-gp-fashion", "dcgan", log="chainer", **{**WGAN_GP, **fashion}),
        sound("wgan-gp-digits", "mlp", log="wandb", **{**WGAN_GP, **digits}),
        sound("wgan-clip", "dcgan-bn", log="series-csv", **WGAN),
        sound("wgan-clip-fashion", "mlp", log="matrix", **{**WGAN, **fashion, "steps": 1800}),
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
        bug("labels-swapped", "dcgan-bn", "swapped-labels", log="dcgan"),
        bug("labels-swapped-lsgan", "mlp", "swapped-labels", objective="lsgan", log="jsonl", steps=1500, **fashion),
        bug("no-zero-grad-d", "dcgan", "no-zero-grad-d", log="tutorial"),
        bug("no-zero-grad-g", "mlp", "no-zero-grad-g", log="bars", steps=2000),
        bug("images-in-01", "dcgan-bn", "images-in-01", log="pix2pix", steps=900),
        bug("divided-twice", "mlp", "normalized-twice", log="epochs", images=6400, steps=1200, **fashion),
        bug("sigmoid-twice", "dcgan", "no-detach", objective="double-sigmoid", log="dcgan",
            note="a sigmoid is applied twice"),
        bug("sigmoid-twice-only", "mlp", objective="double-sigmoid", log="lindernoren", steps=2000,
            note="a sigmoid is applied twice"),
        bug("no-detach", "dcgan-bn", "no-detach", log="logger"),
        bug("generator-eval", "dcgan-bn", "generator-eval", log="keras", images=6400),
        bug("shared-norm", "dcgan-bn", "shared-batch-norm", log="multiline"),
        bug("samples-one-by-one", "dcgan-bn", "samples-one-by-one", log="series-text"),
        bug("rate-d-high", "dcgan", rate_d=0.03, log="dcgan", steps=800, note="the discriminator's rate is 0.03"),
        bug("rate-g-high", "dcgan-bn", rate_g=0.05, log="pandas", steps=800, note="the generator's rate is 0.05"),
        bug("rates-high", "upsampling", rate_g=0.03, rate_d=0.03, objective="hinge", log="tensorboard", steps=800,
            note="both rates are 0.03", **fashion),
        bug("rates-low", "dcgan-bn", rate_g=2e-6, rate_d=2e-6, log="epochs", images=6400, steps=1000,
            note="both rates are 2e-6"),
        bug("beta1-0.9", "dcgan", beta1=0.9, rate_g=0.002, rate_d=0.002, log="brownlee", note="beta1 is 0.9"),
        bug("beta1-0.99", "mlp", beta1=0.99, rate_g=0.002, rate_d=0.002, log="wandb", steps=2000,
            note="beta1 is 0.99"),
        bug("log-of-zero", "mlp", objective="raw-log", rate_g=0.003, rate_d=0.01, log="jsonl", steps=1500,
            note="torch.log of a probability that becomes 0"),
        bug("log-of-zero-late", "dcgan", objective="raw-log", rate_g=0.0006, rate_d=0.006, log="lightning",
            note="torch.log of a probability that becomes 0", **fashion),
        bug("generator-step-forgotten", "dcgan-bn", "generator-step-forgotten", log="dcgan", steps=700),
        bug("wrong-parameters-g", "dcgan", "generator-optimizer-on-discriminator", log="accuracies", steps=700),
        bug("wrong-parameters-d", "mlp", "discriminator-optimizer-on-generator", log="series-csv", steps=1500),
        bug("same-noise", "dcgan-bn", "same-noise", log="tutorial"),
        bug("noise-uniform", "mlp", "uniform-noise", log="logger", steps=2000),
        bug("latent-1", "dcgan-bn", latent=1, log="jsonl", note="the latent space has one dimension"),
        bug("latent-1-wgan-gp", "upsampling", latent=1, log="penalty", note="the latent space has one dimension",
            **{**WGAN_GP, **fashion}),
        bug("discriminator-strong", "dcgan", steps_d=6, rate_d=0.002, rate_g=0.0001, log="dcgan", steps=500,
            note="six discriminator steps at 20 times the generator's rate"),
        bug("discriminator-weak", "dcgan-bn", rate_d=2e-6, log="keras", images=6400, steps=900,
            note="the discriminator's rate is 2e-6"),
        bug("discriminator-tiny", "dcgan-bn", discriminator_width=1, log="stylegan", steps=900,
            note="the discriminator has one channel"),
        bug("generator-steps-8", "dcgan", steps_g=8, log="chainer", steps=500, note="eight generator steps a step"),
        bug("generator-steps-8-minimax", "mlp", steps_g=8, objective="minimax", log="brownlee", steps=800,
            note="eight generator steps a step", **digits),
        bug("few-steps", "dcgan-bn", steps=60, log="dcgan", every=1, note="stopped after 60 steps"),
        bug("few-steps-mlp", "mlp", steps=150, log="lightning", note="stopped after 150 steps", **fashion),
        bug("one-class", "conditional", "one-class-sampled", log="tensorboard", saved="png"),
        bug("unshuffled", "dcgan-bn", "unshuffled-data", log="bars", images=9600),
        bug("unshuffled-mlp", "mlp", "unshuffled-data", log="epochs", images=12800, steps=2000, **fashion),
        bug("schedule-per-batch", "dcgan-bn", "rate-decays-per-batch", log="logger", steps=800),
        bug("schedule-grows", "upsampling", "rate-grows", objective="bce-logits", log="series-csv",
            note="sound until then"),
        bug("weight-decay", "dcgan-bn", "weight-decay", log="pandas", **fashion),
        bug("initialization-wide", "dcgan", "wide-initialization", log="matrix", steps=800),
        bug("plain-descent", "mlp", "plain-descent", log="wandb", steps=1500),
        bug("sampler-reseeded", "spectral", "sampler-reseeded", objective="hinge", log="pix2pix", saved="sheets"),
        bug("truncated", "dcgan-bn", "noise-truncated", log="multiline", **fashion),
        bug("truncated-spectral", "spectral", "noise-truncated", objective="bce-logits", log="jsonl"),
        bug("wgan-unclipped", "dcgan", log="series-text", **{**WGAN, "objective": "wgan-unclipped", "steps": 700}),
        bug("wgan-gp-sigmoid", "upsampling", log="penalty", **{**WGAN_GP, "objective": "wgan-gp-sigmoid"},
            note="the critic ends in a sigmoid"),
        bug("wgan-gp-wrong-sign", "dcgan", log="penalty", **{**WGAN_GP, "objective": "wgan-gp-wrong-sign", "steps": 500},
            note="the generator's loss has the wrong sign"),
        bug("wgan-clip-slow", "dcgan-bn", log="accuracies", **{**WGAN, "rate_g": 1e-6, "rate_d": 5e-4, "steps": 500},
            note="the generator's rate is 1e-6"),
        bug("began-fast", "autoencoder", rate_g=0.01, rate_d=0.01, steps=900, note="both rates are 0.01"),
        bug("few-images", "dcgan-bn", images=64, log="tensorboard", steps=1000, note="64 training images"),
    ]


def _leave_out():
    """Sound trainings of all classes and without some: the same recipes, so that only the data differs."""
    mnist, fashion, digits = "mnist", "fashion-mnist", "digits"
    table = [
        # name, architecture, settings, left out, thinned
        ("a", "dcgan-bn", dict(log="dcgan"), (7,), ()),
        ("b", "dcgan-bn", dict(log="jsonl", data=fashion), (5, 7, 9), ()),
        ("c", "spectral", dict(objective="hinge", log="tensorboard"), (4, 9), ()),
        ("d", "conditional", dict(log="tutorial", data=fashion), (1, 8), ()),
        ("e", "upsampling", dict(objective="bce-logits", log="logger"), (1, 2, 3), ()),
        ("f", "upsampling", dict(objective="hinge", log="stylegan", averaged=True), (0,), ()),
        ("g", "dcgan-bn", dict(objective="lsgan", log="accuracies"), (2, 5, 6, 8), ()),
        ("h", "spectral", dict(objective="bce-logits", log="wandb", data=fashion), (8,), ()),
        ("i", "dcgan-bn", dict(log="pandas", data=digits), (3, 6), ()),
        ("j", "upsampling", dict(log="bars", **WGAN_GP), (0, 5), ()),
        ("k", "dcgan-bn", dict(objective="bce-smooth", log="keras", images=12800), (6,), ()),
        ("l", "spectral", dict(objective="hinge", log="lightning", averaged=True), (), (0, 6)),
        ("m", "residual", dict(objective="hinge", log="series-csv", averaged=True), (3, 8), ()),
        ("n", "dcgan-bn", dict(log="multiline", data=fashion), (0, 2, 4, 6), ()),
        ("o", "upsampling", dict(objective="lsgan", log="chainer", data=fashion, averaged=True), (1,), ()),
        ("p", "conditional", dict(log="pix2pix"), (1, 4, 7), ()),
        ("q", "spectral", dict(objective="relativistic", log="series-text"), (2,), ()),
        ("r", "mlp", dict(log="lindernoren"), (0, 1), ()),
        ("s", "dcgan-bn", dict(log="epochs", images=6400, averaged=True), (), (4,)),
        ("t", "upsampling", dict(objective="bce-logits", log="matrix", data=fashion), (7, 9), ()),
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
