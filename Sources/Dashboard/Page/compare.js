import { make, table, inks } from "./dom.js";
import { Chart } from "./chart.js";
import { Sheets } from "./sheets.js";
import { get, pathOf, imageOf, plotly } from "./api.js";
import { Live } from "./live.js";
import { seriesQuery } from "./series.js";
import { layerOf } from "./layers.js";
import { losses, nextFrame } from "./run.js";
import { stateBadge, nameOf } from "./runs.js";

const dashes = ["solid", "dash", "dot", "dashdot"];
const meanBuckets = 300;
const longestLine = 6000;
const refreshedEvery = 5000;

// Runs that differ only in their seed (or threads and device) belong to one experiment.
function experimentOf(run) { return JSON.stringify(run.configuration.filter(([key]) => !["seed", "threads", "device"].includes(key))); }

// Compares runs: any series of all of them in one chart, or the means over seeds, and all their sheets on one slider.
export class CompareView {
  constructor(ids) {
    this.ids = [...new Set(ids)];
    this.element = make("div", {}, make("h1", { text: "Comparison" }), make("p", { class: "soft", text: "Loading…" }));
    this.range = null;
  }

  async start() {
    const runs = await Promise.all(this.ids.map((id) => get(pathOf(id))));
    if (this.isClosed) return;
    this.runs = runs;
    document.title = `${runs.length} runs – Equipoise`;
    this.build();
    await this.fetch();
    await nextFrame();
    await plotly();
    if (this.isClosed) return;
    this.chart.draw();
    // The run list reports which runs have advanced. Only new points are fetched; sheets are refreshed on a timer.
    const { revision } = await get("/api/runs");
    if (this.isClosed) return;
    this.live = new Live((last) => `/api/events?since=${encodeURIComponent(last ?? revision)}`, { onNews: (news) => this.take(news) });
    this.timer = setInterval(() => { if (this.runs.some((run) => run.state === "running") && !document.hidden) this.refresh().catch(() => {}); }, refreshedEvery);
  }

  close() {
    this.isClosed = true;
    clearInterval(this.timer);
    this.live?.close();
    this.chart?.close();
    this.sheets?.stop();
  }

  build() {
    const runs = this.runs;
    const names = [...new Set([...losses, ...runs.flatMap((run) => run.series).filter((name) => !layerOf(name))])];
    this.chosen = new Set([losses[0]]);
    this.chart = new Chart({ label: "Selected series of all runs", onStep: (step) => this.sheets.go(step), onRange: (range) => { this.range = range; this.fetch(); } });
    const choice = make("div", { class: "series-choice", role: "group", "aria-label": "Series" }, ...names.map((name) => {
      const box = make("input", { type: "checkbox", onchange: () => {
        if (box.checked) this.chosen.add(name); else this.chosen.delete(name);
        this.fetch();
      } });
      box.checked = this.chosen.has(name);
      return make("label", { class: "key" }, box, name);
    }));
    this.mean = make("input", { type: "checkbox", onchange: () => this.fetch() });
    const experiments = this.experiments();
    const isRepeated = experiments.some((experiment) => experiment.runs.length > 1);
    this.mean.disabled = !isRepeated;
    this.chart.bar.append(make("label", { title: isRepeated ? null : "Needs at least two runs that differ only in their seed" }, this.mean, "Mean ± std over seeds"));
    this.sheets = new Sheets(runs.map((run) => ({ name: nameOf(run), sheets: run.sheets.map((sheet) => ({ ...sheet, image: imageOf(run.id, sheet) })) })),
      { onMove: (step) => this.chart.mark(step) });
    this.summary = make("div");
    this.element.replaceChildren(
      make("p", { class: "soft" }, make("a", { href: "#/", text: "All runs" })), make("h1", { text: `${runs.length} runs compared` }), this.summary,
      make("div", { class: "panel" }, make("h3", { text: "Series" }), choice, this.chart.element), this.sheets.element, this.differences());
    this.renderSummary();
  }

  renderSummary() {
    this.summary.replaceChildren(make("div", { class: "bar" }, ...this.runs.map((run, index) => {
      const ink = make("span", { class: "ink" });
      ink.style.background = inks[index % inks.length];
      return make("span", { class: "key" }, ink, make("a", { href: `#/run/${encodeURIComponent(run.id)}`, text: nameOf(run) }), stateBadge(run.state, run.reason));
    })));
  }

  // Groups the runs by experiment, in the order of selection.
  experiments() {
    const groups = new Map();
    for (const run of this.runs) {
      const key = experimentOf(run);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(run);
    }
    return [...groups.values()].map((runs) => ({ runs, name: runs.length > 1 ? `${nameOf(runs[0])} and ${runs.length - 1} more` : nameOf(runs[0]) }));
  }

  differences() {
    const [first] = this.runs;
    const values = this.runs.map((run) => new Map(run.configuration));
    const keys = [...new Set(this.runs.flatMap((run) => run.configuration.map(([key]) => key)))];
    const rows = keys.filter((key) => values.some((value) => value.get(key) !== values[0].get(key))).map((key) => [key, ...values.map((value) => value.get(key) ?? "")]);
    return make("div", { class: "panel" }, make("h3", { text: "Configuration differences" }),
      rows.length > 0 ? table(rows, ["Parameter", ...this.runs.map(nameOf)]) : make("p", { text: `All runs have the same configuration as ${nameOf(first)}.` }));
  }

  async refresh() {
    this.runs = await Promise.all(this.ids.map((id) => get(pathOf(id))));
    if (this.isClosed) return;
    this.renderSummary();
    this.runs.forEach((run, index) => { this.sheets.setSheets(index, run.sheets.map((sheet) => ({ ...sheet, image: imageOf(run.id, sheet) }))); });
    if (this.mean.checked && !this.range) await this.fetch();
  }

  async fetch() {
    const wish = {};
    this.wish = wish;
    const lines = this.mean.checked ? await this.means() : await this.all();
    // The selection changed in the meantime.
    if (this.wish !== wish || this.isClosed) return;
    this.chart.show(lines);
  }

  // Updates the states of runs that have advanced, and adds their new points unless the chart is zoomed in.
  take(news) {
    for (const row of news.runs) {
      const index = this.runs.findIndex((run) => run.id === row.id);
      if (index < 0) continue;
      Object.assign(this.runs[index], { state: row.state, reason: row.reason, steps: row.steps });
      if (!this.range && !this.mean.checked) this.append(index).catch(() => {});
    }
    this.renderSummary();
  }

  async append(index) {
    const [lines, names] = [this.found?.[index], [...this.chosen]];
    if (!lines) return;
    const last = Math.max(0, ...Object.values(lines).flatMap((line) => [line.steps.at(-1) ?? 0, line.marks.at(-1)?.step ?? 0]));
    const fresh = await get(`${pathOf(this.runs[index].id)}/series?${seriesQuery(names, [last + 1, Number.MAX_SAFE_INTEGER])}`);
    // The selection changed, or another update brought the same points. Lines that grow too long are fetched again.
    if (this.isClosed || this.found?.[index] !== lines || this.range) return;
    for (const [name, line] of Object.entries(fresh)) {
      const known = lines[name] ??= { steps: [], values: [], marks: [] };
      const isNew = (step) => step > Math.max(known.steps.at(-1) ?? 0, known.marks.at(-1)?.step ?? 0);
      const first = line.steps.findIndex(isNew);
      if (first >= 0) { known.steps.push(...line.steps.slice(first)); known.values.push(...line.values.slice(first)); }
      known.marks.push(...line.marks.filter((mark) => isNew(mark.step)));
    }
    if (Object.values(lines).some((line) => line.steps.length > longestLine)) await this.fetch();
    else this.chart.show(this.lines());
  }

  async all() {
    const names = [...this.chosen];
    this.found = await Promise.all(this.runs.map((run) => get(`${pathOf(run.id)}/series?${seriesQuery(names, this.range)}`)));
    return this.lines();
  }

  lines() {
    const [names, found] = [[...this.chosen], this.found];
    return this.runs.flatMap((run, index) => names.filter((name) => found[index][name]).map((name, place) => ({
      name: names.length > 1 ? `${nameOf(run)}, ${name}` : nameOf(run), ink: inks[index % inks.length], dash: dashes[(place + Math.floor(index / inks.length)) % dashes.length], ...found[index][name] })));
  }

  async means() {
    const [from, to] = this.range ?? [1, Math.max(1, ...this.runs.map((run) => run.steps))];
    const asked = this.experiments().flatMap((experiment, index) => [...this.chosen].map((name, place) => ({ experiment, index, name, place })));
    return Promise.all(asked.map(async ({ experiment, index, name, place }) => {
      const query = new URLSearchParams([...experiment.runs.map((run) => ["run", run.id]), ["name", name], ["from", from], ["to", to], ["buckets", meanBuckets]]);
      const answers = (await get(`/api/means?${query}`)).filter(Boolean);
      const line = { name: this.chosen.size > 1 ? `${experiment.name}, ${name}` : experiment.name, ink: inks[index % inks.length], dash: dashes[place % dashes.length], steps: [], values: [], spread: [] };
      for (let bucket = 0; bucket < (answers[0]?.steps.length ?? 0); bucket += 1) {
        const values = answers.map((answer) => answer.means[bucket]).filter((mean) => mean !== null && mean !== undefined);
        if (values.length === 0) continue;
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const variance = values.length > 1 ? values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) : 0;
        line.steps.push(answers[0].steps[bucket]);
        line.values.push(mean);
        line.spread.push(Math.sqrt(variance));
      }
      return line;
    }));
  }
}
