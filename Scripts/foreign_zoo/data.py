"""Labelled images: MNIST, Fashion-MNIST, scikit-learn's digits enlarged to 28×28, letters, and MNIST at 32×32."""

import dataclasses
import functools
import gzip
import os
import pathlib
import struct

import numpy
import torch

from . import letters

NAMES = ("mnist", "fashion-mnist", "digits")
# Data of the second collection, at 32×32.
SECOND_NAMES = ("letters", "mnist-32")
# Data that no package provides as IDX files; others can compare samples with an exported copy.
MADE = ("digits",) + SECOND_NAMES
FASHION_FOLDER = pathlib.Path("/usr/share/datasets/fashion-mnist")
DIGITS_HELD_OUT = 297


@dataclasses.dataclass(frozen=True)
class Images:
    """Images as uint8 `[count, 1, height, width]` and their classes as int64 `[count]`."""

    images: torch.Tensor
    labels: torch.Tensor

    def __len__(self):
        return len(self.images)

    def __getitem__(self, chosen):
        return Images(self.images[chosen], self.labels[chosen])

    def scaled(self):
        """The images as float32 in [-1, 1]."""
        return self.images.float() / 127.5 - 1


@dataclasses.dataclass(frozen=True)
class Data:
    """One data set: `training` is for GANs, `held_out` for comparisons."""

    name: str
    training: Images
    held_out: Images
    classes: int = 10


def read_idx(path):
    """The array in an IDX file, which may be compressed."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        content = file.read()
    if content[:3] != b"\0\0\x08":
        raise ValueError(f"{path}: not an IDX file of bytes")
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4:4 + 4 * dimensions])
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)


def write_idx(path, array):
    """Writes bytes as a compressed IDX file; the same bytes give the same file."""
    header = b"\0\0\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    with open(path, "wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
        packed.write(header + array.tobytes())


def _idx_images(folder, part):
    def read(kind):
        for name in (f"{part}-{kind}-ubyte", f"{part}-{kind}-ubyte.gz", f"{part}-{kind.replace('-idx', '.idx')}-ubyte"):
            if (folder / name).exists():
                return read_idx(folder / name)
        raise FileNotFoundError(f"{folder} holds no {part}-{kind}-ubyte(.gz)")

    images, labels = read("images-idx3"), read("labels-idx1")
    return Images(torch.tensor(images)[:, None], torch.tensor(labels, dtype=torch.int64))


def _digits():
    from sklearn.datasets import load_digits

    source = load_digits()
    small = torch.tensor(source.images, dtype=torch.float32)[:, None] / 16
    large = torch.nn.functional.interpolate(small, size=28, mode="bicubic", align_corners=False).clamp(0, 1)
    everything = Images((large * 255).round().to(torch.uint8), torch.tensor(source.target, dtype=torch.int64))
    order = torch.randperm(len(everything), generator=torch.Generator().manual_seed(1797))
    held_out, training = order[:DIGITS_HELD_OUT], order[DIGITS_HELD_OUT:]
    return Data("digits", everything[training], everything[held_out])


def side(name):
    """The height and width of a data set's images."""
    return 32 if name in SECOND_NAMES else 28


def _letters():
    images, labels = letters.make()
    everything = Images(images, labels)
    return Data("letters", everything[:letters.TRAINING], everything[letters.TRAINING:])


def _enlarged(images):
    """Images at 32×32, as `torchvision.transforms.Resize(32)` makes them."""
    parts = [torch.nn.functional.interpolate(part.float(), size=32, mode="bilinear", align_corners=False)
             for part in images.images.split(5000)]
    return Images(torch.cat([part.round().to(torch.uint8) for part in parts]), images.labels)


@functools.lru_cache(maxsize=None)
def load(name, folder=None):
    """Loads a data set.

    `folder` is the one that holds `mnist/` (and `fashion-mnist/`, if Debian's package `dataset-fashion-mnist` is not
    installed); `$EQUIPOISE_DATA` where it is not given.
    """
    if name == "digits":
        return _digits()
    if name == "letters":
        return _letters()
    if name == "mnist-32":
        source = load("mnist", folder)
        return Data(name, _enlarged(source.training), _enlarged(source.held_out))
    if name not in NAMES:
        raise ValueError(f"unknown data set {name}; known are {', '.join(NAMES + SECOND_NAMES)}")
    root = pathlib.Path(folder or os.environ.get("EQUIPOISE_DATA", "."))
    places = [root / name] + ([FASHION_FOLDER] if name == "fashion-mnist" else [root])
    place = next((place for place in places if place.is_dir() and list(place.glob("train-images*"))), None)
    if place is None:
        raise FileNotFoundError(f"no {name} in {' or '.join(map(str, places))}; give its parent folder with --data")
    return Data(name, _idx_images(place, "train"), _idx_images(place, "t10k"))


def export(data, folder):
    """Writes a data set as IDX files, so that other programs can compare samples with it."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, images in (("train", data.training), ("t10k", data.held_out)):
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", images.images[:, 0].numpy())
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", images.labels.to(torch.uint8).numpy())


def selection(images, left_out=(), thinned=(), count=None, seed=0):
    """Images without the classes `left_out`, with a tenth of the classes `thinned`, and at most `count` of them."""
    generator = torch.Generator().manual_seed(seed)
    kept = torch.rand(len(images), generator=generator) < 0.1
    rare = torch.isin(images.labels, torch.tensor(thinned, dtype=torch.int64))
    lost = torch.isin(images.labels, torch.tensor(left_out, dtype=torch.int64))
    indices = torch.nonzero(~lost & (~rare | kept)).flatten()
    indices = indices[torch.randperm(len(indices), generator=generator)]
    return images[indices[:count] if count else indices]
