import { make, table, badge } from "./dom.js";
import { Chart, byStep } from "./chart.js";
import { Sheets } from "./sheets.js";
import { diagnosisView, bandsOf } from "./diagnosis.js";
import { get, isThere, pathOf, imageOf, plotly } from "./api.js";
import { Live } from "./live.js";
import { SeriesLines } from "./series.js";
import { BinsPanel } from "./bins.js";
import { ClassesPanel } from "./classes.js";
import { layerOf, layerCharts } from "./layers.js";
import { NotesPanel } from "./notes.js";
import { stateBadge, duration, date, nameOf } from "./runs.js";

export const losses = ["loss_generator", "loss_discriminator_real", "loss_discriminator_fake"];
// Another program may train several pairs of players; their series are named like “A/loss_generator”.
const isLoss = (name) => losses.includes(name.split("/").at(-1));
// How often the diagnosis of a running run is refreshed, in milliseconds.
const judgedEvery = 10_000;

// The number of completed epochs at each milestone, interpolated linearly between the first milestones of two epochs.
function epochsOf(milestones) {
  const firsts = milestones.filter((m, index) => index === 0 || m.epoch !== milestones[index - 1].epoch);
  const length = firsts.length > 1 ? firsts[1].step - firsts[0].step : (milestones.at(-1)?.step ?? 1);
  return milestones.map((m) => {
    const place = firsts.findLastIndex((first) => first.step <= m.step);
    const end = firsts[place + 1]?.step ?? firsts[place].step + length;
    return firsts[place].epoch - 1 + Math.min(1, (m.step - firsts[place].step) / (end - firsts[place].step || 1));
  });
}

// The x-axes of the charts. Each converts steps to its unit and back by interpolating between milestones.
// Of another program's run, only the steps are known.
function axesOf({ milestones, start, program }) {
  if (program) return [byStep];
  const between = (from, to) => (x) => {
    if (from.length === 0) return x;
    let place = from.findIndex((known) => known >= x);
    if (place < 0) place = from.length - 1;
    if (place === 0) return to[0] + (from[0] === 0 ? 0 : (x - from[0]));
    const share = (x - from[place - 1]) / (from[place] - from[place - 1] || 1);
    return to[place - 1] + share * (to[place] - to[place - 1]);
  };
  const steps = milestones.map((m) => m.step);
  const axis = (name, values) => ({ name, at: between(steps, values), step: between(values, steps) });
  return [byStep, axis("epoch", epochsOf(milestones)), axis("images seen", milestones.map((m) => m.images)),
    axis("time (min)", milestones.map((m) => (m.time - start) / 60))];
}

// Resolves once the latest changes to the page have been painted.
export function nextFrame() { return new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); setTimeout(resolve, 100); }); }

export class RunView {
  constructor(id) {
    this.id = id;
    this.element = make("div", {}, make("h1", { text: id }), make("p", { class: "soft", text: "Loading…" }));
    this.charts = [];
    this.lines = [];
  }

  async start() {
    const details = await get(pathOf(this.id));
    if (this.isClosed) return;
    this.details = details;
    this.build();
    await this.main.fetch();
    if (this.isClosed) return;
    // Let the preview of the lines be painted before Plotly.js loads.
    await nextFrame();
    await plotly();
    if (this.isClosed) return;
    this.charts.forEach((chart) => chart.draw());
    this.classes.show();
    this.bins.show();
    this.judge();
    this.live = new Live((last) => `${pathOf(this.id)}/events?after=${last ?? details.place}`, {
      onNews: (news) => this.take(news), isThere: () => isThere(pathOf(this.id)), onGone: () => this.say("This run has been deleted. Go back to “All runs”.") });
    this.timer = setInterval(() => {
      if (this.details.state !== "running" || document.hidden) return;
      this.judge();
      for (const panel of [this.classes, this.bins]) panel.show(this.isFollowing() ? null : this.sheets.step).catch(() => {});
    }, judgedEvery);
  }

  close() {
    this.isClosed = true;
    this.live?.close();
    clearInterval(this.timer);
    this.sheets?.stop();
    this.charts.forEach((chart) => chart.close());
  }

  build() {
    const run = this.details;
    document.title = `${nameOf(run)} – Equipoise`;
    this.state = make("span", {}, stateBadge(run.state, run.reason));
    this.verdict = make("span");
    this.facts = make("p", { class: "soft" });
    this.chart = this.newChart({ label: "Generator and discriminator losses", onStep: (step) => this.sheets.go(step) });
    this.main = this.newLines([...new Set([...losses, ...run.series.filter(isLoss)])], this.chart);
    this.sheets = new Sheets([{ name: nameOf(run), sheets: run.sheets.map((sheet) => this.sheetOf(sheet)) }], { onMove: (step) => this.move(step) });
    this.bins = new BinsPanel(this.id);
    this.classes = new ClassesPanel(this.id);
    this.diagnosis = make("div", {}, make("div", { class: "panel soft", text: "Running the diagnosis…" }));
    this.others = make("div", { class: "grid" });
    this.layers = make("div", { class: "grid" });
    this.layerPanel = this.folded("Layer statistics", this.layers);
    this.layerLines = new Map();
    this.otherNames = new Set();
    this.addOthers(run.series);
    this.units = make("select", { "aria-label": "Horizontal axis", onchange: () => this.changeAxis() },
      ...axesOf({ ...run, milestones: [] }).map((axis) => make("option", { text: `x-axis: ${axis.name}` })));
    this.chart.bar.append(this.units);
    this.notice = make("p", { class: "panel problem", role: "alert", hidden: true });
    this.element.replaceChildren(
      make("p", { class: "soft" }, make("a", { href: "#/", text: "All runs" })), this.notice,
      make("div", { class: "title" }, make("h1", { text: nameOf(run) }), this.state, this.verdict), this.facts,
      make("div", { class: "duo" }, make("div", { class: "panel" }, make("h3", { text: "Losses" }), this.chart.element,
        make("p", { class: "soft hint", text: "Drag to zoom, double-click to reset. Click to show the samples at that step. Shaded bands mark findings." })),
        this.sheets.element),
      this.diagnosis, this.classes.element, this.bins.element,
      this.folded("Other series", this.others), this.layerPanel, new NotesPanel(this.id, run.annotations).element, this.downloads(),
      this.folded(run.program ? "Parameters" : "Configuration", table(run.configuration)), this.folded("Run details", table(run.facts)), this.events(), this.console());
    this.renderFacts();
  }

  // Switches the x-axis of all charts and resets their zoom, since a zoomed range belongs to the old axis.
  changeAxis() {
    this.renewAxes();
    for (const lines of this.lines) {
      const wasZoomed = lines.range !== null;
      lines.range = null;
      if (wasZoomed) lines.fetch();
    }
    this.charts.forEach((chart) => chart.draw());
  }

  renewAxes() {
    const axis = axesOf(this.details)[this.units.selectedIndex];
    for (const chart of this.charts) chart.axis = axis;
  }

  say(text) {
    this.notice.textContent = text;
    this.notice.hidden = false;
  }

  newChart(options) {
    const chart = new Chart(options);
    if (this.units) chart.axis = axesOf(this.details)[this.units.selectedIndex];
    this.charts.push(chart);
    return chart;
  }

  newLines(names, chart, options) {
    const lines = new SeriesLines(this.id, names, chart, options);
    this.lines.push(lines);
    return lines;
  }

  folded(title, content, onOpen = null) {
    const element = make("details", { class: "panel" }, make("summary", { text: title }), content);
    if (onOpen) element.addEventListener("toggle", () => { if (element.open) onOpen(); });
    return element;
  }

  // Adds a chart for each series other than the losses. Layer series share one chart per statistic and player.
  addOthers(names) {
    const added = names.filter((name) => !isLoss(name) && !this.otherNames.has(name));
    for (const name of added) {
      this.otherNames.add(name);
      if (!layerOf(name)) this.others.append(this.smallChart(name, [name]).element);
    }
    for (const [title, members] of layerCharts(added)) {
      const known = this.layerLines.get(title);
      if (known) { known.names.push(...members); if (known.isSeen) known.fetch().catch(() => {}); continue; }
      const { element, lines } = this.smallChart(title, members, { nameOf: (name) => layerOf(name).layer });
      this.layerLines.set(title, lines);
      this.layers.append(element);
    }
    this.layerPanel.hidden = this.layerLines.size === 0;
  }

  // A small chart that fetches its data when it scrolls into view.
  smallChart(title, names, options) {
    const chart = this.newChart({ label: title, small: true, onStep: (step) => this.sheets.go(step) });
    const lines = this.newLines(names, chart, options);
    const element = make("div", {}, make("h3", { text: title }), chart.element);
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      lines.isSeen = true;
      lines.fetch();
    });
    observer.observe(element);
    return { element, lines };
  }

  sheetOf(sheet) { return { ...sheet, image: imageOf(this.id, sheet) }; }

  // Whether the slider is at the newest sheet, in which case it follows new ones.
  isFollowing() { return Number(this.sheets.slider.value) >= this.sheets.positions.length - 1; }

  move(step) {
    this.chart.mark(step);
    if (this.sheets) for (const panel of [this.classes, this.bins]) panel.show(step).catch(() => {});
  }

  renderFacts() {
    const run = this.details;
    const end = run.end ?? (run.state === "running" ? Date.now() / 1000 : null);
    this.facts.textContent = [run.label ? run.id : "", `${run.steps.toLocaleString("en")} steps`, `started ${date(run.start)}`, end ? duration(end - run.start) : ""].filter(Boolean).join(" · ");
  }

  renderFindings() {
    const { findings, state, steps } = this.details;
    // A run that was killed, or one of an old version, has no up-to-date stored findings, so use the fresh diagnosis
    // for those that are open.
    const isKept = findings.length > 0 && (state === "running" || !this.judgment);
    const held = isKept ? findings : [...findings.filter((finding) => Number.isFinite(finding.closed)), ...(this.judgment?.findings ?? [])];
    this.chart.bands = bandsOf(held, steps);
    this.chart.draw();
  }

  async judge() {
    const diagnosis = await get(`${pathOf(this.id)}/diagnosis`).catch((error) => error);
    if (this.isClosed) return;
    if (diagnosis instanceof Error) { this.diagnosis.replaceChildren(make("p", { class: "panel problem", text: diagnosis.message })); return; }
    this.verdict.replaceChildren(badge(diagnosis.verdict));
    this.judgment = diagnosis;
    this.renderFindings();
    const text = JSON.stringify(diagnosis);
    if (text === this.judged) return;
    this.judged = text;
    this.diagnosis.replaceChildren(diagnosisView(diagnosis, { image: (pattern) => this.imageOf(pattern) }));
  }

  imageOf(pattern) {
    const finding = this.details.findings.findLast((finding) => finding.pattern === pattern && finding.hasImage);
    return finding ? `${pathOf(this.id)}/findings/${pattern}/${finding.opened}?v=${this.details.place}` : null;
  }

  take(news) {
    const run = this.details;
    if (news.reset) { this.reload(); return; }
    const hasEnded = run.state === "running" && news.state !== "running";
    Object.assign(run, { state: news.state, reason: news.reason, steps: news.step });
    run.findings = news.findings;
    this.state.replaceChildren(stateBadge(run.state, run.reason));
    this.addOthers(Object.keys(news.series));
    if (news.milestone && news.milestone.step > (run.milestones.at(-1)?.step ?? 0)) run.milestones.push(news.milestone);
    if (this.units.selectedIndex > 0) this.renewAxes();
    this.renderFindings();
    for (const lines of this.lines) if (lines === this.main || lines.isSeen) if (!lines.range) lines.append(news.series);
    const known = new Set(this.sheets.figures[0].run.sheets.map((sheet) => sheet.id));
    const added = news.sheets.filter((sheet) => !known.has(sheet.id)).map((sheet) => this.sheetOf(sheet));
    if (added.length > 0) {
      this.sheets.setSheets(0, [...this.sheets.figures[0].run.sheets, ...added]);
    }
    this.renderFacts();
    if (hasEnded) this.reload();
  }

  // Reloads everything: the run was resumed, has ended, or has advanced too far to catch up with.
  async reload() {
    this.details = await get(pathOf(this.id));
    if (this.isClosed) return;
    this.state.replaceChildren(stateBadge(this.details.state, this.details.reason));
    this.sheets.setSheets(0, this.details.sheets.map((sheet) => this.sheetOf(sheet)));
    this.renewAxes();
    this.addOthers(this.details.series);
    this.renderFacts();
    await Promise.all(this.lines.filter((lines) => lines === this.main || lines.isSeen).map((lines) => lines.fetch()));
    await this.judge();
  }

  downloads() {
    const link = (name, text) => make("a", { href: `${pathOf(this.id)}/${name}`, download: true, text });
    return make("div", { class: "panel" }, make("h3", { text: "Downloads" }), make("div", { class: "downloads" },
      link("losses.csv", "All series, every step (CSV)"), link("samples.zip", "All sheets (ZIP)"), link("configuration.yaml", "Configuration (YAML)")));
  }

  events() {
    if (this.details.notes.length === 0) return "";
    return this.folded("Events", table(this.details.notes.map((note) => [date(note.wallTime), note.step ?? "", note.kind, note.message]), ["Time", "Step", "Type", "Message"]));
  }

  console() {
    if (!this.details.hasConsole) return "";
    const text = make("pre", { class: "console" });
    const earlier = make("button", { type: "button", text: "Earlier", hidden: true, onclick: () => load(this.consoleFrom) });
    const load = async (before) => {
      const piece = await get(`${pathOf(this.id)}/console${before === undefined ? "" : `?before=${before}`}`);
      text.textContent = before === undefined ? piece.text : piece.text + text.textContent;
      this.consoleFrom = piece.from;
      earlier.hidden = piece.from === 0;
      if (before === undefined) text.scrollTop = text.scrollHeight;
    };
    return this.folded("Console", make("div", {}, earlier, text), () => load());
  }
}
