#!/usr/bin/env python3
"""The article's GAN as a plain PyTorch script, timed: what `equipoise benchmark article` is compared with.

PyTorch's defaults throughout: float32, its default memory layout, its own allocator settings. Made-up pictures lie in
memory, so that nothing but the training is measured. Prints JSON.
"""

import argparse
import json
import resource
import time

import torch
from torch import nn


class Generator(nn.Module):
    def __init__(self, latent=128, width=128):
        super().__init__()
        self.width = width
        self.project = nn.Sequential(nn.Linear(latent, width * 7 * 7), nn.LeakyReLU(0.2))
        self.convolve = nn.Sequential(
            nn.ConvTranspose2d(width, width, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(width, width, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(width, 1, 3, padding=1), nn.Tanh())

    def forward(self, z):
        return self.convolve(self.project(z).view(-1, self.width, 7, 7))


class Discriminator(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.convolve = nn.Sequential(
            nn.Conv2d(1, width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(width, width, 4, 2, 1), nn.LeakyReLU(0.2))
        self.judge = nn.Sequential(nn.Linear(width * 7 * 7, 1), nn.Sigmoid())

    def forward(self, x):
        return self.judge(self.convolve(x).view(len(x), -1))


arguments = argparse.ArgumentParser()
arguments.add_argument("--batch-size", type=int, default=1024)
arguments.add_argument("--steps", type=int, default=5)
options = arguments.parse_args()

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
generator, discriminator = Generator().to(device), Discriminator().to(device)
generator_optimizer = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))
loss = nn.BCELoss()
real = (torch.rand(options.batch_size, 1, 28, 28) * 2 - 1).to(device)
ones = torch.ones(options.batch_size, 1, device=device)
zeros = torch.zeros(options.batch_size, 1, device=device)


def step():
    fake = generator(torch.randn(options.batch_size, 128, device=device)).detach()
    discriminator_optimizer.zero_grad()
    on_real = loss(discriminator(real), ones)
    on_real.backward()
    on_fake = loss(discriminator(fake), zeros)
    on_fake.backward()
    discriminator_optimizer.step()
    generator_optimizer.zero_grad()
    on_generator = loss(discriminator(generator(torch.randn(options.batch_size, 128, device=device))), ones)
    on_generator.backward()
    generator_optimizer.step()
    return on_generator.item(), on_real.item(), on_fake.item()


step()
seconds = []
for _ in range(options.steps):
    start = time.perf_counter()
    step()
    seconds.append(time.perf_counter() - start)
print(json.dumps({
    "imagesPerSecond": options.batch_size / sorted(seconds)[len(seconds) // 2],
    "peakMemoryMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    "stepSeconds": seconds,
}))
