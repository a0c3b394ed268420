#!/usr/bin/env python3
"""Trains a small GAN at learning rates that are too high for its discriminator, with its cross-entropy computed from
probabilities (BCELoss) and from logits (BCEWithLogitsLoss), and writes the losses that PyTorch users see.

    python3 -m venv .venv && .venv/bin/pip install torch==2.13.0
    .venv/bin/python Scripts/make_stuck_runs.py MNIST_FOLDER [OUTPUT_FOLDER]

Without an output folder it makes the fixtures Tests/Fixtures/stuck-*.csv: a run of each kind of end. With one, it trains every
loss at every rate with three seeds, for Documentation/diagnosis.md.
"""

import csv
import gzip
import pathlib
import sys

import torch
from torch import nn

FIXTURES = {"generated": ("bce", 0.02), "wrong": ("bce", 0.1), "real": ("bce", 1.0), "exploded": ("logits", 0.1)}
SWEEP = [(loss, rate) for rate in (0.0002, 0.005, 0.02, 0.1, 1.0) for loss in ("bce", "logits")]


def train(images, loss, rate, seed, steps, file):
    torch.manual_seed(seed)
    generator = nn.Sequential(
        nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 784), nn.Tanh())
    discriminator = nn.Sequential(
        nn.Linear(784, 512), nn.LeakyReLU(0.2), nn.Linear(512, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1))
    if loss == "bce":
        discriminator.append(nn.Sigmoid())
    criterion = nn.BCELoss() if loss == "bce" else nn.BCEWithLogitsLoss()
    probability = torch.sigmoid if loss == "logits" else lambda output: output
    optimizer_g = torch.optim.Adam(generator.parameters(), 0.0002, (0.5, 0.999))
    optimizer_d = torch.optim.Adam(discriminator.parameters(), rate, (0.5, 0.999))
    ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)
    with open(file, "w", newline="") as output:
        table = csv.writer(output, lineterminator="\n")
        table.writerow(["step", "errD_real", "errD_fake", "errG", "D(x)", "D(G(z))"])
        for step in range(1, steps + 1):
            fakes = generator(torch.randn(64, 64))
            on_real = discriminator(images[torch.randint(len(images), (64,))])
            on_fake = discriminator(fakes.detach())
            loss_real, loss_fake = criterion(on_real, ones), criterion(on_fake, zeros)
            optimizer_d.zero_grad()
            (loss_real + loss_fake).backward()
            optimizer_d.step()
            loss_g = criterion(discriminator(fakes), ones)
            optimizer_g.zero_grad()
            loss_g.backward()
            optimizer_g.step()
            means = probability(on_real).mean(), probability(on_fake).mean()
            table.writerow([step, *(f"{value.item():.4g}" for value in (loss_real, loss_fake, loss_g, *means))])


def main():
    with gzip.open(pathlib.Path(sys.argv[1]) / "train-images-idx3-ubyte.gz") as file:
        pixels = torch.frombuffer(bytearray(file.read()[16:]), dtype=torch.uint8)
    images = pixels.view(-1, 784).float() / 127.5 - 1
    torch.set_num_threads(1)
    if len(sys.argv) > 2:
        for loss, rate in SWEEP:
            for seed in (1, 2, 3):
                train(images, loss, rate, seed, 800, pathlib.Path(sys.argv[2]) / f"{loss}-{rate:g}-{seed}.csv")
        return
    fixtures = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures"
    for name, (loss, rate) in FIXTURES.items():
        train(images, loss, rate, 1, 300, fixtures / f"stuck-{name}.csv")


main()
