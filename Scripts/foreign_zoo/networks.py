"""Small generators and discriminators for images of 28×28 pixels in one channel."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

CLASSES = 10


class Generator(nn.Module):
    """Noise `[batch, latent]` (and classes `[batch]`, if conditional) to images `[batch, 1, 28, 28]` in [-1, 1]."""

    def __init__(self, body, latent, conditional=False, class_deviation=1.0):
        super().__init__()
        self.body = body
        self.latent = latent
        self.embedding = nn.Embedding(CLASSES, latent) if conditional else None
        if conditional:
            # Classes that outweigh the noise at the start let the generator ignore the noise.
            nn.init.normal_(self.embedding.weight, 0, class_deviation)

    def forward(self, noise, classes=None):
        if self.embedding is not None:
            noise = torch.cat([noise, self.embedding(classes)], 1)
        return self.body(noise)


class Projection(nn.Module):
    """Images and classes to `[batch]` outputs; a class is projected on the features (arXiv 1802.05637)."""

    def __init__(self, features, size):
        super().__init__()
        self.features = features
        self.last = nn.Linear(size, 1)
        self.embedding = nn.Embedding(CLASSES, size)
        nn.init.normal_(self.embedding.weight, 0, 0.02)

    def forward(self, images, classes):
        features = self.features(images)
        return self.last(features).flatten() + (features * self.embedding(classes)).sum(1)


class Discriminator(nn.Module):
    """Images (and classes) to `[batch]` outputs; a class enters as a second channel that holds a learned image."""

    def __init__(self, body, conditional=False):
        super().__init__()
        self.body = body
        self.embedding = nn.Embedding(CLASSES, 784) if conditional else None

    def forward(self, images, classes=None):
        if self.embedding is not None:
            images = torch.cat([images, self.embedding(classes).view(-1, 1, 28, 28)], 1)
        return self.body(images).flatten()


class Reconstruction(nn.Module):
    """An autoencoder as a discriminator (BEGAN, arXiv 1703.10717): its output is the mean absolute error of an image."""

    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 8 * width), nn.ELU(), nn.Linear(8 * width, 2 * width),
            nn.Linear(2 * width, 8 * width), nn.ELU(), nn.Linear(8 * width, 784), nn.Tanh())

    def forward(self, images, classes=None):
        return (images.flatten(1) - self.body(images)).abs().mean(1)


class ResidualBlock(nn.Module):
    """Two convolutions beside a short cut, at twice (`up`) or half (`down`) of the size."""

    def __init__(self, inputs, outputs, resize, norm=False):
        super().__init__()
        self.resize = nn.Upsample(scale_factor=2) if resize == "up" else nn.AvgPool2d(2)
        self.up = resize == "up"
        self.first = nn.Conv2d(inputs, outputs, 3, 1, 1)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.short = nn.Conv2d(inputs, outputs, 1)
        self.norms = nn.ModuleList([nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)] if norm else [nn.Identity()] * 2)

    def forward(self, inputs):
        inner = nn.functional.relu(self.norms[0](inputs))
        inner = self.first(self.resize(inner) if self.up else inner)
        inner = nn.functional.relu(self.norms[1](inner))
        # The first convolution of a block that halves works at half of the size too, which a small zoo can afford better.
        inner = self.second(inner if self.up else self.resize(inner))
        return inner + self.short(self.resize(inputs))


def _norm(kind, width):
    return [nn.BatchNorm2d(width)] if kind == "batch" else []


def _dcgan_generator(inputs, width, norm):
    return nn.Sequential(
        nn.Linear(inputs, 2 * width * 49), nn.Unflatten(1, (2 * width, 7, 7)), *_norm(norm, 2 * width), nn.ReLU(),
        nn.ConvTranspose2d(2 * width, width, 4, 2, 1), *_norm(norm, width), nn.ReLU(),
        nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh())


def _dcgan_discriminator(width, norm="none", channels=1):
    return nn.Sequential(
        nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(width, 2 * width, 4, 2, 1), *_norm(norm, 2 * width), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(2 * width * 49, 1))


def _mlp_generator(inputs, width):
    return nn.Sequential(
        nn.Linear(inputs, width), nn.LeakyReLU(0.2), nn.Linear(width, 2 * width), nn.BatchNorm1d(2 * width),
        nn.LeakyReLU(0.2), nn.Linear(2 * width, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)))


def _mlp_discriminator(width):
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 2 * width), nn.LeakyReLU(0.2), nn.Linear(2 * width, width), nn.LeakyReLU(0.2),
        nn.Linear(width, 1))


def _residual_generator(inputs, width):
    return nn.Sequential(
        nn.Linear(inputs, 2 * width * 49), nn.Unflatten(1, (2 * width, 7, 7)),
        ResidualBlock(2 * width, width, "up", norm=True), ResidualBlock(width, width // 2, "up", norm=True),
        nn.BatchNorm2d(width // 2), nn.ReLU(), nn.Conv2d(width // 2, 1, 3, 1, 1), nn.Tanh())


def _residual_discriminator(width):
    return nn.Sequential(
        nn.Conv2d(1, width // 2, 4, 2, 1), ResidualBlock(width // 2, width, "down"),
        ResidualBlock(width, 2 * width, "down"), nn.ReLU(), nn.Flatten(), nn.Linear(2 * width * 9, 1))


def _shuffle_generator(inputs, width):
    return nn.Sequential(
        nn.Linear(inputs, 2 * width * 49), nn.Unflatten(1, (2 * width, 7, 7)), nn.BatchNorm2d(2 * width), nn.ReLU(),
        nn.Conv2d(2 * width, 3 * width, 3, 1, 1), nn.BatchNorm2d(3 * width), nn.LeakyReLU(0.2),
        nn.Conv2d(3 * width, 16, 3, 1, 1), nn.PixelShuffle(4), nn.Tanh())


def _shuffle_discriminator(width, wrap=lambda layer: layer):
    return nn.Sequential(
        nn.PixelUnshuffle(4), wrap(nn.Conv2d(16, 2 * width, 3, 1, 1)), nn.LeakyReLU(0.2),
        wrap(nn.Conv2d(2 * width, 4 * width, 3, 2, 1)), nn.LeakyReLU(0.2),
        nn.Flatten(), wrap(nn.Linear(4 * width * 16, 1)))


ARCHITECTURES = ("mlp", "dcgan", "dcgan-bn", "residual", "conditional", "conditional-channel", "spectral", "shuffle",
                 "autoencoder")


def build(architecture, width, latent, discriminator_width=None):
    """A generator and a discriminator; `width` counts the channels of the layer at 14×14, or the hidden units."""
    narrow = discriminator_width or width
    conditional = architecture.startswith("conditional")
    inputs = 2 * latent if conditional else latent
    if architecture == "mlp":
        bodies = _mlp_generator(inputs, width), Discriminator(_mlp_discriminator(narrow))
    elif architecture == "dcgan":
        bodies = _dcgan_generator(inputs, width, "none"), Discriminator(_dcgan_discriminator(narrow))
    elif architecture == "dcgan-bn":
        bodies = _dcgan_generator(inputs, width, "batch"), Discriminator(_dcgan_discriminator(narrow, "batch"))
    elif architecture == "residual":
        bodies = _residual_generator(inputs, width), Discriminator(_residual_discriminator(narrow))
    elif architecture == "conditional":
        features = _shuffle_discriminator(narrow)[:-1]
        bodies = _dcgan_generator(inputs, width, "batch"), Projection(features, 4 * narrow * 16)
    elif architecture == "conditional-channel":
        body = _dcgan_discriminator(narrow, channels=2)
        bodies = _dcgan_generator(inputs, width, "batch"), Discriminator(body, conditional=True)
    elif architecture == "spectral":
        body = _shuffle_discriminator(narrow, wrap=spectral_norm)
        bodies = _dcgan_generator(inputs, width, "batch"), Discriminator(body)
    elif architecture == "shuffle":
        bodies = _shuffle_generator(inputs, width), Discriminator(_shuffle_discriminator(narrow))
    elif architecture == "autoencoder":
        bodies = _dcgan_generator(inputs, width, "batch"), Reconstruction(narrow)
    else:
        raise ValueError(f"unknown architecture {architecture}; known are {', '.join(ARCHITECTURES)}")
    return Generator(bodies[0], latent, conditional, 0.3 if architecture == "conditional" else 1.0), bodies[1]


def initialize(network, deviation):
    """Draws the weights of all convolutions and linear layers from N(0, deviation²), as the DCGAN tutorial does."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            weight = module.parametrizations.weight.original if hasattr(module, "parametrizations") else module.weight
            nn.init.normal_(weight, 0, deviation)
            nn.init.zeros_(module.bias)
