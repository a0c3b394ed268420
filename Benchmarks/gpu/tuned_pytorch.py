#!/usr/bin/env python3
"""The article's training step in PyTorch, images per second: as a plain script, tuned, compiled, and as a CUDA graph.

    tuned_pytorch.py --variant plain|tuned|compile|graph [--precision float32|bfloat16] [--batch-size 1024] [--steps 4]

Tuned means channels-last, activations in place, losses of logits, one backward pass for both halves of the discriminator's
loss, and no gradients of the discriminator in the generator's step. The images are made up. Prints JSON.
"""

import argparse
import contextlib
import json
import resource
import time

import torch
import torch.nn.functional as F
from torch import nn

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--variant", default="plain", choices=("plain", "tuned", "compile", "graph"))
parser.add_argument("--precision", default="float32", choices=("float32", "bfloat16"))
parser.add_argument("--batch-size", type=int, default=1024)
parser.add_argument("--steps", type=int, default=4)
options = parser.parse_args()

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
batch = options.batch_size
is_tuned = options.variant != "plain"


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Sequential(nn.Linear(128, 128 * 7 * 7), nn.LeakyReLU(0.2))
        self.convolve = nn.Sequential(
            nn.ConvTranspose2d(128, 128, 4, 2, 1), nn.LeakyReLU(0.2, is_tuned),
            nn.ConvTranspose2d(128, 128, 4, 2, 1), nn.LeakyReLU(0.2, is_tuned),
            nn.Conv2d(128, 1, 3, padding=1), nn.Tanh())

    def forward(self, latent):
        images = self.project(latent).view(-1, 128, 7, 7)
        if is_tuned:
            images = images.contiguous(memory_format=torch.channels_last)
        return self.convolve(images)


class Discriminator(nn.Module):
    """Its outputs are logits."""

    def __init__(self):
        super().__init__()
        self.convolve = nn.Sequential(
            nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2, is_tuned), nn.Conv2d(64, 64, 4, 2, 1), nn.LeakyReLU(0.2, is_tuned))
        self.judge = nn.Linear(64 * 7 * 7, 1)

    def forward(self, images):
        return self.judge(self.convolve(images).reshape(len(images), -1))


generator, discriminator = Generator().to(device), Discriminator().to(device)
if is_tuned:
    generator = generator.to(memory_format=torch.channels_last)
    discriminator = discriminator.to(memory_format=torch.channels_last)
settings = {"capturable": True, "fused": True} if options.variant == "graph" else {}
generator_optimizer = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999), **settings)
discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), 2e-4, (0.5, 0.999), **settings)
real = (torch.rand(batch, 1, 28, 28) * 2 - 1).to(device)


def latent():
    return torch.randn(batch, 128, device=device)


def precision():
    if options.precision == "bfloat16":
        return torch.autocast(device, torch.bfloat16)
    return contextlib.nullcontext()


def plain_step():
    loss = nn.BCELoss()
    ones, zeros = torch.ones(batch, 1, device=device), torch.zeros(batch, 1, device=device)
    fake = generator(latent()).detach()
    discriminator_optimizer.zero_grad()
    on_real = loss(torch.sigmoid(discriminator(real)), ones)
    on_real.backward()
    on_fake = loss(torch.sigmoid(discriminator(fake)), zeros)
    on_fake.backward()
    discriminator_optimizer.step()
    generator_optimizer.zero_grad()
    of_generator = loss(torch.sigmoid(discriminator(generator(latent()))), ones)
    of_generator.backward()
    generator_optimizer.step()
    return of_generator.item(), on_real.item(), on_fake.item()


def discriminator_losses(fake):
    return F.softplus(-discriminator(real)).mean(), F.softplus(discriminator(fake)).mean()


def generator_loss(noise):
    return F.softplus(-discriminator(generator(noise))).mean()


generate = generator
if options.variant == "compile":
    discriminator_losses, generator_loss = torch.compile(discriminator_losses), torch.compile(generator_loss)
    generate = torch.compile(generator)


def tuned_losses():
    """Plays one step; the losses stay on the device."""
    discriminator_optimizer.zero_grad(set_to_none=True)
    discriminator.requires_grad_(True)
    with precision():
        with torch.no_grad():
            fake = generate(latent())
        on_real, on_fake = discriminator_losses(fake)
    (on_real + on_fake).backward()
    discriminator_optimizer.step()
    generator_optimizer.zero_grad(set_to_none=True)
    discriminator.requires_grad_(False)
    with precision():
        of_generator = generator_loss(latent())
    of_generator.backward()
    generator_optimizer.step()
    return torch.stack([loss.detach().float() for loss in (of_generator, on_real, on_fake)])


def tuned_step():
    return tuned_losses().tolist()


def captured_step():
    """The tuned step as a CUDA graph, captured once and then replayed."""
    losses = torch.zeros(3, device=device)
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            losses.copy_(tuned_losses())
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        losses.copy_(tuned_losses())

    def replay():
        graph.replay()
        return losses.tolist()

    return replay


step = plain_step if options.variant == "plain" else captured_step() if options.variant == "graph" else tuned_step
step()
step()
seconds = []
for _ in range(options.steps):
    start = time.perf_counter()
    step()
    if device == "cuda":
        torch.cuda.synchronize()
    seconds.append(time.perf_counter() - start)
print(json.dumps({
    "variant": options.variant, "precision": options.precision,
    "imagesPerSecond": round(batch / sorted(seconds)[len(seconds) // 2], 1),
    "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
