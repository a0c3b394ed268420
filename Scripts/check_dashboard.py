#!/usr/bin/env python3
"""Trains a moment, and looks at it in a real browser: the list, a live run, runs side by side, the report.

    Scripts/check_dashboard PROGRAM [PICTURES]      makes the environment that this needs, and runs it

Fails on whatever a page writes to the browser's console, and on every request that goes elsewhere. With PICTURES, screenshots
are left in that folder.
"""

import contextlib
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import expect, sync_playwright

program = pathlib.Path(sys.argv[1]).resolve()
images = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else None
hostile = "<img src=x onerror=alert(1)>"


def train(folder, *arguments, **options):
    command = [program, "train", "ring", *arguments]
    print("$ equipoise", *command[1:])
    return subprocess.run([*command, "--quiet"], cwd=folder, check=True, **options)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(folder, port):
    server = subprocess.Popen([program, "dashboard", "--port", str(port)], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(10) == 0, "the dashboard does not end as it should"


class Watch:
    """What no page may do: write to the console, fail, or ask elsewhere."""

    def __init__(self, page, allowed):
        self.problems = []
        self.allowed = allowed
        self.is_away = False
        page.on("console", lambda message: self.note(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.note(f"error: {error}"))
        page.on("request", self.request)
        page.on("dialog", lambda dialog: (self.note(f"dialog: {dialog.message}"), dialog.dismiss()))

    def note(self, text):
        if not (self.is_away and "ERR_" in text):
            self.problems.append(text)

    def request(self, request):
        if not request.url.startswith((self.allowed, "data:", "blob:")):
            self.problems.append(f"a request to {request.url}")

    def check(self):
        assert not self.problems, "\n".join(self.problems)


def image(page, name, **options):
    if images:
        images.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=images / f"{name}.png", **options)


def wait(page, expression, timeout=10_000):
    """Playwright's own way evaluates text in the page, which the page's policy forbids."""
    deadline = time.monotonic() + timeout / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never came true: {expression}"
        page.wait_for_timeout(50)


def row(page, name):
    return page.locator("table.runs tbody tr", has=page.get_by_role("link", name=name, exact=True))


def points(page, chart=0):
    return page.evaluate("i => document.querySelectorAll('.chart')[i].data?.[0]?.x.length ?? 0", chart)


def check_list(page, site):
    page.goto(site)
    expect(page.locator("table.runs tbody tr")).to_have_count(4)
    expect(row(page, "collapsed").get_by_text("failed: ")).to_be_visible()
    # What a run is called is text.
    expect(row(page, hostile)).to_have_count(1)
    assert page.locator("main img").count() == 0

    search = page.get_by_label("Filter runs")
    for text, count in [("coll", 1), ("verdict = failed collapsed", 1), ("seed >= 2 sound", 1), ("label ~ SOUND", 2), ('"no such run"', 0),
                        ("steps < 100", 1), ("learningRate > 5", 1), ("tag = x", 0), ("state != finished", 0)]:
        search.fill(text)
        expect(page.locator("table.runs tbody tr")).to_have_count(count)
    for text, problem in [("nothing = 3", "Unknown key “nothing”"), ("constructor = 1", "Unknown key"), ("__proto__ = 1", "Unknown key"), ("seed >", "needs a value"), ("> 3", "needs a key")]:
        search.fill(text)
        expect(page.get_by_role("alert")).to_contain_text(problem)
    search.fill("")

    page.get_by_role("button", name="Steps").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Steps")
    page.get_by_role("button", name="Steps").click()
    expect(page.locator("table.runs tbody tr").first).to_contain_text(hostile)
    page.locator("summary", has_text="Columns").click()
    page.get_by_label("Find a parameter").fill("generator.learningRate")
    page.get_by_label("optimizer.generator.learningRate").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="optimizer.generator.learningRate")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="optimizer.generator.learningRate")).to_be_visible()
    # The keyboard alone reaches a run.
    row(page, "collapsed").get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("collapsed")


def check_failed_run(page):
    panel = page.locator(".panel.diagnosis")
    expect(panel.locator(".badge")).to_have_text("failed")
    expect(panel).to_contain_text("since step")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.get_by_role("button", name="Copy").first.click()
    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("equipoise retry 2")
    assert page.evaluate("document.querySelector('.chart').layout.shapes.some((s) => s.type === 'rect')"), "no band"
    image(page, "failed", full_page=True)

    page.get_by_label("Add a tag").fill(hostile)
    page.keyboard.press("Enter")
    page.get_by_label("Add a tag").fill("lesson")
    page.keyboard.press("Enter")
    expect(page.locator(".tag")).to_have_count(2)
    page.get_by_label("Note", exact=True).fill("Too fast.")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.get_by_label("Note", exact=True).blur()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_label(f"Remove tag {hostile}").click()
    expect(page.locator(".tag")).to_have_count(1)
    page.reload()
    expect(page.locator(".tag")).to_have_text(re.compile("lesson"))
    assert page.get_by_label("Note", exact=True).input_value() == "Too fast."

    page.locator("summary", has_text="Console").click()
    expect(page.locator("pre.console")).to_contain_text("run 2")
    page.locator("summary", has_text="Configuration").click()
    expect(page.get_by_role("row", name="objective")).to_be_visible()
    for name, start in [("CSV", b"step,epoch,images_seen,loss_generator"), ("ZIP", b"PK\x03\x04"), ("YAML", b"recipe: ring")]:
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        assert start in waiting.value.path().read_bytes()[:300], name


def check_not_finite(page, site):
    page.goto(site)
    row(page, hostile).get_by_role("link").click()
    wait(page, "document.querySelector('.chart')?.data?.some((t) => t.mode?.includes('markers'))")
    expect(page.locator(".panel.diagnosis")).to_contain_text("non-finite")
    page.get_by_text("Log scale").click()
    page.get_by_label("Smoothing").fill("0.9")
    box = page.locator(".chart .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    expect(page.locator(".readout").first).to_contain_text("NaN")


def check_live_run(page, site, folder):
    """A run that trains: points and sheets come by themselves, also after the dashboard was away."""
    port = int(site.rsplit(":", 1)[1])
    watch = Watch(page, site)
    count = len(list((folder / "runs").glob("2*")))
    # It is stopped by hand, long before it would end.
    training = subprocess.Popen([program, "train", "ring", "--name", "live", "--quiet", "--set", "samples.everySteps=40",
                                 "--max-steps", "1000000", "--epochs", "1000000"], cwd=folder)
    try:
        with serving(folder, port):
            # One page is there before the first step.
            while not (early := list((folder / "runs").glob("2*/run.sqlite"))) or len(early) < count + 1:
                time.sleep(0.02)
            newest = max(early, key=lambda file: file.parent.name).parent.name
            first = page.context.browser.new_page()
            first.goto(f"{site}/#/run/{newest}")
            page.goto(site)
            live = row(page, "live")
            expect(live.get_by_text("running")).to_be_visible(timeout=60_000)
            live.get_by_role("link").focus()
            page.wait_for_timeout(3000)
            assert page.evaluate("document.activeElement.textContent") == "live", "the focus is lost"
            wait(first, "(document.querySelector('.chart')?.data?.[2]?.x.length ?? 0) > 20", timeout=30_000)
            first.close()
            steps = live.locator("td[data-label=Steps]")
            expect(steps).not_to_be_empty(timeout=30_000)
            before = steps.text_content()
            expect(steps).not_to_have_text(before, timeout=10_000)
            # Side by side with another, the live one goes on too.
            page.get_by_label("Select live", exact=True).check()
            page.get_by_label("Select sound 1", exact=True).check()
            page.get_by_role("button", name="Compare 2").click()
            longest = "Math.max(0, ...(document.querySelector('.chart')?.data ?? []).map((t) => t.x.at(-1)))"
            wait(page, f"{longest} > 20")
            now = page.evaluate(longest)
            wait(page, f"{longest} > {now + 20}", timeout=30_000)
            page.get_by_role("link", name="live", exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_have_text("live")
            wait(page, "(document.querySelector('.chart')?.data?.[0]?.x.length ?? 0) > 20", timeout=30_000)
            seen = points(page)
            wait(page, f"document.querySelector('.chart')?.data?.[0]?.x.length > {seen + 20}", timeout=30_000)
            slider = page.get_by_label("Sample sheet")
            wait(page, "Number(document.querySelector('[aria-label=\"Sample sheet\"]').max) >= 5", timeout=60_000)

            caption = page.locator("figcaption").first
            newest = caption.text_content()
            slider.focus()
            page.keyboard.press("Home")
            expect(caption).to_have_text(re.compile(r"step 40,"))
            assert newest != caption.text_content()
            # Who looks at an old sheet is left there when new ones come.
            count = slider.get_attribute("max")
            wait(page, f"Number(document.querySelector('[aria-label=\"Sample sheet\"]').max) > {count}", timeout=30_000)
            expect(caption).to_have_text(re.compile(r"step 40,"))
            page.get_by_label("Slider unit").select_option("epoch")
            assert int(slider.get_attribute("max")) >= 5, "sheets of one epoch have a place each"
            page.get_by_label("Slider unit").select_option("images")
            expect(page.locator("output")).to_contain_text("images seen")
            page.get_by_role("button", name="Play").click()
            wait(page, "Number(document.querySelector('[aria-label=\"Sample sheet\"]').value) >= 3", timeout=10_000)
            page.get_by_role("button", name="Pause").click()
            page.get_by_label("Slider unit").select_option("step")

            # A click goes to the samples of that step, which lie every 40.
            page.locator("footer, .chart").first.scroll_into_view_if_needed()
            box = page.locator(".chart .nsewdrag").first.bounding_box()
            page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
            expect(page.locator(".readout")).to_contain_text("loss_discriminator_fake")
            wanted = int(re.search(r"step (\d+)", page.locator(".readout b").text_content()).group(1))
            page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
            found = int(re.search(r"step (\d+)", caption.text_content()).group(1))
            assert abs(found - wanted) <= 60, f"clicked {wanted}, got {found}"
            image(page, "live", full_page=True)

            page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 80)
            page.mouse.down()
            page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 90, steps=5)
            with page.expect_response(lambda response: "/series?" in response.url and "from=" in response.url) as zoomed:
                page.mouse.up()
            lines = zoomed.value.json()["loss_generator"]["steps"]
            assert lines[0] > 1 and lines == list(range(lines[0], lines[-1] + 1)), "zoomed in, every step is there"
            page.mouse.dblclick(box["x"] + 0.5 * box["width"], box["y"] + 90)
            page.get_by_text("Log scale").click()
            page.get_by_label("Smoothing").fill("0.9")
            page.get_by_role("button", name="loss_discriminator_real").click()
            assert page.evaluate("document.querySelector('.chart')?.data.length") == 4, "two lines, each with its smooth one"
            page.get_by_label("Horizontal axis").select_option("x-axis: time (min)")
            page.locator("summary", has_text="Other series").click()
            wait(page, "(document.querySelectorAll('.chart')[1]?.data?.[0]?.x.length ?? 0) > 20", timeout=10_000)
        # The dashboard is away for a moment; nobody touches the page.
        watch.is_away = True
        expect(page.locator("#connection")).to_contain_text("Connection lost", timeout=10_000)
        seen = points(page)
        with serving(folder, port):
            expect(page.locator("#connection")).to_be_empty(timeout=30_000)
            watch.is_away = False
            wait(page, f"document.querySelector('.chart')?.data?.[0]?.x.length > {seen + 40}", timeout=30_000)
            steps = page.evaluate("document.querySelector('.chart')?.data?.[0]?.x.length")
            training.send_signal(signal.SIGINT)
            assert training.wait(60) == 130
            expect(page.locator(".title .badge").first).to_have_text("stopped", timeout=10_000)
            assert points(page) >= steps > 0
            # Going on with it goes on here.
            again = subprocess.Popen([program, "resume", "live", "--quiet"], cwd=folder)
            try:
                expect(page.locator(".title .badge").first).to_have_text("running", timeout=60_000)
            finally:
                again.send_signal(signal.SIGINT)
                again.wait(60)
            expect(page.locator(".title .badge").first).to_have_text("stopped", timeout=20_000)
    finally:
        training.kill()
    watch.check()


def check_comparison(page, site):
    page.goto(site)
    for name in ["sound 1", "sound 2", "collapsed"]:
        page.get_by_label(f"Select {name}", exact=True).check()
    page.get_by_role("button", name="Compare 3").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 runs compared")
    wait(page, "document.querySelector('.chart')?.data?.length === 3")
    expect(page.get_by_role("row", name="optimizer.generator.learningRate")).to_be_visible()
    page.get_by_label("probability_real").check()
    wait(page, "document.querySelector('.chart')?.data?.length === 6")
    page.get_by_label("probability_real").uncheck()
    page.get_by_text("Mean ± std over seeds").click()
    # Two experiments, each with its mean and the two edges of its deviation.
    wait(page, "document.querySelector('.chart')?.data?.length === 6 && document.querySelector('.chart')?.data.some((t) => t.fill === 'tonexty')")
    slider = page.get_by_label("Sample sheet")
    slider.focus()
    page.keyboard.press("Home")
    captions = page.locator("figcaption").all_text_contents()
    assert len(captions) == 3 and len({re.search(r"step \d+", text).group() for text in captions}) == 1, captions
    image(page, "compare", full_page=True)


def check_hiding_and_deleting(page, site, runs):
    page.goto(site)
    expect(row(page, "sound 2")).to_be_visible()
    count = page.locator("table.runs tbody tr").count()
    page.get_by_label("Select sound 2", exact=True).check()
    page.get_by_role("button", name="Hide").click()
    expect(page.locator("table.runs tbody tr")).to_have_count(count - 1)
    page.get_by_label("Show hidden runs").check()
    expect(page.locator("table.runs tbody tr")).to_have_count(count)
    page.get_by_label("Select sound 2", exact=True).check()
    folders = len(list(runs.iterdir()))
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("cannot be undone")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert len(list(runs.iterdir())) == folders
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete permanently").click()
    expect(row(page, "sound 2")).to_have_count(0)
    assert len(list(runs.iterdir())) == folders - 1


def check_narrow(page, site):
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ["list", "run"]:
        page.goto(site)
        if name == "run":
            row(page, "collapsed").get_by_role("link").click()
            expect(page.locator(".panel.diagnosis")).to_be_visible()
        else:
            expect(row(page, "collapsed")).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"the {name} is {width} pixels wide on a screen of 360"
        image(page, f"narrow-{name}")


def check_report(browser, folder):
    page = browser.new_page()
    subprocess.run([program, "report", "sound 1", "collapsed"], cwd=folder, check=True)
    watch = Watch(page, "file:")
    page.goto(f"file://{folder}/report.html")
    wait(page, "document.querySelectorAll('.chart')[1]?.data?.length === 3")
    expect(page.locator(".panel.diagnosis .badge").last).to_have_text("failed")
    image(page, "report", full_page=True)
    watch.check()


def main():
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = pathlib.Path(name)
        short = ["--set", "samples.everySteps=100"]
        for seed in [1, 2]:
            train(folder, "--name", f"sound {seed}", "--seed", str(seed), "--max-steps", "300", *short)
        train(folder, "--name", "collapsed", "--max-steps", "700", "--set", "optimizer.generator.learningRate=1e-12", *short)
        train(folder, "--name", hostile, "--max-steps", "60", "--set", "optimizer.kind=sgd",
              "--set", "optimizer.learningRate=1000", "--set", "objective=least-squares", *short)
        browser = playwright.chromium.launch(executable_path=sys.argv[2], args=["--no-sandbox"])
        port = free_port()
        with serving(folder, port) as site:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            watch = Watch(page, site)
            for check in [lambda: check_list(page, site), lambda: check_failed_run(page), lambda: check_not_finite(page, site),
                          lambda: check_comparison(page, site), lambda: check_narrow(page, site)]:
                check()
                watch.check()
            page.set_viewport_size({"width": 1280, "height": 900})
            check_hiding_and_deleting(page, site, folder / "runs")
            watch.check()
            page.close()
        check_live_run(browser.new_page(viewport={"width": 1440, "height": 900}), f"http://127.0.0.1:{port}", folder)
        check_report(browser, folder)
        browser.close()
    print("The dashboard works in a real browser.")


main()
