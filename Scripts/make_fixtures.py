#!/usr/bin/env python3
"""Makes the numbers from PyTorch that the tests compare with: Tests/Fixtures/*.safetensors.

    python3 -m venv .venv && .venv/bin/pip install torch==2.13.0 numpy scipy safetensors
    .venv/bin/python Scripts/make_fixtures.py

Everything is float32 on the CPU. Only seeds, shapes and the definitions below decide the numbers.
"""

import json
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

here = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures"


class Generator(nn.Module):
    """The article's generator for 28×28 images."""

    def __init__(self, latent=128, width=128, channels=1, start=7):
        super().__init__()
        self.project = nn.Sequential(nn.Linear(latent, width * start * start), nn.LeakyReLU(0.2))
        self.convolve = nn.Sequential(
            nn.Unflatten(1, (width, start, start)),
            nn.ConvTranspose2d(width, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(width, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, channels, 3, padding=1),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.convolve(self.project(z))


class Discriminator(nn.Module):
    """The article's discriminator for 28×28 images; it returns logits."""

    def __init__(self, width=64, channels=1, end=7):
        super().__init__()
        self.convolve = nn.Sequential(
            nn.Conv2d(channels, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.judge = nn.Linear(width * end * end, 1)

    def forward(self, x):
        return self.judge(self.convolve(x))


class DCGANGenerator(nn.Module):
    """DCGAN for 28×28 images."""

    def __init__(self, latent=10, width=8):
        super().__init__()
        self.main = nn.Sequential(
            nn.Unflatten(1, (latent, 1, 1)),
            nn.ConvTranspose2d(latent, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, 1, 4, 2, 1, bias=False),
            nn.Tanh(),
        )
        for layer in self.main:
            if isinstance(layer, nn.ConvTranspose2d):
                nn.init.normal_(layer.weight, 0, 0.02)
            elif isinstance(layer, nn.BatchNorm2d):
                nn.init.normal_(layer.weight, 1, 0.02)

    def forward(self, z):
        return self.main(z)


def discs(count):
    """Made-up images of bytes: a white disc in each, by a formula, so that the tests can make them too."""
    i = torch.arange(count).view(-1, 1, 1, 1)
    y, x = torch.arange(28).view(1, 1, -1, 1), torch.arange(28).view(1, 1, 1, -1)
    distance = (x - 8 - i * 5 % 13) ** 2 + (y - 8 - i * 7 % 13) ** 2
    return ((distance < 16 + i * 11 % 40) * 255).to(torch.uint8)


def scaled(images):
    return (images.float() / 255 - 0.5) / 0.5


def save(name, tensors, **facts):
    here.mkdir(parents=True, exist_ok=True)
    tensors = {key: value.detach().contiguous().clone() for key, value in tensors.items()}
    save_file(tensors, here / f"{name}.safetensors", {key: json.dumps(value) for key, value in facts.items()})


def networks():
    """Outputs, gradients and second derivatives of small article networks, and their state."""
    torch.manual_seed(7)
    generator, discriminator = Generator(latent=16, width=8), Discriminator(width=8)
    z = torch.randn(5, 16)
    fake = generator(z)
    logits = discriminator(fake)
    loss = nn.functional.softplus(-logits).mean()
    tensors = {"z": z, "fake": fake, "logits": logits, "loss": loss}
    tensors |= {f"generator.{k}": v for k, v in generator.state_dict().items()}
    tensors |= {f"discriminator.{k}": v for k, v in discriminator.state_dict().items()}
    slopes = torch.autograd.grad(loss, list(generator.parameters()))
    tensors |= {f"slope.{k}": v for (k, _), v in zip(generator.named_parameters(), slopes)}
    # A gradient penalty: the gradient of a gradient's norm, through convolutions.
    x = scaled(discs(5)).requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    penalty = ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()
    seconds = torch.autograd.grad(penalty, list(discriminator.parameters()), allow_unused=True)
    tensors["penalty"] = penalty
    for (k, p), v in zip(discriminator.named_parameters(), seconds):
        tensors[f"second.{k}"] = torch.zeros_like(p) if v is None else v
    save("networks", tensors)


def dcgan():
    """DCGAN's initialisation and its output while training and while evaluating."""
    torch.manual_seed(11)
    generator = DCGANGenerator()
    start = {f"state.{k}": v.clone() for k, v in generator.state_dict().items()}
    z = torch.randn(6, 10)
    trained = generator(z)
    generator.eval()
    save("dcgan", start | {"z": z, "training": trained, "evaluating": generator(z),
                           "running_mean": generator.main[2].running_mean, "running_var": generator.main[2].running_var})


def optimizers():
    """Two parameters after ten steps of each optimiser on fixed gradients."""
    makers = {
        "adam": lambda p: torch.optim.Adam(p, 0.01, betas=(0.5, 0.999)),
        "adam_decay": lambda p: torch.optim.Adam(p, 0.01, betas=(0.9, 0.99), weight_decay=0.1),
        "adamw": lambda p: torch.optim.AdamW(p, 0.01, betas=(0.5, 0.999), weight_decay=0.1),
        "rmsprop": lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.9),
        "rmsprop_momentum": lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.99, momentum=0.9, weight_decay=0.1),
        "sgd": lambda p: torch.optim.SGD(p, 0.01),
        "sgd_momentum": lambda p: torch.optim.SGD(p, 0.01, momentum=0.9, weight_decay=0.1),
    }
    torch.manual_seed(3)
    start = [torch.randn(4, 3), torch.randn(5)]
    slopes = [[torch.randn(4, 3), torch.randn(5)] for _ in range(10)]
    tensors = {f"start.{i}": v for i, v in enumerate(start)}
    tensors |= {f"slope.{s}.{i}": v for s, pair in enumerate(slopes) for i, v in enumerate(pair)}
    for name, maker in makers.items():
        parameters = [v.clone().requires_grad_() for v in start]
        optimizer = maker(parameters)
        for pair in slopes:
            for parameter, slope in zip(parameters, pair):
                parameter.grad = slope.clone()
            optimizer.step()
        tensors |= {f"{name}.{i}": v for i, v in enumerate(parameters)}
    save("optimizers", tensors)


def parity(name, images, batch, steps, latent, widths, k=1, precision=torch.float32):
    """The article's loop as a plain script would have it, in the design's order of draws; losses are means over
    a step's updates."""
    torch.manual_seed(42)
    generator, discriminator = Generator(latent, widths[0]), Discriminator(widths[1])
    optimizers = [torch.optim.Adam(n.parameters(), 2e-4, betas=(0.5, 0.999)) for n in (generator, discriminator)]
    loss = nn.BCEWithLogitsLoss()
    torch.randn(64, latent)  # the fixed noise of the sample sheets
    losses, step = [], 0
    while step < steps:
        order = torch.randperm(len(images))
        for start in range(0, len(images), batch):
            real = scaled(images[order[start:start + batch]])
            n = len(real)
            seen, sums = real, [0.0, 0.0]
            for update in range(k):
                if update > 0:  # each update of the discriminator sees other examples
                    seen = scaled(images[torch.randint(0, len(images), (n,))])
                with torch.no_grad():
                    fake = generator(torch.randn(n, latent))
                optimizers[1].zero_grad()
                on_real = loss(discriminator(seen), torch.ones(n, 1))
                on_fake = loss(discriminator(fake), torch.zeros(n, 1))
                sums = [sums[0] + on_real.item(), sums[1] + on_fake.item()]
                on_real.backward()
                on_fake.backward()
                optimizers[1].step()
            optimizers[0].zero_grad()
            on_generator = loss(discriminator(generator(torch.randn(n, latent))), torch.ones(n, 1))
            on_generator.backward()
            optimizers[0].step()
            losses.append([on_generator.item(), *(v / k for v in sums)])
            step += 1
            if step == steps:
                break
    save(name, {"losses": torch.tensor(losses, dtype=torch.float64)}, batch=batch, latent=latent, widths=widths)


def scores():
    """Scores of samples against a reference, each by its published formula, without this project's code."""
    import numpy as np
    from scipy.linalg import sqrtm
    from scipy.stats import norm

    random = np.random.default_rng(5)
    real = random.normal(size=(300, 6)).astype(np.float32)
    fake = (random.normal(size=(200, 6)) @ np.diag([1, 1, 0.2, 1, 1.5, 0.7]) + 0.3).astype(np.float32)
    a, b = real.astype(np.float64), fake.astype(np.float64)

    # Fréchet distance.
    first, second = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    frechet = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(first + second - 2 * sqrtm(first @ second).real)

    # Kernel distance, of all examples at once.
    def kernel(x, y):
        return (x @ y.T / x.shape[1] + 1) ** 3

    def unlike(x):
        values = kernel(x, x)
        return (values.sum() - np.trace(values)) / (len(x) * (len(x) - 1))

    subset = a[:200]
    kid = unlike(subset) + unlike(b) - 2 * kernel(subset, b).mean()

    # Precision, recall, density, coverage with 5 neighbors.
    def distances(x, y):
        return np.sqrt(((x[:, None] - y[None]) ** 2).sum(-1))

    def radii(x, k=5):
        return np.sort(distances(x, x), axis=1)[:, k]

    across, real_radii, fake_radii = distances(a, b), radii(a), radii(b)
    inside = across <= real_radii[:, None]
    neighbors = [inside.any(0).mean(), (across <= fake_radii[None]).any(1).mean(),
                  inside.sum() / (5 * len(b)), (across.min(1) <= real_radii).mean()]

    # Bins around given centers.
    centers = real[:10]
    def counts(x):
        return np.bincount(distances(x, centers).argmin(1), minlength=len(centers))
    n1, n2 = len(real), len(fake)
    p1, p2 = counts(real) / n1, counts(fake) / n2
    p = (p1 * n1 + p2 * n2) / (n1 + n2)
    p_values = 2 * norm.cdf(-np.abs((p1 - p2) / np.sqrt(p * (1 - p) * (1 / n1 + 1 / n2))))
    m = (p1 + p2) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        js = sum(np.nansum(q * np.log(q / m)) for q in (p1, p2)) / 2

    # Structural similarity of pairs of images, with as many scales as a window of 11 fits into.
    images = (discs(4).float() / 127.5 - 1).numpy()
    bell = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5 ** 2))
    window = np.outer(bell, bell) / bell.sum() ** 2

    def blur(x):
        size = x.shape[0] - 10
        return sum(window[i, j] * x[i:i + size, j:j + size] for i in range(11) for j in range(11))

    def similarity(x, y):
        product, weights = 1.0, np.array([0.0448, 0.2856]) / (0.0448 + 0.2856)
        for scale, weight in enumerate(weights):
            mx, my = blur(x), blur(y)
            vx, vy, cov = blur(x * x) - mx * mx, blur(y * y) - my * my, blur(x * y) - mx * my
            contrast = (2 * cov + 0.03 ** 2) / (vx + vy + 0.03 ** 2)
            luminance = (2 * mx * my + 0.01 ** 2) / (mx * mx + my * my + 0.01 ** 2)
            value = (luminance * contrast).mean() if scale == 1 else contrast.mean()
            product *= max(value, 1e-6) ** weight
            x, y = [v.reshape(v.shape[0] // 2, 2, v.shape[1] // 2, 2).mean((1, 3)) for v in (x, y)]
        return product

    gray = (images[:, 0].astype(np.float64) + 1) / 2
    similarities = [similarity(gray[i], gray[j]) for i, j in ((0, 0), (0, 1), (1, 2), (2, 3))]
    tensors = {"real": real, "fake": fake, "frechet": frechet, "kernel": kid, "neighbors": neighbors,
               "centers": centers, "p_values": p_values, "jensen_shannon": js, "images": images,
               "similarities": similarities}
    save("scores", {key: torch.as_tensor(np.asarray(value)) for key, value in tensors.items()})

    # A network that Python saved, to be read as features.
    torch.manual_seed(2)
    network = nn.Sequential(nn.Conv2d(1, 2, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(338, 4)).eval()
    with torch.no_grad():
        save("script", {"images": torch.from_numpy(images), "features": network(torch.from_numpy(images))})
    torch.jit.trace(network, torch.from_numpy(images)).save(str(here / "script.pt"))


if __name__ == "__main__":
    networks()
    dcgan()
    optimizers()
    scores()
    # The article's full networks on made-up images, the last batch being a partial one.
    parity("parity", discs(922), batch=64, steps=15, latent=128, widths=(128, 64))
    parity("parity_three", discs(100), batch=32, steps=6, latent=8, widths=(8, 8), k=3)
    for file in sorted(here.glob("*.safetensors")):
        print(file.name, file.stat().st_size, "bytes")
