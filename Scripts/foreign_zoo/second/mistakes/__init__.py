"""The mistakes of the second collection, by topic. Those that only take a setting or an objective are in the recipes."""

from . import data, networks, optimization, sampling

MISTAKES = {**data.MISTAKES, **networks.MISTAKES, **optimization.MISTAKES, **sampling.MISTAKES}
DESCRIPTIONS = {name: kind.description for name, kind in MISTAKES.items()}
