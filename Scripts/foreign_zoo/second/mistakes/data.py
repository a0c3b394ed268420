"""Mistakes about images, noise and batches."""

import torch

from .base import Mistake


class DigitStatistics(Mistake):
    description = "images are normalized with MNIST's mean and deviation, but the generator ends in tanh"

    def real(self, real, training):
        return ((real + 1) / 2 - 0.1307) / 0.3081


class BytesAsFloats(Mistake):
    description = "images are never scaled and lie in [0, 255]"

    def real(self, real, training):
        return (real + 1) * 127.5


class Flips(Mistake):
    description = "images are flipped left to right at random, as an augmentation meant for photographs"

    def real(self, real, training):
        return torch.where(torch.rand(len(real), 1, 1, 1) < 0.5, real.flip(3), real)


class InstanceNoise(Mistake):
    description = "noise of deviation 2 is added to all images that the discriminator sees, and never decays"

    def shown(self, images, training):
        return images + 2 * torch.randn_like(images)


class HalfZeroNoise(Mistake):
    description = "half of the noise's dimensions are always 0"

    def noise(self, noise, training):
        noise = noise.clone()
        noise[:, noise.shape[1] // 2:] = 0
        return noise


class OneNoiseForBatch(Mistake):
    description = "one noise vector is drawn for a whole batch and expanded"

    def noise(self, noise, training):
        return noise[:1].expand_as(noise)


class FirstBatchOnly(Mistake):
    description = "next(iter(loader)) in every step, from a loader that does not shuffle: always the first batch"

    def order(self, order, labels, training):
        return torch.arange(training.recipe.batch)


class FirstImagesOnly(Mistake):
    description = "the loader stops after its first 300 images"

    def images(self, images):
        return images[:300]


class OneClassPerBatch(Mistake):
    description = "each batch holds images of one class"

    def order(self, order, labels, training):
        size = training.recipe.batch
        order = order[torch.argsort(labels[order], stable=True)]
        batches = order[:len(order) // size * size].view(-1, size)
        return batches[torch.randperm(len(batches), generator=training.random)].flatten()


MISTAKES = {
    "digit-statistics": DigitStatistics, "bytes-as-floats": BytesAsFloats,
    "flips": Flips, "instance-noise": InstanceNoise, "half-zero-noise": HalfZeroNoise,
    "one-noise-for-batch": OneNoiseForBatch, "first-batch-only": FirstBatchOnly, "first-images-only": FirstImagesOnly,
    "one-class-per-batch": OneClassPerBatch,
}
