"""Mistakes that only the samples show: the training and its log are sound."""

import copy

import torch

from .base import Mistake


class _Average(Mistake):
    """An average of the generator's weights, from which samples are drawn."""

    def built(self, training):
        self.average = copy.deepcopy(training.generator)

    def sampler(self, generator, training):
        return self.average.eval()


class AverageTooSlow(_Average):
    description = "samples come from an average of weights with a decay of 0.99999, without a warm-up"

    @torch.no_grad()
    def stepped(self, step, training):
        for average, parameter in zip(self.average.parameters(), training.generator.parameters()):
            average.lerp_(parameter, 1e-5)


class AverageNeverUpdated(_Average):
    description = "samples come from an average of weights that is never updated"


class AverageWithoutStatistics(_Average):
    description = "samples come from an average of weights whose batch norm keeps its initial statistics"

    @torch.no_grad()
    def stepped(self, step, training):
        for average, parameter in zip(self.average.parameters(), training.generator.parameters()):
            average.lerp_(parameter, 0.01)


class CheckpointNotLoaded(Mistake):
    description = "load_state_dict(strict=False) of names with the prefix module. loads nothing, so samples are of a new network"

    def sampler(self, generator, training):
        return training.new_networks()[0].eval()


class FirstCheckpoint(Mistake):
    description = "samples come from the first checkpoint, of a twentieth of the training"
    kept = None

    def stepped(self, step, training):
        if step == training.steps // 20:
            self.kept = copy.deepcopy(training.generator)

    def sampler(self, generator, training):
        return generator if self.kept is None else self.kept.eval()


class TrainingMode(Mistake):
    description = "samples are drawn in training mode, with dropout and batch statistics"

    def sampler(self, generator, training):
        return generator.train()


class UniformNoise(Mistake):
    description = "training draws noise from [-1, 1), sampling from a normal distribution of twice the deviation"

    def noise(self, noise, training):
        if training.is_sampling:
            return 2 * noise
        return torch.rand_like(noise) * 2 - 1


MISTAKES = {
    "average-too-slow": AverageTooSlow, "average-never-updated": AverageNeverUpdated,
    "average-without-statistics": AverageWithoutStatistics, "checkpoint-not-loaded": CheckpointNotLoaded,
    "first-checkpoint": FirstCheckpoint, "training-mode": TrainingMode,
    "other-noise-sampled": UniformNoise,
}
