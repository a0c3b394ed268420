"""Generators: noise `[batch, inputs]` to images `[batch, 1, 4 * base, 4 * base]`."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from .layers import ModulatedConvolution, PixelNorm, Residual, SelfAttention, StyledConvolution


def upsampling(inputs, width, base, norm=True, dropout=0.0):
    """Upsampling and convolutions with batch norm, as in PyTorch-GAN's DCGAN."""
    def convolution(before, after):
        return [nn.Upsample(scale_factor=2), nn.Conv2d(before, after, 3, 1, 1)] + (
            [nn.BatchNorm2d(after, 0.8)] if norm else []) + [nn.LeakyReLU(0.2)] + (
            [nn.Dropout(dropout)] if dropout else [])

    return nn.Sequential(
        nn.Linear(inputs, 2 * width * base * base), nn.Unflatten(1, (2 * width, base, base)),
        *([nn.BatchNorm2d(2 * width)] if norm else []), *convolution(2 * width, width), *convolution(width, width // 2),
        nn.Conv2d(width // 2, 1, 3, 1, 1), nn.Tanh())


def transposed(inputs, width, base, norm=True):
    """Transposed convolutions alone, from 1×1, with the DCGAN paper's order of layers."""
    def block(before, after, size, stride, padding):
        return [nn.ConvTranspose2d(before, after, size, stride, padding, bias=not norm)] + (
            [nn.BatchNorm2d(after)] if norm else []) + [nn.ReLU(True)]

    return nn.Sequential(
        nn.Unflatten(1, (inputs, 1, 1)), *block(inputs, 2 * width, base, 1, 0), *block(2 * width, width, 4, 2, 1),
        nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh())


def residual(inputs, width, base, spectral=True):
    """Residual blocks with batch norm, spectral norm on every layer too (SNGAN, SAGAN)."""
    wrap = spectral_norm if spectral else lambda layer: layer
    return nn.Sequential(
        wrap(nn.Linear(inputs, 2 * width * base * base)), nn.Unflatten(1, (2 * width, base, base)),
        Residual(2 * width, width, "up", norm=True, wrap=wrap), Residual(width, width // 2, "up", norm=True, wrap=wrap),
        nn.BatchNorm2d(width // 2), nn.ReLU(), wrap(nn.Conv2d(width // 2, 1, 3, 1, 1)), nn.Tanh())


def attentive(inputs, width, base):
    """Transposed convolutions with self-attention at a quarter of the side, and spectral norm (SAGAN)."""
    return nn.Sequential(
        nn.Linear(inputs, 2 * width * base * base), nn.Unflatten(1, (2 * width, base, base)),
        nn.BatchNorm2d(2 * width), nn.ReLU(), SelfAttention(2 * width, spectral_norm),
        spectral_norm(nn.ConvTranspose2d(2 * width, width, 4, 2, 1)), nn.BatchNorm2d(width), nn.ReLU(),
        nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh())


def pixel_normed(inputs, width, base):
    """Upsampling, convolutions and pixel norm, as in Progressive GAN without its growth."""
    def convolution(before, after):
        return [nn.Conv2d(before, after, 3, 1, 1), nn.LeakyReLU(0.2), PixelNorm()]

    return nn.Sequential(
        PixelNorm(), nn.Linear(inputs, 2 * width * base * base), nn.Unflatten(1, (2 * width, base, base)),
        nn.LeakyReLU(0.2), PixelNorm(), nn.Upsample(scale_factor=2), *convolution(2 * width, width), *convolution(width, width),
        nn.Upsample(scale_factor=2), *convolution(width, width // 2), nn.Conv2d(width // 2, 1, 3, 1, 1), nn.Tanh())


class Styled(nn.Module):
    """A mapping network, a learned constant and styled convolutions, by AdaIN or by modulation."""

    def __init__(self, inputs, width, base, kind=StyledConvolution):
        super().__init__()
        size = 64
        self.mapping = nn.Sequential(
            PixelNorm(), nn.Linear(inputs, size), nn.LeakyReLU(0.2), nn.Linear(size, size), nn.LeakyReLU(0.2),
            nn.Linear(size, size), nn.LeakyReLU(0.2))
        self.constant = nn.Parameter(torch.randn(1, 2 * width, base, base))
        self.layers = nn.ModuleList([
            kind(2 * width, 2 * width, size), kind(2 * width, width, size, up=True), kind(width, width, size),
            kind(width, width // 2, size, up=True)])
        self.last = nn.Conv2d(width // 2, 1, 3, 1, 1)
        self.modulated = kind is ModulatedConvolution

    def forward(self, noise):
        style = self.mapping(noise)
        inner = self.constant.expand(len(noise), -1, -1, -1)
        for layer in self.layers:
            inner = layer(inner, style)
            if self.modulated:
                inner = nn.functional.leaky_relu(inner, 0.2) * 2 ** 0.5
        return torch.tanh(self.last(inner))


class Rows(nn.Module):
    """A recurrent network that writes an image row by row."""

    def __init__(self, inputs, width, base):
        super().__init__()
        self.side = 4 * base
        hidden = 8 * width
        self.first = nn.Linear(inputs, hidden)
        self.recurrent = nn.LSTM(inputs, hidden, batch_first=True)
        self.last = nn.Sequential(nn.Linear(hidden, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, self.side))

    def forward(self, noise):
        state = torch.tanh(self.first(noise))[None]
        rows, _ = self.recurrent(noise[:, None].expand(-1, self.side, -1).contiguous(), (state, torch.zeros_like(state)))
        return torch.tanh(self.last(rows))[:, None]


def perceptron(inputs, width, base):
    """Linear layers and ReLU, as in the first GAN paper."""
    side = 4 * base
    return nn.Sequential(
        nn.Linear(inputs, 2 * width), nn.ReLU(), nn.Linear(2 * width, 4 * width), nn.ReLU(),
        nn.Linear(4 * width, side * side), nn.Tanh(), nn.Unflatten(1, (1, side, side)))
