"""Logs of a training in the formats that people leave behind.

A log is written after the training, from the numbers of every step. Times in it are invented, but follow from the seed.
"""

import csv
import dataclasses
import datetime
import json
import math
import random

START = datetime.datetime(2024, 3, 4, 9, 12, 41)


@dataclasses.dataclass
class Description:
    """What a log holds, in the words of `cases.csv`."""

    rows: int
    loss_generator: str
    loss_discriminator: str
    step: str
    format: str


class History:
    """The numbers of every step, with the author's pace."""

    def __init__(self, rows, batches, batch, every, seed):
        self.rows = rows
        self.batches = batches
        self.batch = batch
        self.every = every
        pace = random.Random(seed)
        self.seconds = pace.uniform(0.02, 0.2)
        self.start = START + datetime.timedelta(seconds=pace.uniform(0, 3e7))

    @property
    def epochs(self):
        return self.rows[-1]["epoch"] + 1

    def some(self, usual):
        """Each `every`th row, the first one included."""
        return self.rows[::self.every or usual]

    def time(self, row):
        return self.start + datetime.timedelta(seconds=self.seconds * (row["step"] + 1))

    def by_epoch(self):
        """The rows of each epoch."""
        parts = [[] for _ in range(self.epochs)]
        for row in self.rows:
            parts[row["epoch"]].append(row)
        return parts


def mean(rows, name):
    """The mean of the rows that have a value; NaN if one is."""
    values = [row[name] for row in rows if name in row]
    return math.fsum(values) / len(values) if all(map(math.isfinite, values)) else math.nan


def _write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")


def dcgan(history, folder):
    """Lines as those of PyTorch's DCGAN example."""
    lines = []
    rows = history.some(10)
    for row in rows:
        lines.append(
            f"[{row['epoch']}/{history.epochs}][{row['batch']}/{history.batches}] Loss_D: {row['loss_d']:.4f} "
            f"Loss_G: {row['loss_g']:.4f} D(x): {row['d_x']:.4f} D(G(z)): {row['d_gz1']:.4f} / {row['d_gz2']:.4f}\n")
    _write(folder, "log.txt", "Starting Training Loop...\n" + "".join(lines))
    return Description(len(rows), "Loss_G", "Loss_D", "[epoch][batch]", "printed lines of PyTorch's DCGAN example")


def tutorial(history, folder):
    """The same with tabs, as in PyTorch's tutorial."""
    lines = []
    rows = history.some(50)
    for row in rows:
        lines.append(
            f"[{row['epoch']}/{history.epochs}][{row['batch']}/{history.batches}]\tLoss_D: {row['loss_d']:.4f}\t"
            f"Loss_G: {row['loss_g']:.4f}\tD(x): {row['d_x']:.4f}\tD(G(z)): {row['d_gz1']:.4f} / {row['d_gz2']:.4f}\n")
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "Loss_G", "Loss_D", "[epoch][batch]", "printed lines with tabs")


def lindernoren(history, folder):
    """Lines as those of PyTorch-GAN."""
    rows = history.some(1)
    lines = [
        f"[Epoch {row['epoch']}/{history.epochs}] [Batch {row['batch']}/{history.batches}] "
        f"[D loss: {row['loss_d']:f}] [G loss: {row['loss_g']:f}]\n" for row in rows]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "G loss", "D loss", "[Epoch] [Batch]", "bracketed printed lines, each step")


def accuracies(history, folder):
    """Lines as those of Keras-GAN, with the discriminator's accuracy."""
    rows = history.some(20)
    lines = []
    for row in rows:
        share = 50 * (row["accuracy_real"] + row["accuracy_fake"])
        lines.append(f"{row['step']} [D loss: {row['loss_d'] / 2:f}, acc.: {share:.2f}%] [G loss: {row['loss_g']:f}]\n")
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "G loss", "D loss (a mean of the halves)", "first number", "Keras-GAN lines")


def brownlee(history, folder):
    """Lines as those of Brownlee's tutorial."""
    rows = history.some(1)
    lines = [
        f">{row['epoch'] + 1}, {row['batch'] + 1}/{history.batches}, d1={row['loss_d_real']:.3f}, "
        f"d2={row['loss_d_fake']:.3f} g={row['loss_g']:.3f}\n" for row in rows]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "g", "d1 + d2", ">epoch, batch/batches", "printed lines of halves, each step")


def bars(history, folder):
    """A tqdm bar for each epoch, with colors and carriage returns."""
    parts, count = [], 0
    step = history.every or 8
    for epoch, rows in enumerate(history.by_epoch()):
        for done, row in enumerate(rows, 1):
            if done % step and done != len(rows):
                continue
            share = done / history.batches
            full = int(share * 20)
            elapsed = datetime.timedelta(seconds=int(done * history.seconds))
            left = datetime.timedelta(seconds=int((history.batches - done) * history.seconds))
            bar = "█" * full + " " * (20 - full)
            parts.append(
                f"\r\x1b[32mEpoch {epoch + 1}/{history.epochs}\x1b[0m: {100 * share:3.0f}%|{bar}| {done}/{history.batches} "
                f"[{str(elapsed)[2:]}<{str(left)[2:]}, {1 / history.seconds:5.2f}it/s, d_loss={row['loss_d']:.3g}, "
                f"g_loss={row['loss_g']:.3g}]\x1b[A")
            count += 1
        parts.append("\n")
    _write(folder, "log.txt", "".join(parts))
    return Description(count, "g_loss", "d_loss", "done/total in each bar", "tqdm bars with carriage returns and colors")


def pandas_csv(history, folder):
    """`DataFrame.to_csv` with its index."""
    rows = history.some(1)
    with open(folder / "log.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["", "epoch", "D_losses", "G_losses"])
        for index, row in enumerate(rows):
            losses = (row["loss_d"], row["loss_g"])
            table.writerow([index, row["epoch"]] + ["" if math.isnan(loss) else repr(loss) for loss in losses])
    return Description(len(rows), "G_losses", "D_losses", "the index without a name", "CSV by pandas, with its index")


def json_lines(history, folder):
    """One JSON object a line."""
    rows = history.some(25)
    with open(folder / "log.jsonl", "w") as file:
        for row in rows:
            file.write(json.dumps({
                "iter": row["step"], "epoch": row["epoch"], "loss": {"disc": row["loss_d"], "gen": row["loss_g"]},
                "out": {"real": row["d_x"], "fake": row["d_gz1"]}, "time": history.time(row).isoformat()}) + "\n")
    return Description(len(rows), "loss.gen", "loss.disc", "iter", "JSON lines, nested by one level")


def stylegan(history, folder):
    """Lines as those of StyleGAN2-ADA's `stats.jsonl`."""
    size = history.every or 40
    count = 0
    with open(folder / "log.jsonl", "w") as file:
        for start in range(0, len(history.rows), size):
            rows = history.rows[start:start + size]
            line = {}
            for name, key in (("Loss/scores/real", "d_x"), ("Loss/scores/fake", "d_gz1"), ("Loss/G/loss", "loss_g"),
                              ("Loss/D/loss", "loss_d")):
                values = [row[key] for row in rows]
                center = mean(rows, key)
                spread = math.sqrt(math.fsum((value - center) ** 2 for value in values) / len(values))
                line[name] = {"num": len(rows), "mean": center, "std": spread}
            line["Progress/tick"] = {"num": 1, "mean": float(count), "std": 0.0}
            line["Progress/kimg"] = {"num": 1, "mean": (start + len(rows)) * history.batch / 1000, "std": 0.0}
            line["timestamp"] = history.time(rows[-1]).timestamp()
            file.write(json.dumps(line) + "\n")
            count += 1
    return Description(count, "Loss/G/loss", "Loss/D/loss", "Progress/kimg", "JSON lines as of StyleGAN2-ADA")


def pix2pix(history, folder):
    """Lines as those of pytorch-CycleGAN-and-pix2pix."""
    lines = [f"================ Training Loss ({history.start:%a %b %d %H:%M:%S %Y}) ================\n"]
    rows = history.some(20)
    for row in rows:
        halves = (f"D_real: {row['loss_d_real']:.3f} D_fake: {row['loss_d_fake']:.3f}" if "loss_d_real" in row
                  else f"D: {row['loss_d']:.3f}")
        lines.append(
            f"(epoch: {row['epoch'] + 1}, iters: {(row['batch'] + 1) * history.batch}, time: {history.seconds:.3f}, data: 0.002) "
            f"G_GAN: {row['loss_g']:.3f} {halves} \n")
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "G_GAN", "D_real + D_fake", "(epoch, iters)", "lines of pytorch-CycleGAN-and-pix2pix")


def keras(history, folder):
    """Progress bars of Keras 3, of which a log keeps each state; losses are means over the epoch so far."""
    parts, count = [], 0
    for epoch, rows in enumerate(history.by_epoch()):
        parts.append(f"Epoch {epoch + 1}/{history.epochs}\n")
        step = max(1, history.every or len(rows) // 6)
        for done in range(1, len(rows) + 1):
            if done % step and done != len(rows):
                continue
            full = int(20 * done / history.batches)
            seconds = (f"{int(done * history.seconds)}s {1000 * history.seconds:.0f}ms/step" if done == len(rows)
                       else f"{int((history.batches - done) * history.seconds)}s {1000 * history.seconds:.0f}ms/step")
            parts.append(
                ("\b" * 70 + "\r" if done > step else "")
                + f"\x1b[1m{done}/{history.batches}\x1b[0m \x1b[32m{'━' * full}\x1b[0m\x1b[37m{'━' * (20 - full)}\x1b[0m "
                f"\x1b[1m{seconds}\x1b[0m - d_loss: {mean(rows[:done], 'loss_d'):.4f} "
                f"- g_loss: {mean(rows[:done], 'loss_g'):.4f}")
            count += 1
        parts.append("\n")
    _write(folder, "log.txt", "".join(parts))
    return Description(count, "g_loss", "d_loss", "Epoch and done/total", "progress bars of Keras 3, all states")


def lightning(history, folder):
    """`metrics.csv` of Lightning: a line for each logged value, with empty cells."""
    rows = history.some(10)
    with open(folder / "log.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["d_loss", "epoch", "g_loss", "lr-Adam", "step"])
        for row in rows:
            # Lightning counts the steps of all optimizers.
            table.writerow(["", row["epoch"], row["loss_g"], "", 2 * row["step"]])
            table.writerow([row["loss_d"] / 2, row["epoch"], "", "", 2 * row["step"] + 1])
    return Description(len(rows), "g_loss", "d_loss (a mean of the halves)", "step", "sparse CSV of Lightning")


def tensorboard(history, folder):
    """An event file of TensorBoard's, in the folder `log-events`."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise RuntimeError("a run logs to TensorBoard, but tensorboard cannot be imported (pip install tensorboard)") from error
    rows = history.some(5)
    with SummaryWriter(str(folder / "log-events")) as writer:
        for row in rows:
            clock = history.time(row).timestamp()
            writer.add_scalar("Loss/Discriminator", row["loss_d"], row["step"], clock)
            writer.add_scalar("Loss/Generator", row["loss_g"], row["step"], clock)
            writer.add_scalar("Outputs/D(x)", row["d_x"], row["step"], clock)
            writer.add_scalar("Outputs/D(G(z))", row["d_gz1"], row["step"], clock)
    return Description(len(rows), "Loss/Generator", "Loss/Discriminator", "step", "TensorBoard event file")


def epoch_means(history, folder):
    """A line of rounded means an epoch."""
    lines = [f"epoch {epoch} d {mean(rows, 'loss_d'):.3f} g {mean(rows, 'loss_g'):.3f}\n"
             for epoch, rows in enumerate(history.by_epoch())]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(lines), "g", "d", "epoch", "printed means of epochs, rounded to 3 places")


def series_csv(history, folder):
    """One file a series, as TensorBoard's download button writes them."""
    rows = history.some(4)
    for key, name in (("loss_g", "log-gen_loss.csv"), ("loss_d", "log-disc_loss.csv")):
        with open(folder / name, "w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["Wall time", "Step", "Value"])
            table.writerows([history.time(row).timestamp(), row["step"], row[key]] for row in rows)
    return Description(len(rows), "log-gen_loss.csv", "log-disc_loss.csv", "Step", "one CSV file a series")


def series_text(history, folder):
    """One file of bare numbers a series."""
    rows = history.some(2)
    for key, name in (("loss_g", "log-g_loss.txt"), ("loss_d", "log-d_loss.txt")):
        _write(folder, name, "".join(f"{row[key]}\n" for row in rows))
    return Description(len(rows), "log-g_loss.txt", "log-d_loss.txt", "line number", "one text file of numbers a series")


def logger(history, folder):
    """Lines of Python's logging, with other text between."""
    rows = history.some(20)
    lines = [f"{history.start:%Y-%m-%d %H:%M:%S},104 - root - INFO - device: cpu, 2 workers\n"]
    for number, row in enumerate(rows):
        stamp = f"{history.time(row):%Y-%m-%d %H:%M:%S},{history.time(row).microsecond // 1000:03d} - train - INFO - "
        lines.append(f"{stamp}iter {row['step'] + 1}/{len(history.rows)} | loss/dis {row['loss_d']:.5f} | "
                     f"loss/gen {row['loss_g']:.5f} | {history.seconds:.3f} s/iter\n")
        if number % 10 == 9:
            lines.append(f"{stamp}saved samples to samples/{row['step'] + 1:06d}.png\n")
    _write(folder, "log.log", "".join(lines))
    return Description(len(rows), "loss/gen", "loss/dis", "iter", "lines of Python's logging with text between")


def chainer(history, folder):
    """A JSON array as Chainer's `LogReport` writes it."""
    size = history.every or 20
    entries = []
    for start in range(0, len(history.rows), size):
        rows = history.rows[start:start + size]
        last = rows[-1]
        entries.append({
            "dis/loss": mean(rows, "loss_d"), "gen/loss": mean(rows, "loss_g"), "iteration": last["step"] + 1,
            "epoch": last["epoch"], "elapsed_time": round((last["step"] + 1) * history.seconds, 3)})
    _write(folder, "log.json", json.dumps(entries, indent=4))
    return Description(len(entries), "gen/loss", "dis/loss", "iteration", "JSON array as of Chainer's LogReport")


def wandb(history, folder):
    """A chart exported from Weights & Biases."""
    rows = history.some(10)
    names = ["faithful-sun-7 - critic_loss", "faithful-sun-7 - generator_loss"]
    with open(folder / "log.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        table.writerow(["Step"] + [name + part for name in names for part in ("", "__MIN", "__MAX")])
        for row in rows:
            table.writerow([row["step"]] + [row[key] for key in ("loss_d", "loss_g") for _ in range(3)])
    return Description(len(rows), names[1], names[0], "Step", "chart exported from Weights & Biases")


def multiline(history, folder):
    """A record of several lines each."""
    rows = history.some(30)
    lines = []
    for row in rows:
        lines.append(
            f"Iteration {row['step']}:\n\tdiscriminator loss = {row['loss_d']:.6f}\n"
            f"\tgenerator loss = {row['loss_g']:.6f}\n\ttook {30 * history.seconds:.1f} s\n\n")
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "generator loss", "discriminator loss", "Iteration", "records of several lines")


def losses_and_penalty(history, folder):
    """A CSV of WGAN-GP: the critic's loss, its penalty and the Wasserstein estimate."""
    rows = history.some(5)
    with open(folder / "log.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["iteration", "loss_critic", "gp", "w_distance", "loss_gen"])
        for row in rows:
            distance = -(row["loss_d_real"] + row["loss_d_fake"])
            table.writerow([row["step"], f"{row['loss_d']:.6g}", f"{row.get('penalty', 0.0):.6g}", f"{distance:.6g}",
                            f"{row['loss_g']:.6g}"])
    return Description(len(rows), "loss_gen", "loss_critic", "iteration", "CSV with penalty and Wasserstein estimate")


def began(history, folder):
    """Lines of BEGAN implementations."""
    rows = history.some(10)
    lines = [f"[{row['step']}/{len(history.rows)}] Loss_D: {row['loss_d']:.6f} Loss_G: {row['loss_g']:.6f} "
             f"measure: {row['measure']:.4f}, k_t: {row['balance']:.4f}\n" for row in rows]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "Loss_G", "Loss_D", "[step/steps]", "printed lines of BEGAN")


def matrix(history, folder):
    """`numpy.savetxt` without names: step, discriminator, generator."""
    rows = history.some(5)
    lines = [f"{row['step']:.18e} {row['loss_d']:.18e} {row['loss_g']:.18e}\n" for row in rows]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "third column", "second column", "first column", "numpy.savetxt without names")


FORMATS = {
    "dcgan": dcgan, "tutorial": tutorial, "lindernoren": lindernoren, "accuracies": accuracies, "brownlee": brownlee,
    "bars": bars, "pandas": pandas_csv, "jsonl": json_lines, "stylegan": stylegan, "pix2pix": pix2pix, "keras": keras,
    "lightning": lightning, "tensorboard": tensorboard, "epochs": epoch_means, "series-csv": series_csv,
    "series-text": series_text, "logger": logger, "chainer": chainer, "wandb": wandb, "multiline": multiline,
    "penalty": losses_and_penalty, "began": began, "matrix": matrix,
}
