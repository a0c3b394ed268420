#!/usr/bin/env python3
"""Makes Tests/Fixtures/events.out.tfevents.1 with PyTorch's SummaryWriter, for the reader of TensorBoard's event files.

    python3 -m venv .venv && .venv/bin/pip install torch==2.13.0 tensorboard==2.20.0
    .venv/bin/python Scripts/make_event_file.py
"""

import pathlib
import shutil
import tempfile

from torch.utils.tensorboard import SummaryWriter

target = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "events.out.tfevents.1"
with tempfile.TemporaryDirectory() as folder:
    with SummaryWriter(folder) as writer:
        writer.add_scalar("loss/G", 1.5, 7, walltime=1.0)
        writer.add_scalar("loss/D", 0.25, 7, walltime=1.0, new_style=True)
        writer.add_scalar("loss/G", float("nan"), 9, walltime=2.0)
    (event_file,) = pathlib.Path(folder).iterdir()
    shutil.copy(event_file, target)
print(target, target.stat().st_size, "bytes")
