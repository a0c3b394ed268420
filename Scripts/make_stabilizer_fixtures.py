#!/usr/bin/env python3
"""Makes the numbers from PyTorch that the tests of stabilizers and of residual networks compare with.

    .venv/bin/python Scripts/make_stabilizer_fixtures.py      (see make_fixtures.py for .venv)

Each thing is written here in the plainest way, one example at a time where it can be.
"""

import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

from make_fixtures import Discriminator, Generator, discs, save, scaled


def layers():
    """Minibatch discrimination and virtual batch norm, with their gradients."""
    torch.manual_seed(21)
    tensors = {}
    kernels, dimensions = 3, 4
    for name, x in {"points": torch.randn(5, 6), "images": torch.randn(4, 2, 2, 3)}.items():
        x = x.requires_grad_()
        weight = (torch.randn(x[0].numel(), kernels * dimensions) / x[0].numel() ** 0.5).requires_grad_()
        rows = []
        for i in range(len(x)):
            maps = [(v.flatten() @ weight).view(kernels, dimensions) for v in x]
            near = sum(torch.exp(-(maps[i] - maps[j]).abs().sum(1)) for j in range(len(x)) if j != i)
            if x.dim() == 4:
                near = near.view(-1, 1, 1).expand(-1, *x.shape[2:])
            rows.append(torch.cat([x[i], near]))
        out = torch.stack(rows)
        slopes = torch.autograd.grad((out ** 2).sum(), [x, weight])
        for key, value in zip(("x", "weight", "out", "x_slope", "weight_slope"), (x, weight, out, *slopes)):
            tensors[f"minibatch.{name}.{key}"] = value
    for name, shape in {"points": (9, 3), "images": (9, 3, 2, 2)}.items():
        x = (torch.randn(shape) * 2 + 1).requires_grad_()
        weight, bias = torch.randn(3).requires_grad_(), torch.randn(3).requires_grad_()
        reference = x[:5]
        rows = [F.batch_norm(reference, None, None, weight, bias, training=True)]
        # An example is normalised within the fixed batch and itself.
        rows += [F.batch_norm(torch.cat([reference, x[i : i + 1]]), None, None, weight, bias, training=True)[-1:]
                 for i in range(5, 9)]
        out = torch.cat(rows)
        slopes = torch.autograd.grad((out ** 3).sum(), [x, weight, bias])
        for key, value in zip(("x", "weight", "bias", "out", "x_slope", "weight_slope", "bias_slope"),
                              (x, weight, bias, out, *slopes)):
            tensors[f"virtual.{name}.{key}"] = value
    save("layers", tensors)


def augmentation():
    """DiffAugment's changes of a few images, pixel by pixel, for given draws."""
    torch.manual_seed(22)
    images, draws = torch.randn(6, 2, 8, 12), torch.rand(6, 10)
    # The ends of the range too.
    draws[0, 3:7], draws[1, 3:7] = 0.0, 0.9999

    def colored(x, u):
        x = x + (u[0] - 0.5)
        gray = x.mean(0, keepdim=True)
        x = (x - gray) * (2 * u[1]) + gray
        return (x - x.mean()) * (u[2] + 0.5) + x.mean()

    def shifted(x, u):
        out = torch.zeros_like(x)
        height, width = x.shape[1:]
        moves = [max(-m, min(m, round(float(v) * (2 * m + 1) - (m + 0.5)))) for v, m in
                 zip(u[3:5], (round(height / 8), round(width / 8)))]
        for r in range(height):
            for c in range(width):
                a, b = r + moves[0], c + moves[1]
                if 0 <= a < height and 0 <= b < width:
                    out[:, r, c] = x[:, a, b]
        return out

    def cut(x, u):
        out = x.clone()
        sides = [round(s / 2) for s in x.shape[1:]]
        # DiffAugment's torch.randint(0, size + (1 - side % 2)), of a given draw.
        offsets = [int(float(v) * (s + (1 - side % 2))) for v, s, side in zip(u[5:7], x.shape[1:], sides)]
        starts = [offset - side // 2 for offset, side in zip(offsets, sides)]
        for r in range(max(0, starts[0]), min(x.shape[1], starts[0] + sides[0])):
            for c in range(max(0, starts[1]), min(x.shape[2], starts[1] + sides[1])):
                out[:, r, c] = 0
        return out

    tensors = {"images": images, "draws": draws}
    for name, change in {"color": colored, "translation": shifted, "cutout": cut}.items():
        tensors[name] = torch.stack([change(x, u) for x, u in zip(images, draws)])
    tensors["all"] = torch.stack([cut(shifted(colored(x, u), u), u) for x, u in zip(images, draws)])
    save("augmentation", tensors)


def game(real, steps=3, classes=None, generator_steps=1, matching=0.0, history=0.0, unrolled=0, replay=0, adam=False,
         relativistic=False):
    """Steps of a small game of points, non-saturating or relativistic; the parameters at the end, the generator's first."""
    torch.manual_seed(31)
    told = 0 if classes is None else classes.shape[1]
    generator = nn.Linear(2 + told, 2)
    discriminator = nn.Sequential(nn.Linear(2 + told, 5), nn.LeakyReLU(0.2), nn.Linear(5, 1))
    rate = 0.05
    makers = {"sgd": lambda p: torch.optim.SGD(p, rate), "adam": lambda p: torch.optim.Adam(p, rate, betas=(0.5, 0.9))}
    optimizers = [makers["adam" if adam else "sgd"](list(n.parameters())) for n in (generator, discriminator)]
    means = [[torch.zeros_like(p) for p in n.parameters()] for n in (generator, discriminator)]
    buffer = []
    count = len(real)

    def fakes():
        z = torch.randn(count, 2)
        return z if classes is None else torch.cat([z, classes], 1)

    def shown(x):
        return x if classes is None else torch.cat([x, classes], 1)

    def pull(player, network, step):
        total = 0.0
        for mean, p in zip(means[player], network.parameters()):
            mean += (p.detach() - mean) / step
            total = total + history * ((p - mean) ** 2).sum()
        return total

    def discriminator_loss(parameters, x, fake):
        call = lambda v: functional_call(discriminator, parameters, (shown(v),))
        if relativistic:
            return F.softplus(call(fake) - call(x)).mean()
        return F.softplus(-call(x)).mean() + F.softplus(call(fake)).mean()

    def ahead(fake):
        """The discriminator's parameters after some further steps, as functions of the generated examples."""
        parameters = {k: v.detach().clone().requires_grad_() for k, v in discriminator.named_parameters()}
        states = [optimizers[1].state[p] for p in discriminator.parameters()]
        moments = [(s["exp_avg"].clone(), s["exp_avg_sq"].clone(), float(s["step"])) if adam else None for s in states]
        for _ in range(unrolled):
            loss = discriminator_loss(parameters, real, fake)
            slopes = torch.autograd.grad(loss, list(parameters.values()), create_graph=True)
            moved = {}
            for i, ((k, p), g) in enumerate(zip(parameters.items(), slopes)):
                if adam:
                    m, v, t = moments[i]
                    m, v, t = 0.5 * m + 0.5 * g, 0.9 * v + 0.1 * g * g, t + 1
                    moments[i] = (m, v, t)
                    moved[k] = p - rate * (m / (1 - 0.5 ** t)) / ((v / (1 - 0.9 ** t)).sqrt() + 1e-8)
                else:
                    moved[k] = p - rate * g
            parameters = moved
        return parameters

    for step in range(1, steps + 1):
        fake = generator(fakes()).detach()
        if replay:
            used = len(buffer)
            if used < replay:
                buffer = (buffer + [None] * replay)[:replay]
                for i in range(count):
                    buffer[(used + i) % replay] = fake[i].clone()
                buffer = buffer[: min(replay, used + count)]
            else:
                places, draws = torch.randperm(replay)[:count], torch.rand(count)
                for i, (place, draw) in enumerate(zip(places.tolist(), draws)):
                    if draw < 0.5:
                        new = fake[i].clone()
                        fake[i] = buffer[place]
                        buffer[place] = new
        optimizers[1].zero_grad()
        own = dict(discriminator.named_parameters())
        (discriminator_loss(own, real, fake) + pull(1, discriminator, step)).backward()
        optimizers[1].step()
        for turn in range(generator_steps):
            optimizers[0].zero_grad()
            fake = generator(fakes())
            parameters = ahead(fake) if unrolled else dict(discriminator.named_parameters())
            judged = lambda v: functional_call(discriminator, parameters, (shown(v),))
            # With unrolled steps what is said of real examples depends on the generator too.
            compared = (lambda v: v) if unrolled else torch.detach
            loss = F.softplus(compared(judged(real)) - judged(fake)).mean() if relativistic else F.softplus(-judged(fake)).mean()
            if matching:
                hidden = lambda v: functional_call(discriminator[:2], {k: p for k, p in parameters.items() if k[0] == "0"}, (v,))
                distance = ((compared(hidden(real).mean(0)) - hidden(fake).mean(0)) ** 2).sum()
                loss = (1 - matching) * loss + matching * distance
            (loss + pull(0, generator, (step - 1) * generator_steps + turn + 1)).backward()
            optimizers[0].step()
    return list(generator.parameters()) + list(discriminator.parameters())


def games():
    torch.manual_seed(30)
    real = torch.randn(6, 2) + 1
    classes = F.one_hot(torch.tensor([0, 2, 1, 1, 0, 2]), 3).float()
    tensors = {"real": real, "classes": classes}
    cases = {
        "plain": {}, "generator_steps": {"generator_steps": 2}, "matching": {"matching": 1.0},
        "half_matching": {"matching": 0.5}, "history": {"history": 0.7}, "unrolled": {"unrolled": 3},
        "unrolled_adam": {"unrolled": 3, "adam": True}, "unrolled_relativistic": {"unrolled": 2, "relativistic": True},
        "unrolled_matching": {"unrolled": 2, "matching": 0.5},
        "replay": {"replay": 8, "steps": 6}, "classes": {"classes": classes},
    }
    for name, options in cases.items():
        tensors |= {f"{name}.{i}": p for i, p in enumerate(game(real, **options))}
    save("games", tensors)


class ResidualBlock(nn.Module):
    def __init__(self, main, shortcut=()):
        super().__init__()
        self.main, self.shortcut = nn.Sequential(*main), nn.Sequential(*shortcut)

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


class Body(nn.Module):
    """A network of layers in a row, and perhaps a linear layer that judges."""

    def __init__(self, layers, judge=None):
        super().__init__()
        self.main = nn.Sequential(*layers)
        if judge:
            self.judge = judge

    def forward(self, x):
        x = self.main(x)
        return self.judge(x) if hasattr(self, "judge") else x


class Sum(nn.Module):
    def forward(self, x):
        return x.sum((2, 3))


class Basis(nn.Module):
    def __init__(self, latent, width, size):
        super().__init__()
        self.scale = nn.Linear(latent, width, bias=False)
        self.basis = nn.Parameter(torch.randn(width, size, size))

    def forward(self, z):
        return self.basis * self.scale(z)[:, :, None, None]


class BiasedLeakyReLU(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bias = nn.Parameter(torch.randn(channels) / 4)

    def forward(self, x):
        return F.leaky_relu(x + self.bias[:, None, None], 0.2)


def residual():
    """Residual networks for 28 pixels, as spectral-norm GANs and as R3GAN have them."""
    torch.manual_seed(41)
    w, latent = 8, 5

    def sngan():
        up = lambda: nn.Upsample(scale_factor=2)
        block = lambda: ResidualBlock(
            [nn.BatchNorm2d(w), nn.ReLU(), up(), nn.Conv2d(w, w, 3, padding=1), nn.BatchNorm2d(w), nn.ReLU(),
             nn.Conv2d(w, w, 3, padding=1)], [up(), nn.Conv2d(w, w, 1)])
        generator = Body([nn.Linear(latent, w * 49), nn.Unflatten(1, (w, 7, 7)), block(), block(), nn.BatchNorm2d(w),
                          nn.ReLU(), nn.Conv2d(w, 1, 3, padding=1), nn.Tanh()])
        keep = lambda: [nn.ReLU(), nn.Conv2d(w, w, 3, padding=1), nn.ReLU(), nn.Conv2d(w, w, 3, padding=1)]
        first = ResidualBlock([nn.Conv2d(1, w, 3, padding=1), nn.ReLU(), nn.Conv2d(w, w, 3, padding=1), nn.AvgPool2d(2)],
                              [nn.AvgPool2d(2), nn.Conv2d(1, w, 1)])
        half = ResidualBlock(keep() + [nn.AvgPool2d(2)], [nn.Conv2d(w, w, 1), nn.AvgPool2d(2)])
        return generator, Body([first, half, ResidualBlock(keep()), ResidualBlock(keep()), nn.ReLU(), Sum()],
                               nn.Linear(w, 1))

    def r3gan():
        def convolution(inputs, outputs, kernel=1, groups=1, padding=None):
            return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2 if padding is None else padding,
                             groups=groups, bias=False)

        block = lambda: ResidualBlock(
            [convolution(w, 2 * w), BiasedLeakyReLU(2 * w), convolution(2 * w, 2 * w, 3, 2 * w // 16),
             BiasedLeakyReLU(2 * w), convolution(2 * w, w)])
        stage = lambda: [block(), block()]
        up = lambda: [nn.Upsample(scale_factor=2, mode="bilinear")]
        generator = Body([Basis(latent, w, 7)] + stage() + up() + stage() + up() + stage() + [convolution(w, 1)])
        discriminator = Body([convolution(1, w)] + stage() + [nn.AvgPool2d(2)] + stage() + [nn.AvgPool2d(2)] + stage()
                             + [convolution(w, w, 7, w, 0), nn.Flatten()], nn.Linear(w, 1, bias=False))
        return generator, discriminator

    tensors = {}
    for name, make in {"sngan": sngan, "r3gan": r3gan}.items():
        generator, discriminator = make()
        tensors |= {f"{name}.generator.{k}": v.clone() for k, v in generator.state_dict().items()}
        tensors |= {f"{name}.discriminator.{k}": v.clone() for k, v in discriminator.state_dict().items()}
        z = torch.randn(3, latent)
        x = scaled(discs(3)).requires_grad_()
        (slope,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
        penalty = (slope ** 2).sum((1, 2, 3)).mean()
        fake = generator(z)
        loss = F.softplus(-discriminator(fake)).mean()
        (by_z,) = torch.autograd.grad(loss, generator.main[0].scale.weight if name == "r3gan" else generator.main[0].weight)
        tensors |= {f"{name}.z": z, f"{name}.fake": fake, f"{name}.logits": discriminator(x), f"{name}.penalty": penalty,
                    f"{name}.slope": by_z}
    save("residual", tensors)


class Autoencoder(nn.Module):
    """BEGAN's discriminator: how badly it copies each example."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x):
        return (x - self.decoder(self.encoder(x))).abs().flatten(1).mean(1, keepdim=True)


class Perceptron(nn.Module):
    def __init__(self, sizes, activation):
        super().__init__()
        layers = [layer for pair in zip(sizes, sizes[1:]) for layer in (nn.Linear(*pair), activation)]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x):
        return self.layers(x)


def perceptrons():
    """Networks for points, and BEGAN's autoencoders, with the first parameter's gradient."""
    torch.manual_seed(51)
    leaky = nn.LeakyReLU(0.2)
    encoder, decoder = Discriminator(4), Generator(5, 4)
    encoder.judge, decoder.convolve = nn.Linear(4 * 49, 5), decoder.convolve[:-1]
    cases = {
        "generator": (Perceptron([3, 8, 8, 8, 2], nn.ReLU()), torch.randn(6, 3)),
        "discriminator": (Perceptron([2, 8, 8, 8, 1], leaky), torch.randn(6, 2)),
        "points": (Autoencoder(Perceptron([2, 8, 8, 1], leaky), Perceptron([1, 8, 8, 2], leaky)), torch.randn(6, 2)),
        "images": (Autoencoder(encoder, decoder), scaled(discs(3))),
    }
    tensors = {}
    for name, (network, x) in cases.items():
        out = network(x)
        (slope,) = torch.autograd.grad((out ** 2).sum(), [next(network.parameters())])
        tensors |= {f"{name}.x": x, f"{name}.out": out, f"{name}.slope": slope}
        tensors |= {f"{name}.state.{k}": v for k, v in network.state_dict().items()}
    save("perceptrons", tensors)


if __name__ == "__main__":
    layers()
    augmentation()
    games()
    residual()
    perceptrons()
