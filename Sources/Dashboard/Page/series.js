import { get, pathOf } from "./api.js";
import { inks } from "./dom.js";

const buckets = 1000;
// After this many live points per series, the line is fetched again so that it stays small.
const mostFresh = 2000;

export function seriesQuery(names, range) {
  const query = new URLSearchParams([...names.map((name) => ["name", name]), ["buckets", buckets]]);
  if (range) { query.set("from", range[0]); query.set("to", range[1]); }
  return query;
}

// Several series of a run in one chart: fetched at screen resolution, again on zoom, and extended by live points.
export class SeriesLines {
  constructor(id, names, chart, { nameOf = (name) => name, inkOf = (index) => inks[index % inks.length] } = {}) {
    Object.assign(this, { id, names, chart, nameOf, inkOf });
    this.range = null;
    this.data = new Map();
    this.fresh = 0;
    chart.onRange = (range) => { this.range = range; return this.fetch(); };
  }

  async fetch() {
    const range = this.range;
    const found = await get(`${pathOf(this.id)}/series?${seriesQuery(this.names, range)}`);
    // The zoom changed in the meantime.
    if (range !== this.range) return;
    const before = this.data;
    this.data = new Map(Object.entries(found));
    this.fresh = 0;
    // Add live points that arrived during the request.
    if (!range) this.append(Object.fromEntries([...before].map(([name, line]) => [name, { steps: line.steps, values: line.values }])));
    this.show();
  }

  // Appends live points after the last known step.
  append(series) {
    let count = 0;
    for (const name of this.names) {
      const [line, known] = [series[name], this.data.get(name) ?? { steps: [], values: [], marks: [] }];
      if (!line) continue;
      const last = Math.max(known.steps.at(-1) ?? -1, known.marks.at(-1)?.step ?? -1);
      line.steps.forEach((step, index) => {
        if (step <= last) return;
        const value = Number(line.values[index]);
        if (Number.isFinite(value)) { known.steps.push(step); known.values.push(value); } else known.marks.push({ step, value: line.values[index] });
        count += 1;
      });
      this.data.set(name, known);
    }
    if (count === 0) return;
    this.fresh += count;
    if (this.fresh > mostFresh * this.names.length) this.fetch().catch(() => {}); else this.show();
  }

  show() { this.chart.show(this.lines()); }

  lines() {
    return this.names.map((name, index) => ({ name: this.nameOf(name), ink: this.inkOf(index), ...this.data.get(name) })).filter((line) => line.steps);
  }
}
