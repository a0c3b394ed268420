"""The losses of both players, each written as its users write it."""

import torch
from torch.nn import functional


class Objective:
    """Losses from outputs `[batch]`; `answer` is the number that a log shows as D(x)."""

    clip = None
    penalty = 0.0

    def discriminator(self, on_real, on_fake):
        """The losses on real and on generated images; the second is `None` where the loss does not split."""
        raise NotImplementedError

    def generator(self, on_fake, on_real):
        raise NotImplementedError

    def answer(self, output):
        return output.mean().item()


class CrossEntropy(Objective):
    """Binary cross-entropy from logits; the non-saturating loss for the generator (Goodfellow 2014)."""

    def __init__(self, real_target=1.0):
        self.real_target = real_target

    def _loss(self, output, target):
        return functional.binary_cross_entropy_with_logits(output, torch.full_like(output, target))

    def discriminator(self, on_real, on_fake):
        return self._loss(on_real, self.real_target), self._loss(on_fake, 0.0)

    def generator(self, on_fake, on_real):
        return self._loss(on_fake, 1.0)

    def answer(self, output):
        return torch.sigmoid(output).mean().item()


class ProbabilityCrossEntropy(CrossEntropy):
    """Binary cross-entropy from probabilities, as with `nn.Sigmoid` and `nn.BCELoss`, whose logarithms stop at -100."""

    def _loss(self, output, target):
        return functional.binary_cross_entropy(torch.sigmoid(output), torch.full_like(output, target))


class RawLogarithm(CrossEntropy):
    """The same with `torch.log` of a probability, which becomes infinite at 0."""

    def discriminator(self, on_real, on_fake):
        return -torch.log(torch.sigmoid(on_real)).mean(), -torch.log(1 - torch.sigmoid(on_fake)).mean()

    def generator(self, on_fake, on_real):
        return -torch.log(torch.sigmoid(on_fake)).mean()


class Minimax(CrossEntropy):
    """The generator minimizes log(1 - D(G(z))), which saturates."""

    def generator(self, on_fake, on_real):
        return -functional.softplus(on_fake).mean()


class DoubleSigmoid(CrossEntropy):
    """A sigmoid at the network's end, and a loss that applies another one."""

    def _loss(self, output, target):
        return super()._loss(torch.sigmoid(output), target)


class LeastSquares(Objective):
    """LSGAN (arXiv 1611.04076), with the factor 1/2."""

    def discriminator(self, on_real, on_fake):
        return 0.5 * ((on_real - 1) ** 2).mean(), 0.5 * (on_fake ** 2).mean()

    def generator(self, on_fake, on_real):
        return 0.5 * ((on_fake - 1) ** 2).mean()


class Hinge(Objective):
    """The hinge loss (arXiv 1705.02894)."""

    def discriminator(self, on_real, on_fake):
        return functional.relu(1 - on_real).mean(), functional.relu(1 + on_fake).mean()

    def generator(self, on_fake, on_real):
        return -on_fake.mean()


class Wasserstein(Objective):
    """The Wasserstein loss (arXiv 1701.07875); `clip` bounds the weights, `penalty` weighs the gradient's (1704.00028)."""

    def __init__(self, clip=None, penalty=0.0, sigmoid=False, generator_sign=-1):
        self.clip = clip
        self.penalty = penalty
        self.sigmoid = sigmoid
        self.generator_sign = generator_sign

    def _end(self, output):
        return torch.sigmoid(output) if self.sigmoid else output

    def discriminator(self, on_real, on_fake):
        return -self._end(on_real).mean(), self._end(on_fake).mean()

    def generator(self, on_fake, on_real):
        return self.generator_sign * self._end(on_fake).mean()


class Relativistic(Objective):
    """The relativistic pairing loss (arXiv 1807.00734)."""

    def discriminator(self, on_real, on_fake):
        return functional.softplus(on_fake - on_real).mean(), None

    def generator(self, on_fake, on_real):
        return functional.softplus(on_real - on_fake).mean()


class BoundaryEquilibrium(Objective):
    """BEGAN (arXiv 1703.10717): outputs are errors of an autoencoder, and `balance` is its k."""

    def __init__(self, ratio=0.75, rate=0.001):
        self.ratio = ratio
        self.rate = rate
        self.balance = 0.0

    def discriminator(self, on_real, on_fake):
        return on_real.mean(), -self.balance * on_fake.mean()

    def generator(self, on_fake, on_real):
        return on_fake.mean()

    def update(self, on_real, on_fake):
        """Moves `balance` and returns the measure of convergence."""
        error = self.ratio * on_real - on_fake
        self.balance = min(1.0, max(0.0, self.balance + self.rate * error))
        return on_real + abs(error)


OBJECTIVES = {
    "bce": ProbabilityCrossEntropy, "bce-logits": CrossEntropy,
    "bce-smooth": lambda: CrossEntropy(real_target=0.9), "minimax": Minimax, "raw-log": RawLogarithm,
    "double-sigmoid": DoubleSigmoid, "lsgan": LeastSquares, "hinge": Hinge, "wgan": lambda: Wasserstein(clip=0.01),
    "wgan-unclipped": Wasserstein, "wgan-gp": lambda: Wasserstein(penalty=10.0),
    "wgan-gp-sigmoid": lambda: Wasserstein(penalty=10.0, sigmoid=True),
    "wgan-gp-wrong-sign": lambda: Wasserstein(penalty=10.0, generator_sign=1), "relativistic": Relativistic,
    "began": BoundaryEquilibrium,
}

NAMES = {
    "bce": "binary cross-entropy, non-saturating", "bce-logits": "binary cross-entropy, non-saturating",
    "bce-smooth": "binary cross-entropy with real labels 0.9, non-saturating", "minimax": "minimax (saturating)",
    "raw-log": "binary cross-entropy, non-saturating", "double-sigmoid": "binary cross-entropy, non-saturating",
    "lsgan": "least squares", "hinge": "hinge", "wgan": "Wasserstein, weight clipping",
    "wgan-unclipped": "Wasserstein, not clipped", "wgan-gp": "Wasserstein, gradient penalty",
    "wgan-gp-sigmoid": "Wasserstein, gradient penalty", "wgan-gp-wrong-sign": "Wasserstein, gradient penalty",
    "relativistic": "relativistic pairing", "began": "BEGAN",
}


def gradient_penalty(discriminator, real, fake, classes):
    """The mean of (‖∇D(x̂)‖ - 1)² on random interpolates x̂."""
    share = torch.rand(len(real), 1, 1, 1)
    between = (share * real + (1 - share) * fake.detach()).requires_grad_()
    gradient, = torch.autograd.grad(discriminator(between, classes).sum(), between, create_graph=True)
    return ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()
