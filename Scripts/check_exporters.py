#!/usr/bin/env python3
"""Trains a moment with both exporters on, and reads back what they wrote with the real TensorBoard and a real MLflow server.

    Scripts/check_exporters PROGRAM      makes the environment that this needs, and runs it
"""

import csv
import http.server
import json
import math
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

program = pathlib.Path(sys.argv[1]).resolve()


def run(*arguments, folder):
    print("$ equipoise", *arguments)
    subprocess.run([program, *arguments], cwd=folder, check=True)


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


def same(found, wanted, what):
    equal = len(found) == len(wanted) and all(
        a == b or (a[0] == b[0] and math.isnan(a[1]) and math.isnan(b[1])) for a, b in zip(found, wanted))
    assert equal, f"{what}: {found[:3]} … ({len(found)}), not {wanted[:3]} … ({len(wanted)})"


def columns(path):
    rows = list(csv.DictReader(path.open()))
    names = [name for name in rows[0] if name not in ("step", "epoch", "images_seen")]
    return {name: [(int(r["step"]), float(r[name])) for r in rows if r[name]] for name in names}


def check_tensorboard(folder, series, sheets):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    log = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    log.Reload()
    assert set(log.Tags()["tensors"]) == set(series) | {"samples", "objective", "configuration"}, log.Tags()
    for name, values in series.items():
        found = [(e.step, float(make_ndarray(e.tensor_proto))) for e in log.Tensors(name)]
        same(found, [(step, single(value)) for step, value in values], f"TensorBoard {name}")
    images = [e.tensor_proto.string_val[2] for e in log.Tensors("samples")]
    assert sorted(images) == sorted(sheets), "TensorBoard: other sheets"
    print(f"TensorBoard read {len(series)} series and {len(sheets)} sheets, value for value")


def check_mlflow(link, series, sheets):
    from mlflow.tracking import MlflowClient

    client = MlflowClient(link["server"])
    record = client.get_run(link["runIdentifier"])
    assert record.info.status == "FINISHED" and record.data.params["network.latent"] == "4", record
    assert set(record.data.metrics) == set(series)
    for name, values in series.items():
        history = sorted((m.step, m.value) for m in client.get_metric_history(link["runIdentifier"], name))
        same(history, values, f"MLflow {name}")
    images = client.list_artifacts(link["runIdentifier"], "images")
    assert len(images) == len(sheets) and record.data.tags["mlflow.loggedImages"] == "true", images
    print(f"MLflow read {len(series)} series and {len(sheets)} sheets, value for value")


class Flaky(http.server.BaseHTTPRequestHandler):
    """Stands between a client and a server, and does what servers on a bad day do: of every five requests one is refused in passing,
    and one is answered by nothing but a closed connection, after it was carried out."""

    protocol_version = "HTTP/1.1"
    target = ""
    count = 0
    lock = threading.Lock()

    def log_message(self, *_):
        pass

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with Flaky.lock:
            Flaky.count += 1
            turn = Flaky.count % 5
        if turn == 2:
            status, answer = (503, b"busy") if Flaky.count % 2 else (429, b"slowly")
        else:
            request = urllib.request.Request(Flaky.target + self.path, data=body if self.command != "GET" else None, method=self.command)
            for name in ["Content-Type"]:
                if self.headers.get(name):
                    request.add_header(name, self.headers[name])
            try:
                with urllib.request.urlopen(request) as response:
                    status, answer = response.status, response.read()
            except urllib.error.HTTPError as error:
                status, answer = error.code, error.read()
        if turn == 4:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = forward


def check_bad_day(address, folder, options):
    """What is sent through a flaky connection is there once, in one run."""
    from mlflow.tracking import MlflowClient

    Flaky.target = address
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Flaky)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    flaky = f"http://127.0.0.1:{proxy.server_port}"
    experiment = ["--experiment", "bad day"]
    run("train", "ring", "--name", "flaky", *options, "--mlflow", flaky, *experiment, folder=folder)
    run("export", "flaky", "--format", "mlflow", "--url", flaky, *experiment, folder=folder)
    # From another machine, which has no link to the run.
    place = next(link.parent for link in (folder / "runs").glob("*/mlflow.json") if "bad day" in link.read_text())
    link = json.loads((place / "mlflow.json").read_text())
    (place / "mlflow.json").unlink()
    run("export", "flaky", "--format", "mlflow", "--url", address, *experiment, folder=folder)
    run("export", "flaky", "--format", "csv", "-o", "flaky.csv", folder=folder)
    proxy.shutdown()
    client = MlflowClient(address)
    runs = client.search_runs([client.get_experiment_by_name("bad day").experiment_id])
    assert [record.info.run_id for record in runs] == [link["runIdentifier"]], runs
    assert Flaky.count > 20, Flaky.count
    sheets = [file.read_bytes() for file in (place / "samples").glob("*.png")]
    check_mlflow({"server": address, "runIdentifier": link["runIdentifier"]}, columns(folder / "flaky.csv"), sheets)


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [pathlib.Path(sys.executable).parent / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
         "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "artifacts")],
        stdout=log, stderr=log, start_new_session=True)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/health", timeout=1)
                break
            except OSError:
                time.sleep(1)
        else:
            sys.exit((folder / "server.log").read_text())
        options = ["--latent", "4", "--batch-size", "64", "--epochs", "3", "--set", "data.limit=640", "--quiet", "--set", "network.generatorWidth=8", "--set", "network.discriminatorWidth=8"]
        run("train", "ring", "--name", "first", *options, "--tensorboard", "--mlflow", address, folder=folder)
        # What is there already is not sent twice.
        run("export", "first", "--format", "mlflow", "--url", address, folder=folder)
        run("export", "first", "--format", "tensorboard", "-o", "again", folder=folder)
        run("export", "first", "--format", "tensorboard", folder=folder)
        run("export", "first", "--format", "csv", "-o", "first.csv", folder=folder)
        place = next((folder / "runs").glob("2*"))
        series = columns(folder / "first.csv")
        sheets = [file.read_bytes() for file in (place / "samples").glob("*.png")]
        for events in (place / "tensorboard", folder / "again"):
            check_tensorboard(events, series, sheets)
        check_mlflow(json.loads((place / "mlflow.json").read_text()), series, sheets)
        check_bad_day(address, folder, options)
    finally:
        os.killpg(server.pid, 15)
