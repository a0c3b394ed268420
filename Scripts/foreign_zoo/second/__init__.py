"""The second collection: other architectures, objectives, data, mistakes and logs than the first. See `recipes.py`."""

from . import logs, mistakes, objectives, recipes, training
