#!/usr/bin/env python3
"""What the dashboard costs: a long run, many runs, many viewers.

    Benchmarks/dashboard.py PROGRAM [CHROMIUM [PART…]]      with a release build; figures on standard output

Needs nothing but Python; with a Chromium and Playwright it also times a page as a person sees it.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

program = pathlib.Path(sys.argv[1]).resolve()
chromium = sys.argv[2] if len(sys.argv) > 2 else None


def equipoise(folder, *arguments):
    return subprocess.run([program, *arguments], cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Server:
    def __init__(self, folder):
        self.process = subprocess.Popen([program, "dashboard", "--port", "0"], cwd=folder, stdout=subprocess.PIPE, text=True,
                                        env=os.environ | {"XDG_CACHE_HOME": str(folder / "cache")})
        self.address = self.process.stdout.readline().split()[-1].rstrip("/")

    def get(self, path):
        start = time.perf_counter()
        with urllib.request.urlopen(self.address + path) as response:
            body = response.read()
        return body, time.perf_counter() - start

    def megabytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return {key: int(re.search(rf"{key}:\s+(\d+)", status).group(1)) / 1024 for key in ["VmRSS", "VmHWM", "RssAnon"]}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def fill(run, points, sheets):
    """Gives a run so many points a series, and so many sheets, as a training would have left them."""
    database = sqlite3.connect(run / "run.sqlite")
    series = [row[0] for row in database.execute("SELECT id FROM series")]
    numbers = f"WITH RECURSIVE n(step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM n WHERE step < {points})"
    for table in ["step", "point", "block", "sample_sheet"]:
        database.execute(f"DELETE FROM {table}")
    database.execute(f"INSERT INTO step {numbers} SELECT step, step / 1000 + 1, step * 64, 1.7e9 + step * 0.05 FROM n")
    for identifier in series:
        database.execute(f"INSERT INTO point {numbers} SELECT {identifier}, step, 1 + abs(random() % 1000) / 2000.0 + {identifier} FROM n")
    database.execute("""
        INSERT INTO block SELECT low.series_id, low.number, count, total, low, low_step, high, high_step, 0 FROM
        (SELECT series_id, step / 64 AS number, COUNT(value) AS count, SUM(value) AS total, MIN(value) AS low, step AS low_step FROM point GROUP BY 1, 2) AS low JOIN
        (SELECT series_id, step / 64 AS number, MAX(value) AS high, step AS high_step FROM point GROUP BY 1, 2) AS high USING (series_id, number)""")
    picture = next((run / "samples").glob("*.png")).read_bytes()
    for index in range(1, sheets + 1):
        (run / f"samples/epoch-{index:04}.png").write_bytes(picture)
        step = index * points // sheets
        database.execute("INSERT INTO sample_sheet VALUES (?, ?, ?, ?, ?)", (f"samples/epoch-{index:04}.png", step, index, step * 64, 1.7e9 + step * 0.05))
    database.commit()
    database.close()


def page_times(server, address, wanted, count=5):
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.address)
        page.wait_for_timeout(2000)
        for _ in range(count):
            page.goto("about:blank")
            start = time.perf_counter()
            page.goto(server.address + address, wait_until="commit")
            while not page.evaluate(wanted):
                pass
            times.append(time.perf_counter() - start)
        within = []
        for _ in range(count):
            page.goto(server.address + "/")
            page.locator("table.runs tbody tr").first.wait_for()
            page.wait_for_timeout(2000)
            start = time.perf_counter()
            page.evaluate(f"location.hash = {json.dumps(address.lstrip('/'))}")
            while not page.evaluate(wanted):
                pass
            within.append(time.perf_counter() - start)
        browser.close()
    return times, within


def shown(times):
    return f"median {statistics.median(times):.3f} s of {len(times)} ({min(times):.3f} to {max(times):.3f})"


def long_run(folder):
    equipoise(folder, "train", "ring", "--max-steps", "2", "--quiet", "--name", "long", "--set", "samples.everySteps=1")
    run = next((folder / "runs").iterdir())
    points, sheets = 1_000_000, 1000
    fill(run, points, sheets)
    size = (run / "run.sqlite").stat().st_size / 2**20
    print(f"A run of {points} points a series (8 series, {size:.0f} MiB) and {sheets} sheets")
    path = f"/api/runs/{run.name}"
    losses = "/series?name=loss_generator&name=loss_discriminator_real&name=loss_discriminator_fake&buckets=1000"
    with Server(folder) as server:
        first = server.get(path)[1], server.get(path + losses)[1]
        judged = server.get(path + "/diagnosis")[1], server.get(path + "/diagnosis")[1]
        print(f"  details and three losses, the first time: {first[0]:.3f} s and {first[1]:.3f} s")
        print(f"  three losses again: {shown([server.get(path + losses)[1] for _ in range(9)])}")
        zoom = [server.get(f"{path}{losses}&from={start}&to={start + 100_000}")[1] for start in range(1, 900_000, 100_000)]
        print(f"  zoomed to 100,000 steps: {shown(zoom)}")
        if chromium:
            for what, wanted in [("its lines", "document.querySelectorAll('.preview polyline').length === 3 || document.querySelector('.chart')?.data?.length === 3"),
                                 ("Plotly's chart", "document.querySelector('.chart')?.data?.length === 3")]:
                times, within = page_times(server, f"/#/run/{run.name}", wanted)
                print(f"  in the browser, from a new page to {what}: {shown(times)}; from the list: {shown(within)}")
        before = server.megabytes()
        print(f"  the server's memory so far: {before['VmRSS']:.0f} MiB resident, of which {before['RssAnon']:.0f} its own")
        print(f"  diagnosis of all 8 million points: {judged[0]:.1f} s, and again {judged[1]:.3f} s")
        body, seconds = server.get(path + "/losses.csv")
        print(f"  everything as CSV: {len(body) / 2**20:.0f} MiB in {seconds:.1f} s; as zip: {server.get(path + '/samples.zip')[1]:.1f} s")
        after = server.megabytes()
        print(f"  the server's memory after all of that: {after['VmRSS']:.0f} MiB resident, at most {after['VmHWM']:.0f}")


def many_runs(folder):
    equipoise(folder, "train", "ring", "--max-steps", "300", "--quiet")
    first = next((folder / "runs").iterdir())
    for index in range(1, 1000):
        shutil.copytree(first, folder / "runs" / f"20260101-{index:06}-copy-run")
    print("A thousand runs")
    first, second = [], []
    for _ in range(5):
        shutil.rmtree(folder / "cache" / "equipoise" / "lists", ignore_errors=True)
        for times in (first, second):
            with Server(folder) as server:
                body, seconds = server.get("/api/runs")
                times.append(seconds)
    print(f"  the list in the moment of the start, nothing known: {shown(first)}, {len(body) / 2**20:.1f} MiB")
    print(f"  the same when they were listed before: {shown(second)}")
    with Server(folder) as server:
        server.get("/api/runs")
        print(f"  the list again: {shown([server.get('/api/runs')[1] for _ in range(9)])}")
        if chromium:
            for what, count in [("its first hundred", 100), ("all of them", 1000)]:
                times, _ = page_times(server, "/", f"document.querySelectorAll('table.runs tbody tr').length >= {count}")
                print(f"  in the browser, from a new page to {what}: {shown(times)}")
        print(f"  the server's memory: {server.megabytes()['VmRSS']:.0f} MiB resident")


class Viewers:
    """Connections that follow a run and throw away what they get; the first one keeps when each step came."""

    def __init__(self, address, run, count):
        host, port = address.removeprefix("http://").split(":")
        self.arrivals = {}
        self.sockets = []
        for index in range(count):
            connection = socket.create_connection((host, int(port)))
            connection.sendall(f"GET /api/runs/{run}/events?after=0.0.0 HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            self.sockets.append(connection)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        import selectors

        selector = selectors.DefaultSelector()
        for index, connection in enumerate(self.sockets):
            selector.register(connection, selectors.EVENT_READ, index)
        text = b""
        while True:
            for key, _ in selector.select():
                try:
                    data = key.fileobj.recv(1 << 20)
                except OSError:
                    return
                if not data:
                    return
                if key.data != 0:
                    continue
                text += data
                for match in re.finditer(rb"id: \d+\.(\d+)\.\d+\n", text):
                    self.arrivals.setdefault(int(match.group(1)), time.time())
                text = text[-64:]

    def close(self):
        for connection in self.sockets:
            connection.close()


def viewers(folder, pairs=5):
    print("A run that trains (recipe quick), with its dashboard in the same process")
    rates = {0: [], 50: []}
    delays = []
    for _ in range(pairs):
        for count in rates:
            training = subprocess.Popen([program, "train", "quick", "--max-steps", "400", "--dashboard", "--name", f"v{count}"],
                                        cwd=folder, stderr=subprocess.PIPE, text=True)
            address = run = None
            while run is None:
                line = training.stderr.readline()
                assert line, "the training did not begin"
                if line.startswith("dashboard "):
                    address = line.split()[1].rstrip("/")
                if line.startswith("run "):
                    run = line.split()[1]
            watching = Viewers(address, run, count) if count else None
            training.stderr.read()
            training.wait()
            if watching:
                watching.close()
            database = sqlite3.connect(folder / "runs" / run / "run.sqlite")
            times = dict(database.execute("SELECT step, wall_time FROM step"))
            rates[count].append(350 / (times[400] - times[50]))
            if watching:
                # A step has come with the first event whose last step is not before it.
                arrivals = sorted(watching.arrivals.items())
                for step, at in times.items():
                    came = next((moment for last, moment in arrivals if last >= step), None)
                    if came and step > arrivals[0][0]:
                        delays.append(came - at)
    ratio = [with_viewers / alone for alone, with_viewers in zip(rates[0], rates[50])]
    print(f"  steps a second without viewers {statistics.median(rates[0]):.1f}, with 50 {statistics.median(rates[50]):.1f}; "
          f"ratio of pairs run in turn: median {statistics.median(ratio):.3f} ({min(ratio):.3f} to {max(ratio):.3f})")
    delays.sort()
    print(f"  from a step to its arrival at a viewer: median {statistics.median(delays):.2f} s, "
          f"99 % within {delays[int(0.99 * len(delays))]:.2f} s, at most {delays[-1]:.2f} s ({len(delays)} steps)")


parts = [part for part in [long_run, many_runs, viewers] if part.__name__ in sys.argv[3:] or len(sys.argv) < 4]
for part in parts:
    with tempfile.TemporaryDirectory() as name:
        part(pathlib.Path(name))
