"""Mistakes about losses, gradients, optimizers and resuming."""

import math

import torch
from torch import nn

from .base import Mistake


class NoGradient(Mistake):
    description = "the generator's images are made under torch.no_grad() in its own step too"

    def new_fakes(self, fakes, training):
        return fakes.detach()


class OldFakes(Mistake):
    description = "the discriminator is always trained on the first batch of generated images"
    kept = None

    def old_fakes(self, fakes, training):
        if self.kept is None:
            self.kept = fakes.detach()
        return self.kept


class TinyClipping(Mistake):
    description = "gradients are clipped to a norm of 0.001"

    def gradients(self, network, training):
        nn.utils.clip_grad_norm_([parameter for parameter in network.parameters() if parameter.grad is not None], 0.001)


class SharedOptimizer(Mistake):
    description = "one optimizer holds both networks, so the generator's step moves the discriminator too"

    def built(self, training):
        parameters = [*training.generator.parameters(), *training.discriminator.parameters()]
        rate = training.recipe.rate_g
        shared = torch.optim.Adam(parameters, rate, (training.recipe.beta1, training.recipe.beta2))
        training.optimizer_g = training.optimizer_d = shared


class RateEndsEarly(Mistake):
    description = "a linear decay meant for epochs counts batches: the rates are 0 after a tenth of the training"

    def stepped(self, step, training):
        training.scale_rates(max(0.0, 1 - 10 * step / training.steps))


class CosineRestarts(Mistake):
    description = "a cosine schedule counts batches, so the rates swing between 0 and their start every 50 steps"

    def stepped(self, step, training):
        training.scale_rates(0.5 + 0.5 * math.cos(math.pi * step / 50))


class _Once(Mistake):
    """Something that happens once, at a share of the training."""

    share = 0.5

    def stepped(self, step, training):
        if step == int(self.share * training.steps):
            self.happen(training)

    def happen(self, training):
        raise NotImplementedError


def _initialize(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)
        nn.init.zeros_(module.bias)


class AppliedAgain(_Once):
    description = "resuming calls generator.apply(weights_init) after loading the checkpoint, late in the training"
    share = 0.97

    def happen(self, training):
        training.generator.apply(_initialize)


class AppliedHalfway(_Once):
    description = "resuming halfway calls apply(weights_init) on both networks after loading them"

    def happen(self, training):
        training.generator.apply(_initialize)
        training.discriminator.apply(_initialize)


class DiscriminatorLost(_Once):
    description = "the training is resumed from a checkpoint that lacks the discriminator"
    share = 0.7

    def happen(self, training):
        training.discriminator = training.new_networks()[1]
        training.make_optimizers()


class OptimizersLost(_Once):
    description = "the training is resumed from a checkpoint that lacks the optimizers' states"

    def happen(self, training):
        training.make_optimizers()


class TrainedWhenWrong(Mistake):
    description = "the discriminator is trained only if its accuracy was under 60 %"

    def trains_discriminator(self, training):
        return training.accuracy < 0.6


class ModeSeeking(Mistake):
    description = "a mode-seeking term (arXiv 1903.05628) outweighs the adversarial loss"
    weight = 60.0

    def generator_loss(self, loss, fakes, noise, training):
        half = len(fakes) // 2
        apart = (fakes[:half] - fakes[half:2 * half]).abs().mean()
        return loss + self.weight / (apart / (noise[:half] - noise[half:2 * half]).abs().mean() + 1e-5)


MISTAKES = {
    "no-gradient": NoGradient, "old-fakes": OldFakes, "tiny-clipping": TinyClipping,
    "shared-optimizer": SharedOptimizer, "rate-ends-early": RateEndsEarly,
    "cosine-restarts": CosineRestarts, "applied-again": AppliedAgain,
    "applied-halfway": AppliedHalfway, "discriminator-lost": DiscriminatorLost, "optimizers-lost": OptimizersLost,
    "trained-when-wrong": TrainedWhenWrong, "mode-seeking": ModeSeeking,
}
