"""Objectives and penalties that the first collection lacks. Those of the first are used too."""

import torch
from torch.nn import functional

from .. import objectives as first
from ..objectives import Objective


class Softplus(Objective):
    """The non-saturating loss as StyleGAN writes it."""

    def discriminator(self, on_real, on_fake):
        return functional.softplus(-on_real).mean(), functional.softplus(on_fake).mean()

    def generator(self, on_fake, on_real):
        return functional.softplus(-on_fake).mean()


class CenteredLeastSquares(Objective):
    """LSGAN with the labels -1, 1 and 0 (arXiv 1611.04076, equation 8)."""

    def discriminator(self, on_real, on_fake):
        return ((on_real - 1) ** 2).mean(), ((on_fake + 1) ** 2).mean()

    def generator(self, on_fake, on_real):
        return (on_fake ** 2).mean()


class AverageRelativistic(Objective):
    """The relativistic average loss (arXiv 1807.00734), by least squares or by cross-entropy."""

    needs_real = True

    def __init__(self, least_squares):
        self.least_squares = least_squares

    def _loss(self, output, real):
        if self.least_squares:
            return ((output - (1 if real else -1)) ** 2).mean()
        return functional.softplus(-output if real else output).mean()

    def discriminator(self, on_real, on_fake):
        return self._loss(on_real - on_fake.mean(), True) / 2, self._loss(on_fake - on_real.mean(), False) / 2

    def generator(self, on_fake, on_real):
        return (self._loss(on_fake - on_real.mean(), True) + self._loss(on_real - on_fake.mean(), False)) / 2


class Margin(Objective):
    """EBGAN (arXiv 1609.03126): scores are energies, and generated images are pushed up to a margin."""

    def __init__(self, margin=0.4):
        self.margin = margin

    def discriminator(self, on_real, on_fake):
        return on_real.mean(), functional.relu(self.margin - on_fake).mean()

    def generator(self, on_fake, on_real):
        return on_fake.mean()


class HalfLabels(first.CrossEntropy):
    """Labels that are smoothed on both sides until both are 0.5."""

    def discriminator(self, on_real, on_fake):
        return self._loss(on_real, 0.5), self._loss(on_fake, 0.5)


class WrongHinge(first.Hinge):
    """The generator's loss lacks its minus."""

    def generator(self, on_fake, on_real):
        return on_fake.mean()


class MarginForBoth(first.Hinge):
    """The generator's loss has the discriminator's margin, so it stops where D is sure enough."""

    def generator(self, on_fake, on_real):
        return functional.relu(1 - on_fake).mean()


class Broadcast(Objective):
    """Least squares of outputs `[2 * batch, 1]` and targets `[2 * batch]`, which broadcast to all pairs."""

    def discriminator(self, on_real, on_fake):
        outputs = torch.cat([on_real, on_fake])[:, None]
        targets = torch.cat([torch.ones_like(on_real), torch.zeros_like(on_fake)])
        return ((outputs - targets) ** 2).mean(), None

    def generator(self, on_fake, on_real):
        return ((on_fake - 1) ** 2).mean()


class Softmax(first.ProbabilityCrossEntropy):
    """A softmax over one output, which is always 1."""

    def _loss(self, output, target):
        probability = torch.softmax(output[:, None], 1)[:, 0]
        return functional.binary_cross_entropy(probability, torch.full_like(output, target))

    def answer(self, output):
        return 1.0


OBJECTIVES = {
    **first.OBJECTIVES, "softplus": Softplus, "lsgan-centered": CenteredLeastSquares,
    "average-lsgan": lambda: AverageRelativistic(True), "average-bce": lambda: AverageRelativistic(False),
    "energy": Margin, "half-labels": HalfLabels, "hinge-wrong-sign": WrongHinge, "hinge-margin": MarginForBoth,
    "broadcast": Broadcast, "softmax": Softmax, "wasserstein": first.Wasserstein,
}

NAMES = {
    **first.NAMES, "softplus": "softplus, non-saturating", "lsgan-centered": "least squares with labels -1 and 1",
    "average-lsgan": "relativistic average, least squares", "average-bce": "relativistic average, binary cross-entropy",
    "energy": "energy with a margin", "half-labels": "binary cross-entropy, non-saturating", "hinge-wrong-sign": "hinge",
    "hinge-margin": "hinge", "broadcast": "least squares", "softmax": "binary cross-entropy, non-saturating",
    "wasserstein": "Wasserstein",
}


def _gradient(discriminator, images, classes, keep_graph=True):
    images = images.detach().requires_grad_()
    gradient, = torch.autograd.grad(discriminator(images, classes).sum(), images, create_graph=keep_graph)
    return gradient.flatten(1)


def _between(real, fake):
    share = torch.rand(len(real), 1, 1, 1)
    return share * real + (1 - share) * fake


def two_sided(discriminator, real, fake, classes):
    """(‖∇D‖ - 1)² on interpolates (arXiv 1704.00028)."""
    return ((_gradient(discriminator, _between(real, fake), classes).norm(dim=1) - 1) ** 2).mean()


def one_sided(discriminator, real, fake, classes):
    """max(0, ‖∇D‖ - 1)² on interpolates (arXiv 1709.08894)."""
    return functional.relu(_gradient(discriminator, _between(real, fake), classes).norm(dim=1) - 1).square().mean()


def without_graph(discriminator, real, fake, classes):
    """The two-sided penalty without `create_graph`, so that it is logged, but trains nothing."""
    return ((_gradient(discriminator, _between(real, fake), classes, False).norm(dim=1) - 1) ** 2).mean()


def on_real(discriminator, real, fake, classes):
    """R1: half of ‖∇D‖² on real images (arXiv 1801.04406)."""
    return _gradient(discriminator, real, classes).square().sum(1).mean() / 2


def around_real(discriminator, real, fake, classes):
    """DRAGAN: (‖∇D‖ - 1)² around real images (arXiv 1705.07215)."""
    moved = real + 0.5 * real.std() * torch.rand_like(real)
    return ((_gradient(discriminator, moved, classes).norm(dim=1) - 1) ** 2).mean()


PENALTIES = {"gradient": two_sided, "one-sided": one_sided, "without-graph": without_graph, "r1": on_real,
             "dragan": around_real}
