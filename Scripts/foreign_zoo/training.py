"""One training, with the bugs that its recipe asks for."""

import dataclasses
import math

import torch

from . import networks, objectives
from .data import selection

# What each bug does. All but those of the sampling, the log, the data and the objective act in `Training`.
BUGS = {
    "swapped-labels": "the discriminator's labels are swapped, the generator's are not",
    "no-zero-grad-d": "the discriminator's gradients are never set to zero",
    "no-zero-grad-g": "the generator's gradients are never set to zero",
    "images-in-01": "training images lie in [0, 1], but the generator ends in tanh",
    "normalized-twice": "images are divided by 255 twice",
    "no-detach": "generated images are not detached, so the discriminator's loss trains the generator too",
    "generator-eval": "the generator stays in evaluation mode, so batch norm never normalizes",
    "shared-batch-norm": "real and generated images pass the discriminator's batch norm as one batch",
    "generator-step-forgotten": "optimizer_g.step() is missing",
    "generator-optimizer-on-discriminator": "the generator's optimizer was given the discriminator's parameters",
    "discriminator-optimizer-on-generator": "the discriminator's optimizer was given the generator's parameters",
    "same-noise": "one batch of noise is drawn once and used in every step",
    "uniform-noise": "training draws noise from [0, 1), sampling draws it from a normal distribution",
    "shuffled-labels": "classes are shuffled against their images, so the network ignores them",
    "unshuffled-data": "images come sorted by class, and are not shuffled",
    "rate-decays-per-batch": "a schedule meant for epochs (x 0.97) runs in every step",
    "rate-grows": "a schedule multiplies the rates by 1.01 in every step of the last third",
    "weight-decay": "the generator's optimizer has a weight decay of 0.3",
    "wide-initialization": "weights are drawn from N(0, 1) instead of N(0, 0.02²)",
    "plain-descent": "plain gradient descent at Adam's learning rate",
    "swapped-losses-logged": "the log's two losses are swapped",
    "generator-loss-logged-twice": "the log's discriminator loss is the generator's",
    "samples-one-by-one": "samples are made one by one in training mode, so batch norm normalizes each alone",
    "sampler-reseeded": "the sampler resets the random seed before every 50 samples",
    "one-class-sampled": "sampling always asks for class 0",
    "noise-truncated": "sampling shrinks the noise to a tenth",
}


@dataclasses.dataclass
class Outcome:
    """What a training leaves: a row of numbers a step, and samples as uint8 `[count, 28, 28]`."""

    rows: list
    samples: torch.Tensor
    nonfinite_samples: float
    batches: int


class Training:
    """Trains the networks of a recipe; everything follows from the recipe and the seed."""

    def __init__(self, recipe, seed, data, steps_scale=1.0):
        self.recipe = recipe
        self.seed = seed
        self.steps = max(2, round(recipe.steps * steps_scale))
        torch.manual_seed(seed)
        self.images = self._prepare(data)
        self.generator, self.discriminator = networks.build(
            recipe.architecture, recipe.width, recipe.latent, recipe.discriminator_width)
        self.conditional = self.generator.embedding is not None
        deviation = 1.0 if self._has("wide-initialization") else recipe.initialization
        if deviation:
            networks.initialize(self.generator, deviation)
            networks.initialize(self.discriminator, deviation)
        self.objective = objectives.OBJECTIVES[recipe.objective]()
        self.optimizer_g, self.optimizer_d = self._optimizers()
        self.noise = torch.randn(recipe.batch, recipe.latent)
        self.average = [parameter.detach().clone() for parameter in self.generator.parameters()]
        self.order = torch.Generator().manual_seed(seed + 1)
        self.position = len(self.images)
        if self._has("generator-eval"):
            self.generator.eval()

    def _has(self, bug):
        return bug in self.recipe.bugs

    def _prepare(self, data):
        recipe = self.recipe
        images = selection(data.training, recipe.left_out, recipe.thinned, recipe.images, seed=self.seed)
        if self._has("unshuffled-data"):
            images = images[torch.argsort(images.labels, stable=True)]
        self.labels = images.labels
        if self._has("shuffled-labels"):
            self.labels = self.labels[torch.randperm(len(images))]
        return images

    def _optimizers(self):
        recipe, betas = self.recipe, (self.recipe.beta1, self.recipe.beta2)
        of_g, of_d = self.generator, self.discriminator
        if self._has("generator-optimizer-on-discriminator"):
            of_g = self.discriminator
        if self._has("discriminator-optimizer-on-generator"):
            of_d = self.generator
        if self._has("plain-descent"):
            return (torch.optim.SGD(of_g.parameters(), recipe.rate_g), torch.optim.SGD(of_d.parameters(), recipe.rate_d))
        if recipe.optimizer == "rmsprop":
            return (torch.optim.RMSprop(of_g.parameters(), recipe.rate_g),
                    torch.optim.RMSprop(of_d.parameters(), recipe.rate_d))
        decay = 0.3 if self._has("weight-decay") else 0
        kind = torch.optim.AdamW if decay else torch.optim.Adam
        return (kind(of_g.parameters(), recipe.rate_g, betas, weight_decay=decay, fused=True),
                torch.optim.Adam(of_d.parameters(), recipe.rate_d, betas, fused=True))

    @property
    def batches(self):
        """How many batches an epoch has."""
        return max(1, len(self.images) // self.recipe.batch)

    def _batch(self):
        size = self.recipe.batch
        if self.position + size > len(self.images):
            count = len(self.images)
            shuffled = not self._has("unshuffled-data")
            self.permutation = torch.randperm(count, generator=self.order) if shuffled else torch.arange(count)
            self.position = 0
        chosen = self.permutation[self.position:self.position + size]
        self.position += size
        inputs = self.images[chosen].scaled()
        if self._has("images-in-01"):
            inputs = (inputs + 1) / 2
        if self._has("normalized-twice"):
            inputs = (inputs + 1) / 255 - 1
        return inputs, self.labels[chosen]

    def _draw(self):
        if self._has("same-noise"):
            return self.noise
        draw = torch.rand if self._has("uniform-noise") else torch.randn
        return draw(self.recipe.batch, self.recipe.latent)

    def _classes(self, labels):
        return labels if self.conditional else None

    def _discriminator_step(self, row):
        real, labels = self._batch()
        classes = self._classes(labels)
        made = self.generator(self._draw(), classes)
        fake = made if self._has("no-detach") else made.detach()
        if self._has("shared-batch-norm"):
            on_real, on_fake = self.discriminator(torch.cat([real, fake])).split(len(real))
        else:
            on_real, on_fake = self.discriminator(real, classes), self.discriminator(fake, classes)
        pair = (on_fake, on_real) if self._has("swapped-labels") else (on_real, on_fake)
        loss_real, loss_fake = self.objective.discriminator(*pair)
        loss = loss_real if loss_fake is None else loss_real + loss_fake
        if self.recipe.halved:
            loss = loss / 2
        total = loss
        if self.objective.penalty:
            penalty = objectives.gradient_penalty(self.discriminator, real, fake, classes)
            total = loss + self.objective.penalty * penalty
            row["penalty"] = penalty.item()
        if self._has("no-detach"):
            self.optimizer_g.zero_grad()
        if not self._has("no-zero-grad-d"):
            self.optimizer_d.zero_grad()
        total.backward()
        self.optimizer_d.step()
        if self.objective.clip:
            with torch.no_grad():
                for parameter in self.discriminator.parameters():
                    parameter.clamp_(-self.objective.clip, self.objective.clip)
        row["loss_d"] = total.item()
        if loss_fake is not None:
            row["loss_d_real"], row["loss_d_fake"] = loss_real.item(), loss_fake.item()
        row["d_x"], row["d_gz1"] = self.objective.answer(on_real), self.objective.answer(on_fake)
        line = 0.5 if self.recipe.objective == "lsgan" else 0.0
        row["accuracy_real"] = (on_real > line).float().mean().item()
        row["accuracy_fake"] = (on_fake <= line).float().mean().item()
        if isinstance(self.objective, objectives.BoundaryEquilibrium):
            row["measure"] = self.objective.update(on_real.mean().item(), on_fake.mean().item())
            row["balance"] = self.objective.balance
        return made, real, classes

    def _generator_step(self, row, fake, real, classes):
        on_fake = self.discriminator(fake, classes)
        on_real = self.discriminator(real, classes).detach() if self.recipe.objective == "relativistic" else None
        loss = self.objective.generator(on_fake, on_real)
        if not self._has("no-zero-grad-g") and not self._has("no-detach"):
            self.optimizer_g.zero_grad()
        loss.backward()
        if not self._has("generator-step-forgotten"):
            self.optimizer_g.step()
        row["loss_g"], row["d_gz2"] = loss.item(), self.objective.answer(on_fake)

    def _schedule(self, step):
        factor = 1.0
        if self._has("rate-decays-per-batch"):
            factor = 0.97
        if self._has("rate-grows") and step > self.steps * 2 / 3:
            factor = 1.01
        if factor != 1:
            for group in self.optimizer_g.param_groups + self.optimizer_d.param_groups:
                group["lr"] *= factor

    def _follow(self, step):
        # The average forgets the first steps faster, as otherwise the initial weights would stay in it.
        keep = min(0.995, (1 + step) / (10 + step))
        with torch.no_grad():
            for average, parameter in zip(self.average, self.generator.parameters()):
                average.lerp_(parameter, 1 - keep)

    def run(self):
        """Trains, then samples."""
        rows = []
        for step in range(self.steps):
            row = {"step": step, "epoch": step // self.batches, "batch": step % self.batches}
            for _ in range(self.recipe.steps_d):
                fake, real, classes = self._discriminator_step(row)
            for again in range(self.recipe.steps_g):
                # The first generator step uses the images that the discriminator saw, as PyTorch's DCGAN example does. Where
                # they were not detached, their graph is gone.
                if again or self._has("no-detach"):
                    fake = self.generator(self._draw(), classes)
                self._generator_step(row, fake, real, classes)
            self._schedule(step)
            if self.recipe.averaged:
                self._follow(step)
            if self._has("generator-loss-logged-twice"):
                row["loss_d"] = row["loss_g"]
            if self._has("swapped-losses-logged"):
                row["loss_d"], row["loss_g"] = row["loss_g"], row["loss_d"]
            rows.append(row)
        samples, nonfinite = self.sample(self.recipe.samples)
        return Outcome(rows, samples, nonfinite, self.batches)

    @torch.no_grad()
    def sample(self, count):
        """Samples as uint8 `[count, 28, 28]` in random order of classes, and the share of them that is not finite."""
        if self.recipe.averaged:
            for average, parameter in zip(self.average, self.generator.parameters()):
                parameter.copy_(average)
        alone = self._has("samples-one-by-one")
        if not alone:
            self.generator.eval()
        size = 1 if alone else 50
        parts = []
        torch.manual_seed(self.seed + 2)
        for _ in range(math.ceil(count / size)):
            if self._has("sampler-reseeded"):
                torch.manual_seed(self.seed + 2)
            noise = torch.randn(size, self.recipe.latent) * (0.1 if self._has("noise-truncated") else 1)
            classes = self.labels[torch.randint(len(self.labels), (size,))] if self.conditional else None
            if self._has("one-class-sampled"):
                classes = torch.zeros_like(classes)
            parts.append(self.generator(noise, classes)[:, 0])
        images = torch.cat(parts)[:count]
        finite = images.isfinite()
        nonfinite = 1 - finite.flatten(1).all(1).float().mean().item()
        # As `numpy.nan_to_num(...).astype(numpy.uint8)` does, which most programs that save images amount to.
        scaled = (images.nan_to_num(nan=-1.0, posinf=1.0, neginf=-1.0).clamp(-1, 1) + 1) * 127.5
        return scaled.round().to(torch.uint8), nonfinite
