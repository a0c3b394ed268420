"""Tables and sheets over the runs of a folder."""

import csv
import json
import random

import numpy
from PIL import Image, ImageDraw

from .data import MADE

CASE_COLUMNS = ("case", "truth", "confidence", "rows", "objective", "loss_generator", "loss_discriminator", "step",
                "format", "what_happened", "truth_basis", "source", "license", "reference", "group", "left_out", "meant")
# What samples are compared with: a data set's name, or a path in the folder of the runs.
REFERENCES = {name: f"data/{name}/train-images-idx3-ubyte.gz" for name in MADE}
RUN_COLUMNS = ("case", "group", "seed", "data", "architecture", "objective", "bugs", "outcome", "looked", "lost", "rare",
               "left_out", "thinned", "readable", "diversity", "duplicates", "lowest_share", "samples", "format")


def finished(output):
    """`run.json`, `truth.json` and the folder of each run that has both."""
    for path in sorted(output.glob("*/truth.json")):
        run = json.loads((path.parent / "run.json").read_text())
        yield path.parent, run, json.loads(path.read_text())


def looked_at(output):
    """What a person saw who did not know the runs: the verdict of each run in `looked.csv`, if there is one."""
    path = output / "looked.csv"
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        return {row["case"]: row["verdict"] for row in csv.DictReader(file) if row["verdict"] in SEEN}


# A person's verdicts as outcomes.
SEEN = {"healthy": "healthy", "collapse": "mode-collapse", "failure": "convergence-failure", "both": "both", "unsure": None}


def settled(outcome, seen):
    """The outcome that counts and how sure it is: `unknown` if borderline, or if only one of measure and person sees a failure.

    If both see a failure, the person says of which kind it is.
    """
    if outcome == "borderline":
        return "unknown", "low"
    if seen is None:
        return outcome, "medium"
    if (outcome == "healthy") != (seen == "healthy"):
        return "unknown", "low"
    return seen, "high"


def case(folder, run, truth, seen):
    """A row of `cases.csv`."""
    outcome, confidence = settled(truth["outcome"], seen)
    basis = "; ".join(truth["reasons"]) or "no line of the rule is crossed"
    if truth["lost_by_construction"]:
        basis += "; trained without the lost classes"
    return {
        "case": folder.name, "truth": outcome, "confidence": confidence, "rows": run["log"]["rows"],
        "objective": run["objective"], "loss_generator": run["log"]["loss_generator"],
        "loss_discriminator": run["log"]["loss_discriminator"], "step": run["log"]["step"],
        "format": run["log"]["format"], "what_happened": what_happened(run, truth),
        "truth_basis": f"measured: {truth['outcome']} ({basis})" + (f"; a person sees: {seen}" if seen else ""),
        "source": f"Scripts/make_foreign_zoo.py --only {run['recipe']} --seeds {run['seed']}",
        "license": "made by this project", "reference": REFERENCES.get(run["data"], run["data"]), "group": run["group"],
        "left_out": " ".join(map(str, run["left_out"] + run["thinned"])),
        # Of a run whose one fault is that one class of ten is lost, a warning is right.
        "meant": "warning" if len(truth["lost"]) == 1 and outcome == "mode-collapse" and is_only_lost(truth) else ""}


def is_only_lost(truth):
    """Whether lost classes are all that speaks against a run."""
    return len(truth["reasons"]) == 1 and truth["reasons"][0].startswith("lost")


def what_happened(run, truth):
    parts = list(run["bugs"].values()) + ([run["note"]] if run["note"] else [])
    measures = truth["measures"]
    return (f"{run['architecture']} on {run['data']}, {run['steps']} steps" + (f"; {'; '.join(parts)}" if parts else "")
            + f". {100 * measures['readable']:.0f} % readable, lost classes: {truth['lost'] or 'none'}.")


def write_tables(output):
    """Writes `cases.csv`, in the layout that scoring scripts read, and `index.csv`, with everything else."""
    seen = looked_at(output)
    cases, rows = [], []
    for folder, run, truth in finished(output):
        # Trained without a class, a run has lost it, though a person who sees few samples may not notice.
        verdict = None if truth["lost_by_construction"] else SEEN.get(seen.get(folder.name))
        cases.append(case(folder, run, truth, verdict))
        measures = truth["measures"]
        rows.append({
            "case": folder.name, "group": run["group"], "seed": run["seed"], "data": run["data"],
            "architecture": run["architecture"], "objective": run["objective"], "bugs": " ".join(run["bugs"]),
            "outcome": truth["outcome"], "looked": seen.get(folder.name, ""), "lost": " ".join(map(str, truth["lost"])),
            "rare": " ".join(map(str, truth["rare"])), "left_out": " ".join(map(str, run["left_out"])),
            "thinned": " ".join(map(str, run["thinned"])), "readable": round(measures["readable"], 3),
            "diversity": round(measures["diversity"], 3), "duplicates": round(measures["duplicates"], 3),
            "lowest_share": min(measures["shares"]), "samples": run["samples"], "format": run["log"]["format"]})
    for name, columns, content in (("cases.csv", CASE_COLUMNS, cases), ("index.csv", RUN_COLUMNS, rows)):
        part = output / f".{name}.part"
        with open(part, "w", newline="") as file:
            table = csv.DictWriter(file, columns, lineterminator="\n")
            table.writeheader()
            table.writerows(content)
        part.rename(output / name)
    return len(cases)


def compose_sheets(output, seed, per_page=12):
    """Writes `sheets/page-*.png`: the runs' sheets with numbers only, in random order, and `sheets/key.csv`.

    Write what you see into `looked.csv` (columns case, verdict) before you read the key's names beside the numbers.
    """
    folders = [path.parent for path in sorted(output.glob("*/sheet.png"))]
    random.Random(seed).shuffle(folders)
    target = output / "sheets"
    target.mkdir(exist_ok=True)
    for old in target.glob("page-*.png"):
        old.unlink()
    side, margin = 8 * 28, 16
    for start in range(0, len(folders), per_page):
        part = folders[start:start + per_page]
        rows = -(-len(part) // 4)
        canvas = Image.fromarray(numpy.full((rows * (side + margin), 4 * (side + 8)), 90, numpy.uint8))
        pen = ImageDraw.Draw(canvas)
        for position, folder in enumerate(part):
            left, top = position % 4 * (side + 8), position // 4 * (side + margin)
            page = Image.open(folder / "sheet.png").convert("L")
            canvas.paste(page if page.width == side else page.resize((side, side)), (left, top + margin))
            pen.text((left + 2, top + 2), f"{start + position + 1}", fill=255)
        canvas.resize((canvas.width * 3 // 2, canvas.height * 3 // 2)).save(target / f"page-{start // per_page + 1:02d}.png")
    with open(target / "key.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["number", "case"])
        table.writerows([number, folder.name] for number, folder in enumerate(folders, 1))
    return len(folders)
