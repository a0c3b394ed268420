"""What is true of samples, measured by means of which Equipoise knows nothing.

Measures, in the features of `classifier.Classifier`. "Real" are images of the first half of the training data, which the
classifier did not see.

- A sample is *accepted* if the classifier is sure of its class (a probability of at least 0.8), it is near real images in
  features (nearer to its nearest real one than 97 in 100 other real images are, times 1.25), and near real images of its class
  in pixels (99 in 100 other real ones of the class, times 1.1). Other samples count for no class. Pixels are needed, as the
  features of noise may lie among those of a class.
- `readable`: the share of accepted samples, in proportion to the accepted share of other real images.
- `shares`: each class's share of the accepted samples, in proportion to its share of the accepted real images. A class under 0.1 is lost, one
  under 1/3 is rare.
- `diversity`: the mean distance of pairs of accepted samples of a class, in proportion to that of accepted real ones; the mean over
  the classes that have at least 10. `pixel_diversity`: that of all samples, in pixels and without classes.
- `duplicates`: the share of samples that have a twin: another sample nearer in pixels than half the distance that 99 in 100
  real images keep from their nearest neighbor among as many real images.
- `distance`: the Fréchet distance from the real images, in units of the mean one of a single class alone.
- `coverage`: the share of real images that have a sample nearer than their fifth real neighbor, of as many as samples.

The rule, `outcome`:

| | failed | borderline |
| --- | --- | --- |
| convergence | a sample or a last loss is not finite, or readable under 0.15 | readable under 0.35 |
| modes | two or more lost classes of ten, or diversity under 0.5, or over 0.2 duplicates | one lost class, or diversity under 0.65, or over 0.05 duplicates, or more than three rare classes |

The modes are judged on accepted samples if there are at least 200; with fewer, modes have failed if `pixel_diversity` is
under 0.35 or duplicates are over 0.2. A run that failed at one is not borderline, whatever the other says. A run that was
trained without a class has lost that class, whatever is measured.
"""

import dataclasses
import json
import math
import random

import numpy
import torch

from . import classifier, images
from .data import load, selection, side

CONFIDENT = 0.8
NEAR_SHARE, NEAR_FACTOR = 0.97, 1.25
NEAR_PIXEL_SHARE, NEAR_PIXEL_FACTOR = 0.99, 1.1
MOST_REAL = 6000


@dataclasses.dataclass
class Reference:
    """A data set as the measures need it."""

    network: object
    accuracy: float
    features: torch.Tensor
    fractions: torch.Tensor
    pixels: torch.Tensor
    near: float
    guesses: torch.Tensor
    near_pixels: list
    twin: float
    accepted: float
    diversities: list
    pixel_diversity: float
    unit: float


def distances(queries, points, skip_self=False):
    """The distance of each query to its nearest point, other than itself if `skip_self`."""
    parts = []
    for start in range(0, len(queries), 500):
        part = torch.cdist(queries[start:start + 500], points)
        if skip_self:
            part[torch.arange(len(part)), torch.arange(start, start + len(part))] = math.inf
        parts.append(part.min(1).values)
    return torch.cat(parts) if parts else torch.zeros(0)


def spread(points):
    """The mean distance of pairs."""
    points = points[:1500]
    return torch.pdist(points).mean().item() if len(points) > 1 else math.nan


def frechet(first, second):
    """The Fréchet distance of two sets of features."""
    first, second = first.double().numpy(), second.double().numpy()
    means = first.mean(0) - second.mean(0)
    one, two = numpy.cov(first.T), numpy.cov(second.T)
    values = numpy.linalg.eigvals(one @ two).real.clip(0)
    return float(means @ means + numpy.trace(one) + numpy.trace(two) - 2 * numpy.sqrt(values).sum())


def coverage(samples, real, neighbor=5):
    """The share of real features that have a sample nearer than their fifth real neighbor."""
    count = min(len(samples), len(real))
    samples, real = samples[:count], real[:count]
    radii = torch.cdist(real, real).kthvalue(neighbor + 1, dim=1).values
    return (distances(real, samples) < radii).float().mean().item()


def reference(name, data_folder, folder, report):
    """What the measures compare with, for one data set."""
    data = load(name, data_folder)
    network, accuracy = classifier.load(data, folder, report)
    half = len(data.training) // 2
    real = data.training[:half][:MOST_REAL]
    features, probabilities = classifier.describe(network, real.scaled())
    apart = distances(features, features, skip_self=True)
    near = apart.quantile(NEAR_SHARE).item() * NEAR_FACTOR
    pixels = real.scaled().flatten(1)
    twins = distances(pixels[:2000], pixels[:2000], skip_self=True)
    sure, guesses = probabilities.max(1)
    near_pixels, near_in_class = [], torch.zeros(len(real), dtype=torch.bool)
    for label in range(data.classes):
        members = torch.nonzero(guesses == label).flatten()
        apart_pixels = distances(pixels[members], pixels[members], skip_self=True)
        near_pixels.append(apart_pixels.quantile(NEAR_PIXEL_SHARE).item() * NEAR_PIXEL_FACTOR)
        near_in_class[members] = apart_pixels <= near_pixels[-1]
    accepted = (sure >= CONFIDENT) & (apart <= near) & near_in_class
    alone = [features[real.labels == label] for label in range(data.classes)]
    counts = torch.bincount(guesses[accepted], minlength=data.classes).float()
    return Reference(
        network=network, accuracy=accuracy, features=features, fractions=counts / counts.sum(), pixels=pixels,
        near=near, guesses=guesses, near_pixels=near_pixels, twin=0.5 * twins.quantile(0.01).item(), accepted=accepted.float().mean().item(),
        diversities=[spread(features[accepted & (guesses == label)]) for label in range(data.classes)],
        pixel_diversity=spread(pixels), unit=sum(frechet(features, part) for part in alone) / len(alone))


def measure(samples, real):
    """The measures of samples, uint8 `[count, side, side]`."""
    scaled = torch.tensor(samples).float()[:, None] / 127.5 - 1
    features, probabilities = classifier.describe(real.network, scaled)
    sure, guesses = probabilities.max(1)
    pixels = scaled.flatten(1)
    near = distances(features, real.features) <= real.near
    for label, limit in enumerate(real.near_pixels):
        members = torch.nonzero(guesses == label).flatten()
        near[members] &= distances(pixels[members], real.pixels[real.guesses == label]) <= limit
    accepted = (sure >= CONFIDENT) & near
    counts = torch.bincount(guesses[accepted], minlength=len(real.fractions))
    total = max(1, int(counts.sum()))
    ratios = []
    for label, of_real in enumerate(real.diversities):
        members = features[accepted & (guesses == label)]
        if len(members) >= 10:
            ratios.append(spread(members) / of_real)
    return {
        "samples": len(samples), "accepted": total if counts.sum() else 0,
        "readable": accepted.float().mean().item() / real.accepted,
        "confident": (sure >= CONFIDENT).float().mean().item(), "near": near.float().mean().item(),
        "counts": counts.tolist(), "counts_without_rejection": torch.bincount(guesses, minlength=len(counts)).tolist(),
        "shares": [round(value, 4) for value in (counts / total / real.fractions).tolist()],
        "diversity": sum(ratios) / len(ratios) if ratios else 0.0, "lowest_diversity": min(ratios, default=0.0),
        "pixel_diversity": spread(pixels) / real.pixel_diversity,
        "duplicates": (distances(pixels, pixels, skip_self=True) < real.twin).float().mean().item(),
        "distance": frechet(real.features, features) / real.unit, "coverage": coverage(features, real.features),
        "classifier_accuracy": real.accuracy}


def judge(measures, nonfinite, left_out=(), thinned=()):
    """The outcome by the rule above, the lost and rare classes, and the reasons in words."""
    shares = measures["shares"]
    judged = measures["accepted"] >= 200
    measured_lost = [label for label, share in enumerate(shares) if share < 0.1] if judged else []
    lost = sorted(set(measured_lost) | set(left_out))
    rare = sorted({label for label, share in enumerate(shares) if judged and share < 1 / 3} - set(lost) | set(thinned) - set(lost))
    failed, borderline = {}, {}

    def add(failure, reason, is_failed, is_borderline=True):
        if is_failed:
            failed.setdefault(failure, []).append(reason)
        elif is_borderline:
            borderline.setdefault(failure, []).append(reason)

    readable, duplicates = measures["readable"], measures["duplicates"]
    add("convergence-failure", "values are not finite", nonfinite, False)
    add("convergence-failure", f"{100 * readable:.0f} % readable", readable < 0.15, readable < 0.35)
    add("mode-collapse", f"{100 * duplicates:.0f} % duplicates", duplicates > 0.2, duplicates > 0.05)
    if judged:
        diversity = measures["diversity"]
        add("mode-collapse", f"{diversity:.2f} of the data's diversity within classes", diversity < 0.5, diversity < 0.65)
    else:
        diversity = measures["pixel_diversity"]
        add("mode-collapse", f"{diversity:.2f} of the data's diversity in pixels", diversity < 0.35, False)
    add("mode-collapse", f"lost classes: {', '.join(map(str, lost))}", len(lost) >= 2 or bool(left_out), len(lost) == 1)
    add("mode-collapse", f"rare classes: {', '.join(map(str, rare))}", False, len(rare) > 3 or bool(thinned))
    if len(failed) == 2:
        outcome = "both"
    elif failed:
        outcome = next(iter(failed))
    else:
        outcome = "borderline" if borderline else "healthy"
    reasons = [reason for part in (failed or borderline).values() for reason in part]
    return {"outcome": outcome, "lost": lost, "rare": rare, "reasons": reasons,
            "lost_by_measure": measured_lost, "lost_by_construction": list(left_out),
            "rare_by_construction": list(thinned)}


def measure_all(output, data_folder, report, again=False):
    """Writes `truth.json` into every finished run under `output` that has none, or into all of them if `again`."""
    references = {}
    for path in sorted(output.glob("*/run.json")):
        run = json.loads(path.read_text())
        target = path.with_name("truth.json")
        if run["failed"] or (target.exists() and not again):
            continue
        if run["data"] not in references:
            references[run["data"]] = reference(run["data"], data_folder, output / "classifiers", report)
        measures = measure(images.read(path.parent, side(run["data"])), references[run["data"]])
        nonfinite = run["nonfinite_samples"] > 0 or run["nonfinite_losses"] > 0
        verdict = judge(measures, nonfinite, run["left_out"], run["thinned"])
        temporary = target.with_suffix(".part")
        temporary.write_text(json.dumps({**verdict, "measures": measures}, indent=2) + "\n")
        temporary.rename(target)
        report(f"{run['name']}: {verdict['outcome']} ({'; '.join(verdict['reasons']) or 'no line crossed'})")


def check(output, data_folder, report, names, draws=10):
    """Measures held-out real images without known classes: the rule must name these classes, and no others.

    Only for those of the named data sets with 4,000 held-out images. Returns how many draws were measured right, and how many there were.
    """
    right = total = 0
    choose = random.Random(31)
    for name in names:
        data = load(name, data_folder)
        if len(data.held_out) < 4000:
            continue
        real = reference(name, data_folder, output / "classifiers", report)
        for missing in range(4):
            hits = 0
            for draw in range(draws):
                left_out = sorted(choose.sample(range(data.classes), missing))
                part = selection(data.held_out, left_out, count=2000, seed=draw)
                verdict = judge(measure(part.images[:, 0].numpy(), real), nonfinite=False)
                expected = ("healthy", "borderline", "mode-collapse", "mode-collapse")[missing]
                hits += verdict["outcome"] == expected and verdict["lost"] == left_out
            report(f"{name} without {missing} classes: {hits} of {draws} right")
            right, total = right + hits, total + draws
    return right, total
