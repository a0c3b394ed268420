"""The classifier that the truth is measured with.

It is residual and strided with batch norm, sees only the second half of the training images, turned and scaled at random,
and shares neither code nor parameters with the classifiers of Equipoise.
"""

import math

import torch
from torch import nn
from torch.nn import functional

SEED = 20261
STEPS = {"mnist": 1400, "fashion-mnist": 2000, "digits": 700, "letters": 1400, "mnist-32": 1400}


class Block(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.short = nn.Conv2d(inputs, outputs, 1, 2, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)])

    def forward(self, inputs):
        inner = functional.silu(self.norms[0](self.first(inputs)))
        return functional.silu(self.norms[1](self.second(inner)) + self.short(inputs))


class Classifier(nn.Module):
    """Images `[batch, 1, side, side]` in [-1, 1], of side 28 or 32, to features `[batch, 96]` and logits `[batch, classes]`."""

    def __init__(self, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(1, 12, 5, 2, 2)
        self.blocks = nn.Sequential(Block(12, 24), Block(24, 48))
        self.hidden = nn.Linear(48 * 16, 96)
        self.last = nn.Linear(96, classes)

    def features(self, images):
        return functional.silu(self.hidden(self.blocks(functional.silu(self.stem(images))).flatten(1)))

    def forward(self, images):
        return self.last(self.features(images))


def varied(images, random):
    """Images that are turned by up to 12°, scaled by up to 10 % and moved by up to 2 pixels."""
    count = len(images)
    uniform = torch.rand(count, 4, generator=random) * 2 - 1
    angle, scale = uniform[:, 0] * math.radians(12), 1 + 0.1 * uniform[:, 1]
    matrices = torch.stack([
        torch.stack([scale * angle.cos(), -scale * angle.sin(), uniform[:, 2] * 2 / 14], 1),
        torch.stack([scale * angle.sin(), scale * angle.cos(), uniform[:, 3] * 2 / 14], 1)], 1)
    grid = functional.affine_grid(matrices, images.shape, align_corners=False)
    return functional.grid_sample(images + 1, grid, align_corners=False) - 1


def train(data, report=lambda line: None):
    """A classifier of a data set, trained on the second half of its training images."""
    half = len(data.training) // 2
    part = data.training[half:]
    torch.manual_seed(SEED)
    random = torch.Generator().manual_seed(SEED + 1)
    network = Classifier(data.classes)
    steps = STEPS[data.name]
    optimizer = torch.optim.SGD(network.parameters(), 0.05, momentum=0.9, nesterov=True, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        chosen = torch.randint(half, (96,), generator=random)
        batch = part[chosen]
        optimizer.zero_grad()
        outputs = network(varied(batch.scaled(), random))
        functional.cross_entropy(outputs, batch.labels, label_smoothing=0.02).backward()
        optimizer.step()
        schedule.step()
    network.eval()
    _, probabilities = describe(network, data.held_out.scaled())
    accuracy = (probabilities.argmax(1) == data.held_out.labels).float().mean().item()
    report(f"classifier of {data.name}: {100 * accuracy:.1f} % of {len(data.held_out)} held-out images right")
    return network, accuracy


def load(data, folder, report=lambda line: None):
    """The classifier of a data set, from a file if there is one, otherwise trained and saved."""
    path = folder / f"classifier-{data.name}.pt"
    if path.exists():
        content = torch.load(path, weights_only=True)
        network = Classifier(data.classes)
        network.load_state_dict(content["parameters"])
        network.eval()
        return network, content["accuracy"]
    network, accuracy = train(data, report)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"parameters": network.state_dict(), "accuracy": accuracy}, path)
    return network, accuracy


@torch.no_grad()
def describe(network, images):
    """Features and class probabilities of images, in parts that fit in memory."""
    features, probabilities = [], []
    for part in images.split(500):
        made = network.features(part)
        features.append(made)
        probabilities.append(functional.softmax(network.last(made), 1))
    return torch.cat(features), torch.cat(probabilities)
