#!/usr/bin/env python3
"""Measures what `equipoise watch` costs a training, and how soon it shows what the training logs.

    python3 Benchmarks/watch.py .build/release/equipoise [--pairs 7] [--seconds 20]

Prints three things:
- slow-down: a single-threaded computation that prints a line per step, alone and watched, in pairs in turn;
- throughput: the lines a second that a program can print while it is watched, and the watcher's peak memory;
- delays: from a flushed line to the run's database, and from the row that completes a failure's evidence to the finding.
"""

import argparse
import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

STEPS = r"""
import sys, time
steps, work = int(sys.argv[1]), int(sys.argv[2])
start = time.perf_counter()
for step in range(steps):
    total = 0
    for i in range(work):
        total += i * i % 7
    print(f"step {step} D_loss: {1.2 + step % 7 / 10:.4f} G_loss: {0.8 + step % 5 / 10:.4f}", flush=True)
print("seconds", time.perf_counter() - start, file=sys.stderr)
"""

FLOOD = r"""
import sys, time
lines, start = int(sys.argv[1]), time.perf_counter()
for step in range(lines):
    sys.stdout.write(f"step {step} D_loss: {1.2 + step % 7 / 10:.4f} G_loss: {0.8 + step % 5 / 10:.4f}\n")
    if step % 1000 == 999:
        time.sleep(max(0, start + step / 10_000 - time.perf_counter()))
print("seconds", time.perf_counter() - start, file=sys.stderr)
"""

SLOW = r"""
import time
for step in range(4000):
    print(f"step {step} D_loss: {1.2 + step % 7 / 10:.4f} G_loss: {0.8 + step % 5 / 10:.4f}", flush=True)
for step in range(4000, 4500):
    lost = step >= 4040
    print(f"step {step} D_loss: {0.00001 if lost else 1.2} G_loss: {14 + step % 5 if lost else 0.8} at {time.time():.3f}", flush=True)
    time.sleep(0.05)
"""


def run(command, folder):
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds = re.search(r"seconds ([\d.]+)", done.stderr)
    return float(seconds.group(1)) if seconds else time.perf_counter() - started


def slow_down(equipoise, folder, pairs):
    (folder / "steps.py").write_text(STEPS)
    alone, ratios = [], []
    for _ in range(pairs):
        plain = run([sys.executable, "steps.py", "400", "120000"], folder)
        watched = run([equipoise, "watch", "--", sys.executable, "steps.py", "400", "120000"], folder)
        alone.append(plain)
        ratios.append(watched / plain)
    print(f"slow-down: {statistics.median(ratios) - 1:+.2%} (median of {pairs} pairs, {min(ratios) - 1:+.2%} to "
          f"{max(ratios) - 1:+.2%}; {statistics.median(alone):.1f} s alone)")


def throughput(equipoise, folder, seconds):
    (folder / "flood.py").write_text(FLOOD)
    lines = 10_000 * seconds
    command = ["/usr/bin/env", "bash", "-c",
               f"{equipoise} watch -- {sys.executable} flood.py {lines} > out.txt & pid=$!; peak=0; "
               "while kill -0 $pid 2>/dev/null; do m=$(awk '/VmHWM/ {print $2}' /proc/$pid/status 2>/dev/null); "
               "peak=${m:-$peak}; sleep 0.2; done; wait $pid; echo peak $peak >&2"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = float(re.search(r"seconds ([\d.]+)", done.stderr).group(1))
    peak = int(re.search(r"peak (\d+)", done.stderr).group(1)) / 1024
    print(f"throughput: {lines / took:,.0f} lines/s of 10,000 wanted, {lines:,} lines, peak memory {peak:.0f} MiB")


def delays(equipoise, folder):
    (folder / "slow.py").write_text(SLOW)
    runs = folder / "slow-runs"
    with open(folder / "slow.txt", "w", encoding="utf-8") as output:
        process = subprocess.Popen([equipoise, "watch", "--runs", str(runs), "--", sys.executable, "slow.py"],
                                   cwd=folder, stdout=output, stderr=subprocess.DEVNULL)
    seen, finding = {}, None
    while process.poll() is None:
        time.sleep(0.02)
        for database in runs.glob("2*/run.sqlite"):
            try:
                connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=1)
                newest = connection.execute("SELECT MAX(step) FROM step").fetchone()[0]
                opened = connection.execute("SELECT MIN(opened_step) FROM finding").fetchone()[0]
                connection.close()
            except sqlite3.Error:
                continue
            if newest is not None:
                seen.setdefault(newest, time.time())
            if opened is not None and finding is None:
                finding = (opened, time.time())
    printed = {int(step): float(when) for step, when in
               re.findall(r"step (\d+) .* at ([\d.]+)", (folder / "slow.txt").read_text(encoding="utf-8"))}
    waits = [when - printed[step] for step, when in seen.items() if step in printed]
    print(f"delays: {statistics.median(waits):.2f} s from line to database (longest {max(waits):.2f} s, {len(waits)} looks); "
          + (f"finding {finding[1] - printed[finding[0]]:.2f} s after its row" if finding else "no finding"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("equipoise")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    equipoise = str(pathlib.Path(options.equipoise).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        slow_down(equipoise, folder, options.pairs)
        throughput(equipoise, folder, options.seconds)
        delays(equipoise, folder)


if __name__ == "__main__":
    main()
