"""Runs of the zoo: a recipe with a seed, trained into a folder."""

import concurrent.futures
import dataclasses
import json
import multiprocessing
import os
import shutil
import time
import traceback

import torch

from . import data, images, logs, objectives, second, training


@dataclasses.dataclass(frozen=True)
class Kit:
    """What the runs of a collection are made with."""

    training: type
    mistakes: dict
    objectives: dict
    formats: dict


KITS = {
    "first": Kit(training.Training, training.BUGS, objectives.NAMES, logs.FORMATS),
    "second": Kit(second.training.Training, second.mistakes.DESCRIPTIONS, second.objectives.NAMES, second.logs.FORMATS),
}


@dataclasses.dataclass(frozen=True)
class Run:
    """A recipe and a seed."""

    recipe: object
    seed: int

    @property
    def name(self):
        return f"{self.recipe.name}-s{self.seed}"


def is_finished(folder):
    """Whether a folder holds a run, which may have failed with an exception."""
    return (folder / "run.json").exists()


def describe(run, outcome, description, seconds, steps_scale):
    """The content of `run.json`."""
    recipe = run.recipe
    kit = KITS[recipe.collection]
    losses = [row[key] for row in outcome.rows for key in ("loss_d", "loss_g")]
    return {
        "name": run.name, "recipe": recipe.name, "group": recipe.group, "seed": run.seed, "data": recipe.data,
        "architecture": recipe.architecture, "objective": kit.objectives[recipe.objective], "note": recipe.note,
        "bugs": {bug: kit.mistakes[bug] for bug in recipe.bugs}, "left_out": list(recipe.left_out),
        "thinned": list(recipe.thinned), "steps": len(outcome.rows), "steps_scale": steps_scale,
        "batches_per_epoch": outcome.batches, "settings": dataclasses.asdict(recipe),
        "log": dataclasses.asdict(description), "samples": recipe.saved,
        "nonfinite_samples": outcome.nonfinite_samples,
        "nonfinite_losses": sum(not abs(loss) < float("inf") for loss in losses) / len(losses),
        "seconds": round(seconds, 1), "torch": torch.__version__, "failed": None}


def train(run, output, data_folder, steps_scale):
    """Trains one run and returns a line about it. A run that raises leaves its message in `run.json`."""
    torch.set_num_threads(1)
    # Vanishing gradients become denormal numbers, with which a processor is slow.
    torch.set_flush_denormal(True)
    final, folder = output / run.name, output / f".{run.name}.part"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start, processor = time.monotonic(), time.process_time()
    try:
        recipe = run.recipe
        kit = KITS[recipe.collection]
        outcome = kit.training(run.recipe, run.seed, data.load(recipe.data, data_folder), steps_scale).run()
        history = logs.History(outcome.rows, outcome.batches, recipe.batch, recipe.every, run.name)
        description = kit.formats[recipe.log](history, folder)
        samples = outcome.samples.numpy()
        images.save(samples, folder, recipe.saved)
        images.Image.fromarray(images.sheet(samples[:64], 8)).save(folder / "sheet.png")
        seconds = time.monotonic() - start
        content = {**describe(run, outcome, description, seconds, steps_scale),
                   "processor_seconds": round(time.process_time() - processor, 1)}
        last = outcome.rows[-1]
        line = f"{run.name}: {len(outcome.rows)} steps, d {last['loss_d']:.3f}, g {last['loss_g']:.3f}, {seconds:.0f} s"
    except Exception as error:
        content = {"name": run.name, "recipe": run.recipe.name, "group": run.recipe.group, "seed": run.seed,
                   "failed": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        line = f"{run.name}: failed: {error}"
    (folder / "run.json").write_text(json.dumps(content, indent=2) + "\n")
    shutil.rmtree(final, ignore_errors=True)
    os.rename(folder, final)
    return line


def train_all(runs, output, data_folder, steps_scale, jobs, report):
    """Trains the runs that are not finished yet, in their order."""
    waiting = [run for run in runs if not is_finished(output / run.name)]
    if len(waiting) < len(runs):
        report(f"{len(runs) - len(waiting)} of {len(runs)} runs are finished already")
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(jobs, mp_context=context) as pool:
        futures = [pool.submit(train, run, output, data_folder, steps_scale) for run in waiting]
        for count, future in enumerate(concurrent.futures.as_completed(futures), 1):
            report(f"[{count}/{len(waiting)}] {future.result()}")
