"""Discriminators: images `[batch, 1, 4 * base, 4 * base]` to scores `[batch]`, or `[batch, places]` of patches."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from .layers import BatchDeviation, BatchDiscrimination, Maxout, Residual, SelfAttention


class Scores(nn.Module):
    """Features and a last layer of one score; `classes` adds logits of classes, or a projection of them."""

    def __init__(self, body, size, classes=None, codes=0, last=None):
        super().__init__()
        self.body = body
        self.last = last or nn.Linear(size, 1)
        self.logits = nn.Linear(size, codes) if codes else None
        self.embedding = nn.Embedding(classes, size) if classes else None
        if classes:
            nn.init.normal_(self.embedding.weight, 0, 0.02)

    def forward(self, images, classes=None):
        return self.both(images, classes)[0]

    def both(self, images, classes=None):
        """Scores, and logits if there are any."""
        features = self.body(images)
        scores = self.last(features).flatten(1).squeeze(1)
        if self.embedding is not None:
            scores = scores + (features * self.embedding(classes)).sum(1)
        return scores, self.logits(features) if self.logits is not None else None


def strided(width, base, norm=False, dropout=0.0, slope=0.2, wrap=lambda layer: layer, extra=(), codes=0, classes=None):
    """Two strided convolutions and another; `extra` are layers before the last one that append a channel each."""
    def block(before, after, stride):
        return [wrap(nn.Conv2d(before, after, 3, stride, 1)), nn.LeakyReLU(slope)] + (
            [nn.Dropout2d(dropout)] if dropout else []) + ([nn.BatchNorm2d(after)] if norm else [])

    small = (base + 1) // 2
    body = nn.Sequential(
        *block(1, width, 2), *block(width, 2 * width, 2), *extra, *block(2 * width + len(extra), 4 * width, 2), nn.Flatten())
    size = 4 * width * small * small
    return Scores(body, size, classes, codes, wrap(nn.Linear(size, 1)))


def weight_normed(width, base):
    return strided(width, base, wrap=weight_norm)


def residual(width, base, spectral=True, classes=None):
    wrap = spectral_norm if spectral else lambda layer: layer
    body = nn.Sequential(
        nn.AvgPool2d(2), Residual(1, width, wrap=wrap), Residual(width, 2 * width, "down", wrap=wrap),
        Residual(2 * width, 2 * width, wrap=wrap), nn.ReLU(), nn.Flatten())
    size = 2 * width * base * base
    return Scores(body, size, classes, last=wrap(nn.Linear(size, 1)))


def attentive(width, base):
    body = nn.Sequential(
        spectral_norm(nn.Conv2d(1, width, 4, 2, 1)), nn.LeakyReLU(0.1),
        spectral_norm(nn.Conv2d(width, 2 * width, 4, 2, 1)), nn.LeakyReLU(0.1), SelfAttention(2 * width, spectral_norm),
        spectral_norm(nn.Conv2d(2 * width, 4 * width, 3, 2, 1)), nn.LeakyReLU(0.1), nn.Flatten())
    size = 4 * width * ((base + 1) // 2) ** 2
    return Scores(body, size, last=spectral_norm(nn.Linear(size, 1)))


def comparing(width, base):
    """Strided convolutions and minibatch discrimination."""
    discriminator = strided(width, base)
    size = discriminator.last.in_features
    body = nn.Sequential(discriminator.body, nn.Linear(size, 96), nn.LeakyReLU(0.2), BatchDiscrimination(96))
    return Scores(body, 96 + 24)


def deviating(width, base):
    """Strided convolutions and the batch's standard deviation."""
    return strided(width, base, extra=(BatchDeviation(),))


def patches(width, base):
    """One score for each of the patches (arXiv 1611.07004)."""
    body = nn.Sequential(
        nn.Conv2d(1, width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(width, 2 * width, 4, 2, 1), nn.BatchNorm2d(2 * width),
        nn.LeakyReLU(0.2), nn.Conv2d(2 * width, 4 * width, 3, 1, 1), nn.BatchNorm2d(4 * width), nn.LeakyReLU(0.2))
    return Scores(body, 0, last=nn.Conv2d(4 * width, 1, 4, 1, 1))


class UNet(nn.Module):
    """A score for the image and one for each pixel of half of the side (arXiv 2002.12655): `[batch, 1 + places]`."""

    def __init__(self, width, base):
        super().__init__()
        self.first = spectral_norm(nn.Conv2d(1, width, 4, 2, 1))
        self.second = spectral_norm(nn.Conv2d(width, 2 * width, 4, 2, 1))
        self.whole = spectral_norm(nn.Linear(2 * width * base * base, 1))
        self.back = spectral_norm(nn.Conv2d(2 * width, width, 3, 1, 1))
        self.pixels = spectral_norm(nn.Conv2d(2 * width, 1, 3, 1, 1))

    def forward(self, images, classes=None):
        first = nn.functional.leaky_relu(self.first(images), 0.2)
        second = nn.functional.leaky_relu(self.second(first), 0.2)
        back = nn.functional.leaky_relu(self.back(nn.functional.interpolate(second, scale_factor=2)), 0.2)
        pixels = self.pixels(torch.cat([back, first], 1)).flatten(1)
        # The image's score counts as much as all of the pixels together.
        whole = self.whole(second.flatten(1)).expand_as(pixels)
        return torch.cat([whole, pixels], 1)


def maxout(width, base, dropout=0.3):
    """Maxout layers and dropout, as in the first GAN paper."""
    body = nn.Sequential(
        nn.Flatten(), nn.Dropout(dropout / 2), Maxout(16 * base * base, width), nn.Dropout(dropout), Maxout(width, width),
        nn.Dropout(dropout))
    return Scores(body, width)


def perceptron(width, base):
    body = nn.Sequential(
        nn.Flatten(), nn.Linear(16 * base * base, 4 * width), nn.LeakyReLU(0.2), nn.Dropout(0.2),
        nn.Linear(4 * width, 2 * width), nn.LeakyReLU(0.2))
    return Scores(body, 2 * width)


class Energy(nn.Module):
    """A convolutional autoencoder; an image's score is its mean squared error (EBGAN, arXiv 1609.03126)."""

    def __init__(self, width, base):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(width, 2 * width, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(2 * width * base * base, 32), nn.Linear(32, 2 * width * base * base), nn.LeakyReLU(0.2),
            nn.Unflatten(1, (2 * width, base, base)), nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(width, 1, 4, 2, 1))

    def forward(self, images, classes=None):
        return (images - self.body(images)).square().flatten(1).mean(1)
