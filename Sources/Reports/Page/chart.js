import { make, color, number } from "./dom.js";

export function smooth(values, weight) {
  if (weight === 0) return values;
  let average = 0, scale = 0;
  return values.map((current) => {
    average = average * weight + current * (1 - weight);
    scale = scale * weight + (1 - weight);
    return average / scale;
  });
}

// Plotly interprets some HTML in text, so escape it.
function plain(text) { return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"); }

function inkOf(line) {
  const ink = make("span", { class: "ink" });
  ink.style.background = line.ink;
  return ink;
}

// The index of the nearest step in an ascending list; -1 if the list is empty.
function nearest(steps, step) {
  let low = 0, high = steps.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle; else high = middle;
  }
  return high >= 0 && Math.abs(steps[low] - step) <= Math.abs(steps[high] - step) ? low : high;
}

// The step nearest to the given one at which a line has a value, finite or not, and the value as text.
function nearestOf(line, step) {
  const marks = line.marks || [];
  const [point, mark] = [nearest(line.steps, step), nearest(marks.map((m) => m.step), step)];
  const isMark = mark >= 0 && (point < 0 || Math.abs(marks[mark].step - step) < Math.abs(line.steps[point] - step));
  if (isMark) return { step: marks[mark].step, text: marks[mark].value };
  if (point < 0) return {};
  return { step: line.steps[point], text: number(line.values[point]) + (line.spread?.[point] > 0 ? ` ± ${number(line.spread[point])}` : "") };
}

export const byStep = { name: "step", at: (step) => step, step: (x) => x };

// A chart of lines over training steps: {name, ink, steps, values, marks: [{step, value}], spread: [deviation]}.
// `onStep` receives the step of a click; `onRange` receives the zoomed range of steps, or null for all.
export class Chart {
  constructor({ label, small = false, onStep = null, onRange = null }) {
    this.lines = [];
    this.bands = [];
    this.axis = byStep;
    this.weight = 0;
    this.isLogarithmic = false;
    this.marker = null;
    this.small = small;
    this.onStep = onStep;
    this.plot = make("div", { class: small ? "chart small" : "chart", role: "img", "aria-label": label });
    this.readout = make("div", { class: "readout", hidden: true });
    this.hidden = new Set();
    this.legend = make("div", { class: "controls legend", role: "group", "aria-label": "Legend" });
    this.element = make("div", {}, this.legend, this.plot);
    if (!small) this.element.prepend(this.controls());
    this.isDrawn = false;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.plot);
    this.theme = matchMedia("(prefers-color-scheme: dark)");
    this.redraw = () => this.draw();
    this.theme.addEventListener("change", this.redraw);
    this.onRange = onRange;
  }

  controls() {
    const slider = make("input", { type: "range", min: 0, max: 0.99, step: 0.01, value: 0, "aria-label": "Smoothing",
      oninput: (event) => { this.weight = Number(event.target.value); this.draw(); } });
    const check = make("input", { type: "checkbox", onchange: (event) => { this.isLogarithmic = event.target.checked; this.draw(); } });
    this.missing = make("span", { class: "soft", role: "status", hidden: true, text: "Zero and negative values are hidden on this axis" });
    this.bar = make("div", { class: "controls" }, make("label", {}, "Smoothing", slider), make("label", {}, check, "Log scale"), this.missing);
    return this.bar;
  }

  show(lines, bands = this.bands) {
    this.lines = lines;
    this.bands = bands;
    this.showLegend();
    this.draw();
  }

  // One button per line that toggles its visibility.
  showLegend() {
    const signature = JSON.stringify(this.lines.map((line) => [line.name, line.ink, line.dash]));
    if (signature === this.legendSignature) return;
    this.legendSignature = signature;
    this.legend.hidden = this.lines.length < 2;
    this.legend.replaceChildren(...this.lines.map((line) => {
      const button = make("button", { type: "button", class: "link key", "aria-pressed": String(!this.hidden.has(line.name)), onclick: () => {
        if (this.hidden.has(line.name)) this.hidden.delete(line.name); else this.hidden.add(line.name);
        button.setAttribute("aria-pressed", String(!this.hidden.has(line.name)));
        this.draw();
      } }, inkOf(line), line.name);
      return button;
    }));
  }

  // Whether the values are in the range of SI prefixes, such as k or µ. Outside of it Plotly.js would superscript the
  // exponents with an inline style, which the content security policy blocks.
  get hasPrefixes() {
    let largest = 0;
    for (const line of this.visible) for (const value of line.values) largest = Math.max(largest, Math.abs(value ?? 0));
    return largest === 0 || (largest > 1e-12 && largest < 1e14);
  }

  get visible() { return this.lines.filter((line) => !this.hidden.has(line.name)); }

  // Draws a vertical line at the step of the sheet shown.
  mark(step) {
    this.marker = step;
    if (this.isDrawn) Plotly.relayout(this.plot, { shapes: this.shapes() });
  }

  close() {
    this.observer.disconnect();
    this.theme.removeEventListener("change", this.redraw);
    if (this.isDrawn) Plotly.purge(this.plot);
    this.isDrawn = false;
    this.isClosed = true;
  }

  resize() {
    if (!this.plot.checkVisibility()) return;
    if (!this.isDrawn || !window.Plotly) this.draw(); else Plotly.Plots.resize(this.plot);
  }

  draw() {
    // A collapsed chart has no size; it is drawn when it is expanded.
    if (this.isClosed || !this.plot.checkVisibility()) return;
    if (!window.Plotly) { this.preview(); return; }
    this.plot.querySelector(".preview")?.remove();
    const wasDrawn = this.isDrawn;
    this.isDrawn = true;
    if (this.missing) this.missing.hidden = !(this.isLogarithmic && this.visible.some((line) => line.values.some((value) => value !== null && value <= 0)));
    Plotly.react(this.plot, this.traces(), this.layout(), { displaylogo: false, displayModeBar: this.small ? false : "hover",
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "sendChartToCloud"], responsive: false });
    if (!wasDrawn) this.listen();
  }

  // Draws the bare lines in place until Plotly.js is loaded.
  preview() {
    const lines = this.visible.filter((line) => line.steps.length > 1);
    const [width, height] = [this.plot.clientWidth - 60, this.plot.clientHeight - (this.small ? 36 : 44)];
    const xs = lines.flatMap((line) => [line.steps[0], line.steps.at(-1)]);
    const bounds = lines.flatMap((line) => [line.values.reduce((a, b) => Math.min(a, b)), line.values.reduce((a, b) => Math.max(a, b))]);
    if (lines.length === 0) return;
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...bounds), Math.max(...bounds)];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "preview");
    svg.setAttribute("width", this.plot.clientWidth);
    svg.setAttribute("height", this.plot.clientHeight);
    svg.append(...lines.map((line) => {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
      path.setAttribute("points", line.steps.map((step, index) =>
        `${(48 + (step - left) / (right - left || 1) * width).toFixed(1)},${(8 + (high / 2 - line.values[index] / 2) / (high / 2 - low / 2 || 1) * height).toFixed(1)}`).join(" "));
      path.setAttribute("fill", "none");
      path.setAttribute("stroke", line.ink);
      return path;
    }));
    this.plot.replaceChildren(svg);
  }

  listen() {
    this.plot.append(this.readout);
    this.plot.on("plotly_click", (event) => this.onStep && this.onStep(Math.round(this.axis.step(event.xvals?.[0] ?? event.points[0].x))));
    this.plot.on("plotly_relayout", (event) => {
      if (!this.onRange) return;
      if (event["xaxis.autorange"]) this.onRange(null);
      else if (event["xaxis.range[0]"] !== undefined)
        this.onRange([event["xaxis.range[0]"], event["xaxis.range[1]"]].map((x) => Math.max(0, Math.round(this.axis.step(x)))));
    });
    this.plot.addEventListener("pointermove", (event) => this.read(event));
    this.plot.addEventListener("pointerleave", () => { this.readout.hidden = true; });
  }

  // Shows the values of the lines at the pointer.
  read(event) {
    const axis = this.plot._fullLayout?.xaxis;
    if (!axis) return;
    const box = this.plot.getBoundingClientRect();
    const across = event.clientX - box.left - axis._offset;
    if (across < 0 || across > axis._length) { this.readout.hidden = true; return; }
    const step = this.axis.step(axis.p2d(across));
    const shown = this.visible.map((line) => ({ line, ...nearestOf(line, step) })).filter((found) => found.step !== undefined);
    if (shown.length === 0) { this.readout.hidden = true; return; }
    const exact = shown[0].step;
    const title = this.axis.name === "step" ? `step ${Math.round(exact)}` : `${this.axis.name} ${number(this.axis.at(exact))}, step ${Math.round(exact)}`;
    // List only as many lines as are readable.
    const most = 14;
    this.readout.replaceChildren(make("b", { text: title }), ...shown.slice(0, most).map(({ line, step: own, text }) =>
      make("div", {}, inkOf(line), make("span", { text: own === exact ? line.name : `${line.name}, step ${Math.round(own)}` }), make("span", { text }))),
      shown.length > most && make("div", { text: `and ${shown.length - most} more` }));
    this.readout.hidden = false;
    const left = event.clientX - box.left;
    const width = this.readout.offsetWidth;
    this.readout.style.left = `${left + width + 24 > box.width ? Math.max(0, left - width - 14) : left + 14}px`;
  }

  traces() {
    const all = [];
    for (const line of this.visible) {
      const x = line.steps.map(this.axis.at);
      const common = { x, type: "scatter", mode: "lines", hoverinfo: "none" };
      if (line.spread) {
        const edge = { ...common, line: { width: 0 } };
        all.push({ ...edge, y: line.values.map((mean, index) => mean === null ? null : mean - line.spread[index]) });
        all.push({ ...edge, y: line.values.map((mean, index) => mean === null ? null : mean + line.spread[index]), fill: "tonexty", fillcolor: line.ink + "2e" });
      }
      if (this.weight > 0) all.push({ ...common, y: line.values, line: { color: line.ink, width: 1 }, opacity: 0.22 });
      all.push({ ...common, y: smooth(line.values, this.weight), line: { color: line.ink, width: 1.6, dash: line.dash || "solid" } });
      // Non-finite values have no position on the y-axis, so they are marked along the bottom of the chart.
      const marks = line.marks || [];
      if (marks.length > 0) all.push({ x: marks.map((m) => this.axis.at(m.step)), y: marks.map(() => 0.015), yaxis: "y2", type: "scatter", hoverinfo: "none",
        mode: marks.length <= 3 ? "markers+text" : "markers", text: marks.map((m) => m.value), textposition: "top center", textfont: { color: color("--bad") },
        marker: { symbol: "x", size: 6, color: color("--bad") } });
    }
    return all;
  }

  shapes() {
    const shapes = this.bands.map((band) => ({ type: "rect", xref: "x", yref: "paper", x0: this.axis.at(band.from), x1: this.axis.at(band.to), y0: 0, y1: 1,
      fillcolor: color("--band"), line: { width: 0 }, layer: "below" }));
    if (this.marker !== null) shapes.push({ type: "line", xref: "x", yref: "paper", x0: this.axis.at(this.marker), x1: this.axis.at(this.marker), y0: 0, y1: 1,
      line: { color: color("--soft"), width: 1, dash: "dot" } });
    return shapes;
  }

  layout() {
    const axis = { gridcolor: color("--line"), zerolinecolor: color("--line"), automargin: true };
    const names = this.small ? [] : this.bands.map((band, index) => ({ x: this.axis.at(band.from), y: 1 - (index % 8) * 0.07, xref: "x", yref: "paper", xanchor: "left", yanchor: "top",
      text: plain(band.name), showarrow: false, borderpad: 1, bgcolor: color("--panel"), opacity: 0.85, font: { size: 11, color: color("--bad") } }));
    return {
      margin: { l: 48, r: 12, t: 8, b: this.small ? 28 : 36 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: color("--ink"), size: 12, family: "system-ui, sans-serif" }, hovermode: "x", dragmode: "zoom", shapes: this.shapes(), annotations: names,
      autosize: true, uirevision: this.axis.name, modebar: { bgcolor: "rgba(0,0,0,0)", color: color("--soft"), activecolor: color("--accent") },
      showlegend: false, xaxis: { ...axis, title: this.small ? undefined : { text: this.axis.name }, hoverformat: ".6~r" },
      yaxis: { ...axis, type: this.isLogarithmic ? "log" : "linear", exponentformat: this.isLogarithmic || !this.hasPrefixes ? "e" : "SI" }, yaxis2: { overlaying: "y", range: [0, 1], visible: false, fixedrange: true },
    };
  }
}
