"""A number like the Fréchet inception distance, for logs that print one."""

import torch
from torch.nn import functional

from ..truth import frechet


class Score:
    """The Fréchet distance from training images in random convolutional features, scaled to look like the usual numbers."""

    def __init__(self, images, count=500):
        random = torch.Generator().manual_seed(5)
        self.weights = [torch.randn(shape, generator=random) / fan ** 0.5
                        for shape, fan in (((16, 1, 5, 5), 25), ((32, 16, 3, 3), 144))]
        self.real = self._features(images[:count].scaled())

    def _features(self, images):
        for weight in self.weights:
            images = functional.avg_pool2d(functional.relu(functional.conv2d(images, weight)), 2)
        return functional.adaptive_avg_pool2d(images, 2).flatten(1)[:, :64]

    @torch.no_grad()
    def measure(self, images):
        """The distance of generated images `[count, side, side]` from real ones; infinite if one is not finite."""
        if not images.isfinite().all():
            return float("inf")
        return 400 * frechet(self.real, self._features(images[:, None]))
