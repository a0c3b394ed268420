"""Mistakes about networks."""

import torch
from torch import nn

from .base import Mistake


def _replace(network, kind, make):
    for name, module in network.named_children():
        if isinstance(module, kind):
            setattr(network, name, make(module))
        else:
            _replace(module, kind, make)


class NoTanh(Mistake):
    description = "the generator has no tanh at its end; images are clipped when saved"

    def built(self, training):
        _replace(training.generator, nn.Tanh, lambda module: nn.Identity())


class SigmoidEnd(Mistake):
    description = "the generator ends in a sigmoid, but images lie in [-1, 1]"

    def built(self, training):
        _replace(training.generator, nn.Tanh, lambda module: nn.Sigmoid())


class DetachedMiddle(Mistake):
    description = "a stray .detach() in the middle of the generator, so its first half never learns"

    def built(self, training):
        layers = list(training.generator.body)
        layers[len(layers) // 2].register_forward_hook(lambda module, inputs, output: output.detach())


class LinearDiscriminator(Mistake):
    description = "LeakyReLU(1.0): the discriminator is a linear function"

    def built(self, training):
        _replace(training.discriminator, nn.LeakyReLU, lambda module: nn.LeakyReLU(1.0))


class DeadUnits(Mistake):
    description = "all biases start at -4, so most of the generator's units are dead"

    def built(self, training):
        for module in training.generator.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.BatchNorm2d)) and module.bias is not None:
                nn.init.constant_(module.bias, -4)


class FrozenStatistics(Mistake):
    description = "batch norm's momentum is 0, so evaluation normalizes with the initial statistics"

    def built(self, training):
        for module in training.generator.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = 0.0


class EvaluatedDiscriminator(Mistake):
    description = "discriminator.eval() is called once and never undone"

    def built(self, training):
        training.discriminator.eval()


class FrozenEmbedding(Mistake):
    description = "the embedding of classes is all zeros and not trained"

    def built(self, training):
        nn.init.zeros_(training.generator.embedding.weight)
        training.generator.embedding.weight.requires_grad_(False)


class HalfParameters(Mistake):
    description = "weights are kept in bfloat16, so small updates are lost"

    @torch.no_grad()
    def stepped(self, step, training):
        for network in (training.generator, training.discriminator):
            for parameter in network.parameters():
                parameter.copy_(parameter.bfloat16())


MISTAKES = {
    "no-tanh": NoTanh, "sigmoid-end": SigmoidEnd, "detached-middle": DetachedMiddle,
    "linear-discriminator": LinearDiscriminator, "dead-units": DeadUnits, "frozen-statistics": FrozenStatistics,
    "evaluated-discriminator": EvaluatedDiscriminator, "frozen-embedding": FrozenEmbedding,
    "half-parameters": HalfParameters,
}
