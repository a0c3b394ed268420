"""What an author of the second collection chooses."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Recipe:
    """One training: what its author chose, and what they got wrong.

    The logged loss of the discriminator includes its penalty if `penalty_logged`. A log of a format that prints a score gets
    one if `scored`. `averaged` is the decay of the average of weights that samples are drawn from.
    """

    name: str
    group: str
    architecture: str
    objective: str = "bce"
    data: str = "mnist"
    log: str = "dcgan"
    width: int = 16
    discriminator_width: int | None = None
    generator_options: tuple = ()
    discriminator_options: tuple = ()
    latent: int = 64
    batch: int = 32
    steps: int = 1500
    rate_g: float = 0.001
    rate_d: float = 0.0005
    beta1: float = 0.5
    beta2: float = 0.999
    epsilon: float = 1e-8
    steps_d: int = 1
    steps_g: int = 1
    optimizer: str = "adam"
    penalty: str | None = None
    penalty_weight: float = 10.0
    penalty_every: int = 1
    penalty_logged: bool = True
    class_weight: float = 1.0
    reconstruction_weight: float = 5.0
    divergence_weight: float = 1.0
    images: int | None = None
    left_out: tuple = ()
    thinned: tuple = ()
    bugs: tuple = ()
    averaged: float | None = None
    scored: bool = False
    every: int | None = None
    saved: str = "npz"
    samples: int = 2000
    note: str = ""

    # It has no type annotation, so it is not a field of the dataclass.
    collection = "second"
