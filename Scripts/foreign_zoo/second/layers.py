"""Parts of networks that the second collection's architectures share."""

import torch
from torch import nn
from torch.nn import functional


class PixelNorm(nn.Module):
    """Divides each pixel's features by their root mean square (arXiv 1710.10196)."""

    def forward(self, inputs):
        return inputs * (inputs.square().mean(1, keepdim=True) + 1e-8).rsqrt()


class SelfAttention(nn.Module):
    """Attention among all pixels, added with a learned weight that starts at 0 (arXiv 1805.08318)."""

    def __init__(self, width, wrap=lambda layer: layer):
        super().__init__()
        self.query = wrap(nn.Conv2d(width, width // 4, 1))
        self.key = wrap(nn.Conv2d(width, width // 4, 1))
        self.value = wrap(nn.Conv2d(width, width, 1))
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, inputs):
        query, key, value = (layer(inputs).flatten(2) for layer in (self.query, self.key, self.value))
        attention = torch.softmax(query.transpose(1, 2) @ key, -1)
        return inputs + self.weight * (value @ attention.transpose(1, 2)).view_as(inputs)


class BatchDeviation(nn.Module):
    """Appends the mean standard deviation over the batch as another channel (arXiv 1710.10196)."""

    def forward(self, inputs):
        deviation = (inputs.var(0, unbiased=False) + 1e-8).sqrt().mean()
        return torch.cat([inputs, deviation.expand(len(inputs), 1, *inputs.shape[2:])], 1)


class BatchDiscrimination(nn.Module):
    """Appends features `[batch, kernels]` of how near the other images of the batch are (arXiv 1606.03498)."""

    def __init__(self, inputs, kernels=24, size=6):
        super().__init__()
        self.project = nn.Linear(inputs, kernels * size, bias=False)
        self.kernels = kernels

    def forward(self, inputs):
        points = self.project(inputs).view(len(inputs), self.kernels, -1)
        near = torch.exp(-(points[:, None] - points[None]).abs().sum(3)).sum(1) - 1
        return torch.cat([inputs, near], 1)


class Maxout(nn.Module):
    """The largest of several linear functions for each output (arXiv 1302.4389)."""

    def __init__(self, inputs, outputs, pieces=4):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs * pieces)
        self.pieces = pieces

    def forward(self, inputs):
        return self.linear(inputs).unflatten(1, (-1, self.pieces)).amax(2)


class Residual(nn.Module):
    """Two convolutions beside a short cut; `resize` is "up", "down" or "none"."""

    def __init__(self, inputs, outputs, resize="none", norm=False, wrap=lambda layer: layer):
        super().__init__()
        self.before = nn.Upsample(scale_factor=2) if resize == "up" else nn.Identity()
        self.after = nn.AvgPool2d(2) if resize == "down" else nn.Identity()
        self.norms = nn.ModuleList([nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)] if norm else [nn.Identity()] * 2)
        self.first = wrap(nn.Conv2d(inputs, outputs, 3, 1, 1))
        self.second = wrap(nn.Conv2d(outputs, outputs, 3, 1, 1))
        self.short = wrap(nn.Conv2d(inputs, outputs, 1))

    def forward(self, inputs):
        inner = self.first(self.before(functional.relu(self.norms[0](inputs))))
        inner = self.second(functional.relu(self.norms[1](inner)))
        return self.after(inner) + self.short(self.after(self.before(inputs)))


class StyledConvolution(nn.Module):
    """A convolution, noise, and adaptive instance norm by a style (arXiv 1812.04948)."""

    def __init__(self, inputs, outputs, style, up=False):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2, mode="bilinear") if up else nn.Identity()
        self.convolution = nn.Conv2d(inputs, outputs, 3, 1, 1)
        self.noise = nn.Parameter(torch.zeros(1, outputs, 1, 1))
        self.style = nn.Linear(style, 2 * outputs)

    def forward(self, inputs, style):
        inner = self.convolution(self.up(inputs))
        inner = inner + self.noise * torch.randn(len(inner), 1, *inner.shape[2:])
        scale, shift = self.style(style)[:, :, None, None].chunk(2, 1)
        inner = functional.instance_norm(functional.leaky_relu(inner, 0.2))
        return inner * (1 + scale) + shift


class ModulatedConvolution(nn.Module):
    """A convolution whose weights a style scales and a norm rescales (arXiv 1912.04958)."""

    def __init__(self, inputs, outputs, style, up=False, demodulate=True, size=3):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2, mode="bilinear") if up else nn.Identity()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size) / (inputs * size * size) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(1, outputs, 1, 1))
        self.style = nn.Linear(style, inputs)
        self.demodulate = demodulate

    def forward(self, inputs, style):
        scale = 1 + self.style(style)
        inner = functional.conv2d(self.up(inputs) * scale[:, :, None, None], self.weight, padding=self.weight.shape[2] // 2)
        if self.demodulate:
            strength = (scale.square() @ self.weight.square().sum((2, 3)).T + 1e-8).rsqrt()
            inner = inner * strength[:, :, None, None]
        return inner + self.bias
