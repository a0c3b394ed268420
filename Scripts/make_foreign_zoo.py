#!/usr/bin/env python3
"""Trains a zoo of GANs in plain PyTorch, as strangers train them, and measures what became of each.

    python3 -m venv .venv && .venv/bin/pip install -r Scripts/requirements-foreign-zoo.txt
    .venv/bin/python Scripts/make_foreign_zoo.py OUT --data FOLDER     trains; finished runs are kept
    .venv/bin/python Scripts/make_foreign_zoo.py OUT --sheets          numbered sheets without names, to look at first
    .venv/bin/python Scripts/make_foreign_zoo.py OUT --truth           measures the truth and writes the tables

Each run is a folder of its log, its samples, `sheet.png`, `run.json` and `truth.json`. `OUT/cases.csv` lists all of them in
the layout that `Scripts/score_cases` reads, and `OUT/index.csv` in more detail. `Documentation/foreign-zoo.md` says what the
runs are and how the truth is defined; `foreign_zoo/truth.py` holds the rule.
"""

import argparse
import pathlib
import sys


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path, nargs="?", help="folder of the runs")
    parser.add_argument("--data", help="folder that holds mnist/ (default: $EQUIPOISE_DATA)")
    parser.add_argument("--collection", choices=("first", "second"), default="first", help="recipes (default: first)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="recipes, by their whole name")
    parser.add_argument("--group", nargs="+", choices=("sound", "bug", "leave-out", "complete"), help="kinds of recipes")
    parser.add_argument("--seeds", default="1", help="seeds, separated by commas (default: 1)")
    parser.add_argument("--first", type=int, metavar="COUNT", help="only the first recipes of those chosen")
    parser.add_argument("--steps-scale", type=float, default=1.0, help="factor of all numbers of steps")
    parser.add_argument("--jobs", type=int, default=1, help="trainings at a time, with one thread each")
    parser.add_argument("--list", action="store_true", help="list the recipes")
    parser.add_argument("--truth", action="store_true", help="measure the truth about finished runs")
    parser.add_argument("--check", action="store_true", help="measure real images without known classes, as a test of the truth")
    parser.add_argument("--again", action="store_true", help="with --truth: also where it was measured before")
    parser.add_argument("--sheets", action="store_true", help="compose the sheets of all runs for looking")
    return parser.parse_args()


def report(line):
    print(line, flush=True)


def chosen(recipes, only, groups, first):
    known = {recipe.name for recipe in recipes}
    unknown = [name for name in only or [] if name not in known]
    if unknown:
        sys.exit(f"unknown recipes: {', '.join(unknown)} (--list prints all)")
    recipes = [recipe for recipe in recipes
               if (not only or recipe.name in only) and (not groups or recipe.group in groups)]
    return recipes[:first]


def list_recipes(recipes):
    for recipe in recipes:
        what = " ".join(recipe.bugs) or recipe.note
        print(f"{recipe.name:34} {recipe.group:9} {recipe.architecture:12} {recipe.objective:18} {recipe.data:14} "
              f"{recipe.log:12} {what}")
    print(f"{len(recipes)} recipes")


def main():
    options = arguments()
    import torch

    from foreign_zoo import data, index, recipes, runner, second, truth

    torch.set_num_threads(1)

    collection = {"first": recipes, "second": second.recipes}[options.collection]
    selected = chosen(collection.all_recipes(), options.only, options.group, options.first)
    if options.list:
        return list_recipes(selected)
    if options.output is None:
        sys.exit("name a folder for the runs")
    options.output.mkdir(parents=True, exist_ok=True)
    if options.sheets:
        count = index.compose_sheets(options.output, seed=20)
        return report(f"{count} sheets in {options.output / 'sheets'}; note verdicts in {options.output / 'looked.csv'}")
    if options.check:
        names = {"first": data.NAMES, "second": data.SECOND_NAMES}[options.collection]
        right, total = truth.check(options.output, options.data, report, names)
        report(f"{right} of {total} right")
        return sys.exit(right < total)
    if options.truth:
        truth.measure_all(options.output, options.data, report, options.again)
        return report(f"{index.write_tables(options.output)} runs in {options.output / 'cases.csv'}")
    seeds = [int(seed) for seed in options.seeds.split(",")]
    runs = [runner.Run(recipe, seed) for seed in seeds for recipe in selected]
    for name in sorted({run.recipe.data for run in runs}):
        content = data.load(name, options.data)
        if name in data.MADE and not (options.output / "data" / name).exists():
            data.export(content, options.output / "data" / name)
    runner.train_all(runs, options.output, options.data, options.steps_scale, options.jobs, report)


if __name__ == "__main__":
    main()
