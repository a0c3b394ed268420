"""Samples on disk: arrays, folders of images, and sheets (grids of samples)."""

import numpy
from PIL import Image

SIDE = 28
SHEET = 100


def sheet(samples, columns, padding=0, background=0):
    """Samples `[count, height, width]` as one image, row by row, as `make_grid` arranges them."""
    count, height, width = samples.shape
    rows = -(-count // columns)
    canvas = numpy.full(
        (rows * (height + padding) + padding, columns * (width + padding) + padding), background, numpy.uint8)
    for index in range(count):
        top = index // columns * (height + padding) + padding
        left = index % columns * (width + padding) + padding
        canvas[top:top + height, left:left + width] = samples[index]
    return canvas


def save(samples, folder, kind):
    """Saves samples as an array (`npz`), a folder of images (`png`) or a folder of sheets of 10×10 (`sheets`)."""
    if kind == "npz":
        numpy.savez_compressed(folder / "samples.npz", samples=samples)
        return
    place = folder / "samples"
    place.mkdir()
    if kind == "png":
        for index, sample in enumerate(samples):
            Image.fromarray(sample).save(place / f"{index:05d}.png")
    elif kind == "sheets":
        for start in range(0, len(samples), SHEET):
            grid = sheet(samples[start:start + SHEET], 10, padding=2)
            # `torchvision.utils.save_image` writes three channels.
            Image.fromarray(grid).convert("RGB").save(place / f"fake_samples_{start // SHEET:03d}.png")
    else:
        raise ValueError(f"samples cannot be saved as {kind}")


def read(folder, side=SIDE):
    """The samples of a run, whatever they were saved as: uint8 `[count, side, side]`."""
    if (folder / "samples.npz").exists():
        with numpy.load(folder / "samples.npz") as file:
            return file["samples"].reshape(-1, side, side)
    place = folder / "samples"
    paths = sorted(place.glob("fake_samples_*.png"))
    if not paths:
        paths = sorted(place.glob("*.png"))
        if not paths:
            raise FileNotFoundError(f"{folder} holds neither samples.npz nor samples/*.png")
        return numpy.stack([numpy.asarray(Image.open(path)) for path in paths])
    parts = []
    for path in paths:
        grid = numpy.asarray(Image.open(path).convert("L"))
        step = side + 2
        parts += [grid[top:top + side, left:left + side] for top in range(2, grid.shape[0] - side, step)
                  for left in range(2, grid.shape[1] - side, step)]
    return numpy.stack(parts)
