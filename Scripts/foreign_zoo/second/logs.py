"""Log formats of programs that the first collection does not imitate."""

import csv
import datetime
import json
import math

from ..logs import FORMATS as FIRST
from ..logs import Description, _write, mean


def _clock(seconds):
    return str(datetime.timedelta(seconds=int(seconds)))


def _with_scores(history, usual):
    """The rows of a log, each with the score that was measured since the one before, if there is one."""
    stride = history.every or usual
    for row in history.some(usual):
        window = history.rows[max(0, row["step"] - stride + 1):row["step"] + 1]
        yield row, next((other["score"] for other in window if "score" in other), None)


def stylegan_ticks(history, folder):
    """StyleGAN2-ADA: `stats.jsonl`, and its printed ticks, which hold no losses, beside it."""
    size, lines, count = history.every or 40, ["", "Training for 25000 kimg...", ""], 0
    with open(folder / "log.jsonl", "w") as file:
        for start in range(0, len(history.rows), size):
            rows = history.rows[start:start + size]
            images = (start + len(rows)) * history.batch / 1000
            seconds = (start + len(rows)) * history.seconds
            lines.append(
                f"tick {count:<5d} kimg {images:<8.1f} time {_clock(seconds):<12s} sec/tick {size * history.seconds:<7.1f} "
                f"sec/kimg {1000 * history.seconds / history.batch:<7.2f} maintenance {0.1 if count else 5.2:<6.1f} "
                f"cpumem {3.41:<6.2f} gpumem {1.92:<6.2f} augment 0.000")
            line = {}
            for name, key in (("Loss/scores/fake", "d_gz1"), ("Loss/scores/real", "d_x"), ("Loss/G/loss", "loss_g"),
                              ("Loss/D/loss", "loss_d"), ("Loss/r1_penalty", "penalty")):
                values = [row[key] for row in rows if key in row]
                if values:
                    center = mean(rows, key)
                    spread = math.sqrt(math.fsum((value - center) ** 2 for value in values) / len(values))
                    line[name] = {"num": len(values), "mean": center, "std": spread}
            line["Progress/tick"] = {"num": 1, "mean": float(count), "std": 0.0}
            line["Progress/kimg"] = {"num": 1, "mean": images, "std": 0.0}
            line["timestamp"] = history.time(rows[-1]).timestamp()
            file.write(json.dumps(line) + "\n")
            score = [row["score"] for row in rows if "score" in row]
            if score:
                lines.append(json.dumps({"results": {"fid50k_full": score[-1]}, "metric": "fid50k_full", "total_time": 41.7,
                                         "snapshot_pkl": f"network-snapshot-{int(images):06d}.pkl"}))
            count += 1
    _write(folder, "printed.txt", "\n".join(lines) + "\n")
    return Description(count, "Loss/G/loss", "Loss/D/loss", "Progress/kimg", "StyleGAN2-ADA: ticks and stats.jsonl")


def biggan(history, folder):
    """BigGAN-PyTorch: a bar with losses a step."""
    lines, rows = [], history.some(4)
    for row in rows:
        done = row["step"] + 1
        share = 100 * (row["batch"] + 1) / history.batches
        halves = (f"G_loss : {row['loss_g']:+4.3f}, D_loss_real : {row['loss_d_real']:+4.3f}, "
                  f"D_loss_fake : {row['loss_d_fake']:+4.3f}")
        lines.append(f"{row['batch'] + 1}/{history.batches} ({share:5.2f}%) (TE/ETA: {done * history.seconds / 60:.0f}:"
                     f"{done * history.seconds % 60:02.0f} / 0:00) itr: {done}, {halves}\n")
    _write(folder, "log.txt", "Experiment name is BigGAN_digits_seed0_Gch16_Dch16\n" + "".join(lines))
    return Description(len(rows), "G_loss", "D_loss_real + D_loss_fake", "itr", "bars of BigGAN-PyTorch")


def biggan_jsonl(history, folder):
    """BigGAN-PyTorch's metrics: one object a line, losses of halves."""
    rows = history.some(10)
    with open(folder / "log.jsonl", "w") as file:
        for row, score in _with_scores(history, 10):
            line = {"itr": row["step"] + 1, "G_loss": row["loss_g"], "D_loss_real": row["loss_d_real"],
                    "D_loss_fake": row["loss_d_fake"]}
            if score is not None:
                line["FID"] = score
            file.write(json.dumps({**line, "_stamp": history.time(row).timestamp()}) + "\n")
    return Description(len(rows), "G_loss", "D_loss_real + D_loss_fake", "itr", "JSON lines of BigGAN-PyTorch")


def studiogan(history, folder):
    """PyTorch-StudioGAN: lines of logging with a table-like layout."""
    lines = []
    for row, score in _with_scores(history, 20):
        stamp = f"[INFO] {history.time(row):%Y-%m-%d %H:%M:%S} > "
        done = row["step"] + 1
        lines.append(
            f"{stamp}Step: {done:>7d}  Progress: {done / len(history.rows):<9.1%}  "
            f"Elapsed: {_clock(done * history.seconds)}  Gen_loss: {row['loss_g']:<10.4f}  Dis_loss: {row['loss_d']:<10.4f}  "
            f"Cls_loss: {row.get('class_loss', 0):<8.4f}\n")
        if score is not None:
            lines.append(f"{stamp}FID score (Step: {done}, Using train moments): {score:.4f}\n")
    head = f"[INFO] {history.start:%Y-%m-%d %H:%M:%S} > Run name : MNIST-DCGAN-train-2024\n"
    _write(folder, "log.log", head + "".join(lines))
    return Description(len(history.some(20)), "Gen_loss", "Dis_loss", "Step", "logger lines of PyTorch-StudioGAN")


def lucidrains(history, folder):
    """lucidrains' stylegan2-pytorch: bars' descriptions, pieces only where they are known."""
    rows, lines, penalty = history.some(25), [], None
    shown = {row["step"] for row in rows}
    for row in history.rows:
        penalty = row.get("penalty", penalty)
        if row["step"] in shown:
            pieces = [f"G: {row['loss_g']:.2f}", f"D: {row['loss_d']:.2f}"]
            if penalty is not None:
                pieces.append(f"GP: {penalty:.2f}")
            lines.append(" | ".join(pieces) + "\n")
    _write(folder, "log.txt", "continuing from previous epoch - 0\ndefault<data>:   0%|          | 0/150000\n"
           + "".join(lines))
    return Description(len(rows), "G", "D", "line number (each 25 steps)", "lines of lucidrains' stylegan2-pytorch")


def mmengine(history, folder):
    """MMGeneration: lines of an iteration, with rates."""
    lines = []
    total = len(history.rows)
    for row, score in _with_scores(history, 20):
        time = history.time(row)
        left = _clock((total - row["step"]) * history.seconds)
        lines.append(
            f"{time:%Y/%m/%d %H:%M:%S} - mmengine - INFO - Iter(train) [{row['step'] + 1:6d}/{total}]  "
            f"generator_lr: {row['rate_g']:.4e}  discriminator_lr: {row['rate_d']:.4e}  eta: {left}  "
            f"time: {history.seconds:.4f}  data_time: 0.0031  memory: 412  loss_gen: {row['loss_g']:.4f}  "
            f"loss_disc: {row['loss_d']:.4f}\n")
        if score is not None:
            lines.append(f"{time:%Y/%m/%d %H:%M:%S} - mmengine - INFO - Iter(val) [5/5]    FID/fid: {score:.4f}\n")
    _write(folder, "log.log", "".join(lines))
    return Description(len(history.some(20)), "loss_gen", "loss_disc", "Iter(train)", "lines of MMGeneration on mmengine")


def mmgen_json(history, folder):
    """MMGeneration 0.x: `*.log.json`, with a line about the environment first."""
    rows = history.some(20)
    with open(folder / "log.json", "w") as file:
        file.write(json.dumps({"env_info": "sys.platform: linux\nPython: 3.8.10", "seed": 0, "exp_name": "dcgan.py"}) + "\n")
        for row in rows:
            file.write(json.dumps({
                "mode": "train", "epoch": row["epoch"] + 1, "iter": row["step"] + 1, "lr": row["rate_g"], "memory": 412,
                "data_time": 0.003, "loss_disc_real": round(row.get("loss_d_real", row["loss_d"] / 2), 5),
                "loss_disc_fake": round(row.get("loss_d_fake", row["loss_d"] / 2), 5), "loss": round(row["loss_d"], 5),
                "loss_disc_fake_g": round(row["loss_g"], 5), "time": round(history.seconds, 4)}) + "\n")
    return Description(len(rows), "loss_disc_fake_g", "loss (of the discriminator)", "iter", "log.json of MMGeneration 0.x")


def lightning_bar(history, folder):
    """A progress bar of PyTorch Lightning, in which a log keeps each refresh."""
    parts, count, step = ["GPU available: False, used: False\n"], 0, history.every or 20
    for epoch, rows in enumerate(history.by_epoch()):
        for done, row in enumerate(rows, 1):
            if done % step and done != len(rows):
                continue
            share = done / history.batches
            bar = "█" * int(share * 10) + " " * (10 - int(share * 10))
            parts.append(
                f"\rEpoch {epoch}: {100 * share:3.0f}%|{bar}| {done}/{history.batches} [{_clock(done * history.seconds)[2:]}<"
                f"{_clock((history.batches - done) * history.seconds)[2:]}, {1 / history.seconds:5.2f}it/s, v_num=3, "
                f"g_loss={row['loss_g']:.3f}, d_loss={row['loss_d'] / 2:.3f}]")
            count += 1
    parts.append("\n`Trainer.fit` stopped.\n")
    _write(folder, "log.txt", "".join(parts))
    return Description(count, "g_loss", "d_loss (a mean of the halves)", "done/total in each bar",
                       "progress bar of PyTorch Lightning")


def tensorflow(history, folder):
    """The TensorFlow tutorial's line of an epoch, with losses that people add."""
    lines = []
    epochs = history.by_epoch()
    for epoch, rows in enumerate(epochs, 1):
        lines.append(f"Epoch {epoch}, gen loss={mean(rows, 'loss_g'):.5f}, disc loss={mean(rows, 'loss_d'):.5f}\n"
                     f"Time for epoch {epoch} is {len(rows) * history.seconds:.14f} sec\n")
    _write(folder, "log.txt", "".join(lines))
    return Description(len(epochs), "gen loss", "disc loss", "Epoch", "lines of TensorFlow's DCGAN tutorial, with losses")


def accelerate(history, folder):
    """A script on Hugging Face accelerate: its logger's lines and dictionaries."""
    rows, lines = history.some(25), []
    for row in rows:
        time = history.time(row)
        values = {"loss_g": round(row["loss_g"], 6), "loss_d": round(row["loss_d"], 6), "lr": row["rate_g"],
                  "step": row["step"], "epoch": round(row["step"] / history.batches, 2)}
        lines.append(f"{time:%m/%d/%Y %H:%M:%S} - INFO - __main__ - {values}\n")
    head = (f"{history.start:%m/%d/%Y %H:%M:%S} - INFO - __main__ - ***** Running training *****\n"
            f"{history.start:%m/%d/%Y %H:%M:%S} - INFO - __main__ -   Instantaneous batch size per device = {history.batch}\n")
    _write(folder, "log.txt", head + "".join(lines))
    return Description(len(rows), "loss_g", "loss_d", "step", "logger lines of Hugging Face accelerate")


def paddle(history, folder):
    """PaddleGAN: lines of an iteration with colons."""
    rows, lines = history.some(20), []
    for row in rows:
        lines.append(
            f"[{history.time(row):%m/%d %H:%M:%S}] ppgan.engine.trainer INFO: Epoch: {row['epoch'] + 1}/{history.epochs}, "
            f"iter: {row['batch']}/{history.batches} lr: {row['rate_d']:.3e} D_fake_loss: "
            f"{row.get('loss_d_fake', row['loss_d'] / 2):.3f} D_real_loss: {row.get('loss_d_real', row['loss_d'] / 2):.3f} "
            f"G_adv_loss: {row['loss_g']:.3f} batch_cost: {history.seconds:.5f} sec reader_cost: 0.00022 sec "
            f"ips: {history.batch / history.seconds:.5f} images/s\n")
    _write(folder, "log.log", "".join(lines))
    return Description(len(rows), "G_adv_loss", "D_real_loss + D_fake_loss", "Epoch, iter", "lines of PaddleGAN")


def ignite(history, folder):
    """PyTorch-Ignite's DCGAN example: a table of running averages, separated by tabs."""
    names = (("errD", "loss_d"), ("errG", "loss_g"), ("D_x", "d_x"), ("D_G_z1", "d_gz1"), ("D_G_z2", "d_gz2"))
    averages, count, lines = {}, 0, ["epoch\titeration\t" + "\t".join(name for name, _ in names) + "\n"]
    for row in history.rows:
        for name, key in names:
            averages[name] = 0.98 * averages[name] + 0.02 * row[key] if name in averages else row[key]
        if row["step"] % (history.every or 10) == 0:
            lines.append(f"{row['epoch'] + 1}\t{row['step'] + 1}\t"
                         + "\t".join(f"{averages[name]:.6f}" for name, _ in names) + "\n")
            count += 1
    _write(folder, "log.tsv", "".join(lines))
    return Description(count, "errG (a running average)", "errD (a running average)", "iteration", "table of PyTorch-Ignite")


def _counters(row, history):
    """The brackets that begin each line of PyTorch-GAN's programs."""
    return f"[Epoch {row['epoch']}/{history.epochs}] [Batch {row['batch']}/{history.batches}]"


def wgan_gp(history, folder):
    """PyTorch-GAN's WGAN-GP: its brackets, with a batch counter that grows by the critic's steps."""
    rows = history.some(5)
    lines = [f"{_counters(row, history)} "
             f"[D loss: {row['loss_d']:f}] [G loss: {row['loss_g']:f}]\n"
             + (f"gradient penalty {row['penalty']:.5f}\n" if "penalty" in row and row["step"] % 50 == 0 else "")
             for row in rows]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "G loss", "D loss", "[Epoch] [Batch]", "lines of PyTorch-GAN's wgan_gp, each fifth step")


def acgan(history, folder):
    """PyTorch-GAN's ACGAN: brackets with the accuracy of classes."""
    rows = history.some(4)
    lines = [f"{_counters(row, history)} [D loss: {row['loss_d']:f}, "
             f"acc: {int(100 * row.get('class_accuracy', 0))}%] [G loss: {row['loss_g']:f}]\n" for row in rows]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "G loss", "D loss", "[Epoch] [Batch]", "lines of PyTorch-GAN's acgan, with accuracy")


def infogan(history, folder):
    """PyTorch-GAN's InfoGAN: brackets with the information loss."""
    rows = history.some(4)
    lines = [f"{_counters(row, history)} [D loss: {row['loss_d']:f}] "
             f"[G loss: {row['loss_g']:f}] [info loss: {row.get('class_loss_g', 0):f}]\n" for row in rows]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "G loss", "D loss", "[Epoch] [Batch]", "lines of PyTorch-GAN's infogan")


def keras_csv(history, folder):
    """`CSVLogger` of Keras: a line an epoch, with accuracies."""
    epochs = history.by_epoch()
    with open(folder / "log.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["epoch", "d_acc", "d_loss", "g_loss", "lr"])
        for epoch, rows in enumerate(epochs):
            accuracy = (mean(rows, "accuracy_real") + mean(rows, "accuracy_fake")) / 2
            table.writerow([epoch, accuracy, mean(rows, "loss_d") / 2, mean(rows, "loss_g"), rows[-1]["rate_g"]])
    return Description(len(epochs), "g_loss", "d_loss (a mean of the halves)", "epoch", "CSVLogger of Keras")


def rich_table(history, folder):
    """A hand-made table with bars between columns."""
    rows = history.some(30)
    lines = ["|  iter  |  lossD   |  lossG   | D(real) | D(fake) | acc(%) |   lr    |\n",
             "|--------|----------|----------|---------|---------|--------|---------|\n"]
    for row in rows:
        accuracy = 50 * (row["accuracy_real"] + row["accuracy_fake"])
        lines.append(f"| {row['step']:>6d} | {row['loss_d']:>8.4f} | {row['loss_g']:>8.4f} | {row['d_x']:>7.3f} | "
                     f"{row['d_gz1']:>7.3f} | {accuracy:>6.1f} | {row['rate_g']:.1e} |\n")
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "lossG", "lossD", "iter", "table with bars between its columns")


def vae_gan(history, folder):
    """Lines of VAE-GAN notebooks, with four losses."""
    rows = history.some(10)
    lines = [f"[{row['epoch']}/{history.epochs}][{row['batch']}/{history.batches}]\tLoss_gan: {row['loss_d']:.4f}\t"
             f"Loss_prior: {row['divergence']:.4f}\tRec_loss: {row['reconstruction']:.4f}\tLoss_dec: {row['loss_g']:.4f}\t"
             f"dis_real_loss: {row['loss_d_real']:.4f}\tdis_fake_loss: {row['loss_d_fake']:.4f}\n" for row in rows]
    _write(folder, "log.txt", "".join(lines))
    return Description(len(rows), "Loss_dec", "Loss_gan", "[epoch][batch]", "lines of VAE-GAN notebooks")


SECOND = {
    "ticks": stylegan_ticks, "biggan": biggan, "biggan-jsonl": biggan_jsonl, "studiogan": studiogan,
    "lucidrains": lucidrains, "mmengine": mmengine, "mmgen-json": mmgen_json, "lightning-bar": lightning_bar,
    "tensorflow": tensorflow, "accelerate": accelerate, "paddle": paddle, "ignite": ignite, "wgan-gp": wgan_gp,
    "acgan": acgan, "infogan": infogan, "keras-csv": keras_csv, "table": rich_table, "vae-gan": vae_gan,
}
FORMATS = {**FIRST, **SECOND}
