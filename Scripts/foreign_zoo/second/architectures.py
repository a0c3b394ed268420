"""Pairs of generators and discriminators."""

import dataclasses
import functools

import torch
from torch import nn

from . import discriminators, generators
from .layers import ModulatedConvolution

CLASSES = 10


class Generator(nn.Module):
    """Noise `[batch, latent]` (and classes `[batch]`, if it has an embedding) to images."""

    def __init__(self, body, embedding=None):
        super().__init__()
        self.body = body
        self.embedding = embedding

    def forward(self, noise, classes=None):
        if self.embedding is not None:
            noise = torch.cat([noise, self.embedding(classes)], 1)
        return self.body(noise)


class Codes(nn.Module):
    """Classes as vectors of zeros and a one."""

    def forward(self, classes):
        return nn.functional.one_hot(classes, CLASSES).float()


class Encoder(nn.Module):
    """Images to means and logarithms of variances, `[batch, latent]` each (VAE-GAN, arXiv 1512.09300)."""

    def __init__(self, width, base, latent):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(width, 2 * width, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(2 * width * base * base, 2 * latent))

    def forward(self, images):
        return self.body(images).chunk(2, 1)


@dataclasses.dataclass(frozen=True)
class Architecture:
    """`classes`: "none"; "labels" for a generator with classes; "drawn" for InfoGAN's random codes."""

    generator: object
    discriminator: object
    classes: str = "none"
    encoder: bool = False


_codes = functools.partial(discriminators.strided, codes=CLASSES)

ARCHITECTURES = {
    "upsampling": Architecture(generators.upsampling, functools.partial(discriminators.strided, norm=True, dropout=0.25)),
    "transposed": Architecture(generators.transposed, functools.partial(discriminators.strided, norm=True)),
    "transposed-plain": Architecture(functools.partial(generators.transposed, norm=False), discriminators.strided),
    "sn-resnet": Architecture(generators.residual, discriminators.residual),
    "resnet-projection": Architecture(
        functools.partial(generators.residual, spectral=False),
        functools.partial(discriminators.residual, classes=CLASSES), classes="labels"),
    "attention": Architecture(generators.attentive, discriminators.attentive),
    "adain": Architecture(generators.Styled, discriminators.deviating),
    "modulated": Architecture(
        functools.partial(generators.Styled, kind=ModulatedConvolution), discriminators.deviating),
    "pixel-norm": Architecture(generators.pixel_normed, discriminators.deviating),
    "batch-features": Architecture(generators.upsampling, discriminators.comparing),
    "patch": Architecture(generators.upsampling, discriminators.patches),
    "u-net": Architecture(generators.transposed, discriminators.UNet),
    "acgan": Architecture(generators.upsampling, functools.partial(_codes, dropout=0.25), classes="labels"),
    "infogan": Architecture(generators.transposed, _codes, classes="drawn"),
    "rows": Architecture(generators.Rows, discriminators.strided),
    "maxout": Architecture(generators.perceptron, discriminators.maxout),
    "perceptron": Architecture(generators.perceptron, discriminators.perceptron),
    "vae-gan": Architecture(generators.upsampling, discriminators.strided, encoder=True),
    "energy": Architecture(generators.transposed, discriminators.Energy),
    "weight-norm": Architecture(generators.upsampling, discriminators.weight_normed),
}


def build(name, width, latent, base, discriminator_width=None, generator_options=(), discriminator_options=()):
    """A generator and a discriminator; `base` is a quarter of the images' side.

    The generator holds an `encoder` where the architecture has one.
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"unknown architecture {name}; known are {', '.join(ARCHITECTURES)}")
    architecture = ARCHITECTURES[name]
    embedding, inputs = None, latent
    if architecture.classes == "labels":
        embedding, inputs = nn.Embedding(CLASSES, latent), 2 * latent
    elif architecture.classes == "drawn":
        embedding, inputs = Codes(), latent + CLASSES
    generator = Generator(architecture.generator(inputs, width, base, **dict(generator_options)), embedding)
    discriminator = architecture.discriminator(discriminator_width or width, base, **dict(discriminator_options))
    if architecture.encoder:
        generator.encoder = Encoder(width, base, latent)
    return generator, discriminator
