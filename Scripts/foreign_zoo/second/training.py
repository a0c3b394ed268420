"""One training of the second collection, with the mistakes that its recipe asks for."""

import copy
import math

import torch
from torch.nn import functional

from .. import data as sets
from ..data import selection
from ..training import Outcome
from . import architectures, mistakes, objectives
from .score import Score


class Training:
    """Trains the networks of a recipe; everything follows from the recipe and the seed."""

    def __init__(self, recipe, seed, data, steps_scale=1.0):
        self.recipe = recipe
        self.seed = seed
        self.steps = max(2, round(recipe.steps * steps_scale))
        self.base = sets.side(data.name) // 4
        self.is_sampling = False
        self.accuracy = 0.0
        torch.manual_seed(seed)
        self.random = torch.Generator().manual_seed(seed + 1)
        self.mistakes = [mistakes.MISTAKES[name]() for name in recipe.bugs]
        images = selection(data.training, recipe.left_out, recipe.thinned, recipe.images, seed=seed)
        for mistake in self.mistakes:
            images = mistake.images(images)
        self.images = images
        self.objective = objectives.OBJECTIVES[recipe.objective]()
        self.penalty = objectives.PENALTIES[recipe.penalty] if recipe.penalty else None
        self.generator, self.discriminator = self.new_networks()
        self.classes = architectures.ARCHITECTURES[recipe.architecture].classes
        self.make_optimizers()
        self._tell("built", self)
        self.average = copy.deepcopy(self.generator) if recipe.averaged else None
        self.order = torch.zeros(0, dtype=torch.int64)
        self.score = Score(images) if recipe.scored else None

    def _pass(self, place, value, *context):
        """A value, as all mistakes leave it."""
        for mistake in self.mistakes:
            value = getattr(mistake, place)(value, *context)
        return value

    def _tell(self, place, *context):
        for mistake in self.mistakes:
            getattr(mistake, place)(*context)

    def new_networks(self):
        recipe = self.recipe
        return architectures.build(recipe.architecture, recipe.width, recipe.latent, self.base, recipe.discriminator_width,
                                   recipe.generator_options, recipe.discriminator_options)

    def make_optimizers(self):
        recipe = self.recipe

        def optimizer(network, rate):
            if recipe.optimizer == "rmsprop":
                return torch.optim.RMSprop(network.parameters(), rate)
            if recipe.optimizer == "sgd":
                return torch.optim.SGD(network.parameters(), rate, momentum=0.9)
            return torch.optim.Adam(network.parameters(), rate, (recipe.beta1, recipe.beta2), eps=recipe.epsilon,
                                    fused=True)

        self.optimizer_g = optimizer(self.generator, recipe.rate_g)
        self.optimizer_d = optimizer(self.discriminator, recipe.rate_d)

    def scale_rates(self, factor):
        """Sets the rates to the recipe's times a factor."""
        for optimizer, rate in ((self.optimizer_g, self.recipe.rate_g), (self.optimizer_d, self.recipe.rate_d)):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor

    @property
    def batches(self):
        """How many batches an epoch has."""
        return max(1, len(self.images) // self.recipe.batch)

    def _batch(self):
        size = self.recipe.batch
        if len(self.order) < size:
            order = torch.randperm(len(self.images), generator=self.random)
            self.order = self._pass("order", order, self.images.labels, self)
        chosen, self.order = self.order[:size], self.order[size:]
        batch = self.images[chosen]
        return self._pass("real", batch.scaled(), self), batch.labels

    def _noise(self, count):
        return self._pass("noise", torch.randn(count, self.recipe.latent), self)

    def _asked(self, labels):
        """The classes that the generator is asked for beside real images of these."""
        if self.classes == "none":
            return None
        return labels if self.classes == "labels" else torch.randint(architectures.CLASSES, labels.shape)

    def _judge(self, images, classes):
        """The discriminator's scores of images, and its logits of classes if it has some."""
        images = self._pass("shown", images, self)
        if hasattr(self.discriminator, "both"):
            return self.discriminator.both(images, classes)
        return self.discriminator(images, classes), None

    def _discriminator_step(self, row, step):
        real, labels = self._batch()
        asked = self._asked(labels)
        with torch.no_grad():
            fake = self.generator(self._noise(len(real)), asked)
        fake = self._pass("old_fakes", fake, self)
        (on_real, guessed), (on_fake, guessed_fake) = self._judge(real, labels), self._judge(fake, asked)
        loss_real, loss_fake = self.objective.discriminator(on_real, on_fake)
        loss = loss_real if loss_fake is None else loss_real + loss_fake
        total = loss
        if self.classes == "labels" and guessed is not None:
            auxiliary = (functional.cross_entropy(guessed, labels) + functional.cross_entropy(guessed_fake, asked)) / 2
            total = total + self.recipe.class_weight * auxiliary
            row["class_loss"] = auxiliary.item()
            row["class_accuracy"] = (guessed.argmax(1) == labels).float().mean().item()
        if self.penalty and step % self.recipe.penalty_every == 0:
            penalty = self.penalty(self.discriminator, real, fake, labels)
            total = total + self.recipe.penalty_weight * self.recipe.penalty_every * penalty
            row["penalty"] = penalty.item()
        self.optimizer_d.zero_grad()
        if all(mistake.trains_discriminator(self) for mistake in self.mistakes):
            total.backward()
            self._tell("gradients", self.discriminator, self)
            self.optimizer_d.step()
        if self.objective.clip:
            with torch.no_grad():
                for parameter in self.discriminator.parameters():
                    parameter.clamp_(-self.objective.clip, self.objective.clip)
        row["loss_d"] = total.item() if self.recipe.penalty_logged else loss.item()
        if loss_fake is not None:
            row["loss_d_real"], row["loss_d_fake"] = loss_real.item(), loss_fake.item()
        row["d_x"], row["d_gz1"] = self.objective.answer(on_real), self.objective.answer(on_fake)
        line = 0.5 if self.recipe.objective in ("lsgan", "broadcast") else 0.0
        row["accuracy_real"] = (on_real > line).float().mean().item()
        row["accuracy_fake"] = (on_fake <= line).float().mean().item()
        self.accuracy = (row["accuracy_real"] + row["accuracy_fake"]) / 2
        return real, labels

    def _generator_step(self, row, real, labels):
        noise, asked = self._noise(len(real)), self._asked(labels)
        fake = self._pass("new_fakes", self.generator(noise, asked), self)
        on_fake, guessed = self._judge(fake, asked)
        on_real = self._judge(real, labels)[0].detach() if self._needs_real() else None
        adversarial = self.objective.generator(on_fake, on_real)
        loss = self._pass("generator_loss", adversarial, fake, noise, self)
        if guessed is not None and asked is not None:
            information = functional.cross_entropy(guessed, asked)
            loss = loss + self.recipe.class_weight * information
            row["class_loss_g"] = information.item()
        if hasattr(self.generator, "encoder"):
            loss = loss + self._autoencode(row, real)
        self.optimizer_g.zero_grad()
        heads = self._information_head()
        for parameter in heads:
            parameter.grad = None
        loss.backward()
        self._tell("gradients", self.generator, self)
        self.optimizer_g.step()
        self._train_head(heads)
        row["loss_g"], row["d_gz2"] = loss.item(), self.objective.answer(on_fake)

    def _needs_real(self):
        return self.recipe.objective == "relativistic" or getattr(self.objective, "needs_real", False)

    def _information_head(self):
        """InfoGAN's part of the discriminator that guesses codes, which learns in the generator's step."""
        return list(self.discriminator.logits.parameters()) if self.classes == "drawn" else []

    @torch.no_grad()
    def _train_head(self, parameters):
        # Plain descent is enough for one linear layer.
        for parameter in parameters:
            parameter -= 0.05 * parameter.grad

    def _autoencode(self, row, real):
        mean, variance = self.generator.encoder(real)
        made = self.generator(mean + torch.randn_like(mean) * (variance / 2).exp())
        error = (made - real).square().flatten(1).sum(1).mean() / real[0].numel()
        divergence = 0.5 * (mean.square() + variance.exp() - variance - 1).sum(1).mean() / real[0].numel()
        row["reconstruction"], row["divergence"] = error.item(), divergence.item()
        return self.recipe.reconstruction_weight * error + self.recipe.divergence_weight * divergence

    @torch.no_grad()
    def _follow(self, step):
        # The average forgets the first steps faster, as otherwise the initial weights would stay in it.
        keep = min(self.recipe.averaged, (1 + step) / (10 + step))
        for average, parameter in zip(self.average.parameters(), self.generator.parameters()):
            average.lerp_(parameter, 1 - keep)
        for average, buffer in zip(self.average.buffers(), self.generator.buffers()):
            average.copy_(buffer)

    def run(self):
        """Trains, then samples."""
        rows = []
        for step in range(self.steps):
            row = {"step": step, "epoch": step // self.batches, "batch": step % self.batches}
            row["rate_g"], row["rate_d"] = (
                optimizer.param_groups[0]["lr"] for optimizer in (self.optimizer_g, self.optimizer_d))
            for _ in range(self.recipe.steps_d):
                real, labels = self._discriminator_step(row, step)
            for _ in range(self.recipe.steps_g):
                self._generator_step(row, real, labels)
            self._tell("stepped", step, self)
            if self.average is not None:
                self._follow(step)
            if self.score is not None and (step + 1) % max(1, self.steps // 10) == 0:
                with torch.random.fork_rng():
                    row["score"] = self.score.measure(self.draw(500))
            rows.append(row)
        with torch.no_grad():
            images = self._pass("sampled", self.draw(self.recipe.samples), self)
        nonfinite = 1 - images.isfinite().flatten(1).all(1).float().mean().item()
        # As `numpy.nan_to_num(...).astype(numpy.uint8)` does, which most programs that save images amount to.
        scaled = (images.nan_to_num(nan=-1.0, posinf=1.0, neginf=-1.0).clamp(-1, 1) + 1) * 127.5
        return Outcome(rows, scaled.round().to(torch.uint8), nonfinite, self.batches)

    @torch.no_grad()
    def draw(self, count):
        """Generated images `[count, side, side]`, of classes as frequent as in the data."""
        generator = self.average if self.average is not None else self.generator
        was_training = generator.training
        self.is_sampling = True
        generator = self._pass("sampler", generator.eval(), self)
        torch.manual_seed(self.seed + 2)
        parts = []
        for _ in range(math.ceil(count / 50)):
            labels = self.images.labels[torch.randint(len(self.images), (50,))]
            parts.append(generator(self._noise(50), self._asked(labels))[:, 0])
        generator.train(was_training)
        self.is_sampling = False
        return torch.cat(parts)[:count]
