"use strict";
// A run's names, notes and findings are text: everything goes into the page by textContent.
const contents = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");
const losses = ["loss_generator", "loss_discriminator_real", "loss_discriminator_fake"];
const inks = ["#3d5afe", "#e8590c", "#2b9a66", "#9c36b5", "#c2255c", "#0c8599", "#a67c00", "#495057"];

function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (key === "class") element.className = value;
    else if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

function color(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

function smooth(values, weight) {
  if (weight === 0) return values;
  let average = 0, scale = 0;
  return values.map((value) => {
    average = average * weight + value * (1 - weight);
    scale = scale * weight + (1 - weight);
    return average / scale;
  });
}

function layout(log, shapes) {
  const axis = { gridcolor: color("--line"), zerolinecolor: color("--line"), automargin: true };
  return {
    margin: { l: 48, r: 12, t: 8, b: 36 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: color("--ink"), size: 12 }, hovermode: "x unified", shapes,
    autosize: true, modebar: { bgcolor: "rgba(0,0,0,0)", color: color("--soft"), activecolor: color("--accent") },
    legend: { orientation: "h", y: 1.12 }, xaxis: { ...axis, title: { text: "step" } },
    yaxis: { ...axis, type: log ? "log" : "linear" },
    hoverlabel: { bgcolor: color("--panel"), font: { color: color("--ink") } },
  };
}

function traces(lines, weight) {
  const all = [];
  lines.forEach(({ name, series, ink, dash }) => {
    all.push({
      x: series.steps, y: smooth(series.values, weight), name, mode: "lines", type: "scatter",
      line: { color: ink, width: 1.6, dash: dash || "solid" },
    });
    if (series.marks.length > 0) {
      const level = series.values.length > 0 ? Math.max(...series.values) : 0;
      all.push({
        x: series.marks.map((m) => m.step), y: series.marks.map(() => level), text: series.marks.map((m) => m.value),
        name: name + ", not finite", mode: "markers", type: "scatter", hovertemplate: "%{text}",
        marker: { symbol: "x", size: 9, color: color("--bad") },
      });
    }
  });
  return all;
}

function bands(runs) {
  return runs.flatMap((run) => run.findings.filter((f) => f.severity >= 0.5).slice(0, 1).map((finding) => ({
    type: "rect", xref: "x", yref: "paper", x0: finding.since, x1: run.steps, y0: 0, y1: 1,
    fillcolor: color("--band"), line: { width: 0 }, layer: "below",
  })));
}

// A chart with a smoothing slider and a logarithmic axis.
function chart(lines, runs, { small = false, onStep = null } = {}) {
  const plot = make("div", { class: small ? "chart small" : "chart", role: "img", "aria-label": "Chart of " + lines.map((l) => l.name).join(", ") });
  const state = { weight: 0, log: false };
  const draw = () => Plotly.react(plot, traces(lines, state.weight), layout(state.log, small ? [] : bands(runs)), {
    displaylogo: false, displayModeBar: !small,
  });
  const box = make("div", {}, plot);
  if (!small) {
    const slider = make("input", { type: "range", min: 0, max: 0.99, step: 0.01, value: 0, "aria-label": "smoothing",
      oninput: (event) => { state.weight = Number(event.target.value); draw(); } });
    const check = make("input", { type: "checkbox", "aria-label": "logarithmic axis", onchange: (event) => { state.log = event.target.checked; draw(); } });
    box.prepend(make("div", { class: "controls" }, make("label", { text: "smoothing" }), slider, make("label", {}, check, " logarithmic")));
  }
  box.show = (others) => { lines = others; draw(); };
  queueMicrotask(() => {
    draw();
    new ResizeObserver(() => { if (plot.offsetParent !== null) Plotly.Plots.resize(plot); }).observe(plot);
    if (onStep) plot.on("plotly_click", (event) => onStep(event.points[0].x));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  return box;
}

// One slider for the sheets of some runs: by position in the list of all steps that have one.
function sheets(runs) {
  const shown = runs.filter((run) => run.sheets.length > 0);
  if (shown.length === 0) return { element: null, go: null };
  const steps = [...new Set(shown.flatMap((run) => run.sheets.map((s) => s.step)))].sort((a, b) => a - b);
  const figures = shown.map((run) => {
    const image = make("img", { alt: "generated examples" });
    const caption = make("figcaption");
    return { run, image, caption, element: make("figure", {}, image, caption) };
  });
  const slider = make("input", { type: "range", min: 0, max: steps.length - 1, value: steps.length - 1, "aria-label": "which sheet", oninput: () => show() });
  function show() {
    const step = steps[Number(slider.value)];
    for (const { run, image, caption } of figures) {
      const sheet = run.sheets.filter((s) => s.step <= step).at(-1) || run.sheets[0];
      image.src = sheet.picture;
      caption.textContent = `${runs.length > 1 ? (run.label || run.name) + ": " : ""}epoch ${sheet.epoch}, step ${sheet.step}, ${sheet.images} images seen`;
    }
  }
  let timer = null;
  const play = make("button", { text: "play", type: "button", onclick: () => {
    if (timer) { clearInterval(timer); timer = null; play.textContent = "play"; return; }
    play.textContent = "pause";
    timer = setInterval(() => { slider.value = (Number(slider.value) + 1) % steps.length; show(); }, 400);
  } });
  show();
  const go = (step) => {
    let best = 0;
    steps.forEach((s, index) => { if (Math.abs(s - step) < Math.abs(steps[best] - step)) best = index; });
    slider.value = best;
    show();
  };
  const element = make("div", { class: "panel" }, make("h3", { text: "Samples" }), steps.length > 1 && make("div", { class: "controls" }, play, slider),
    make("div", { class: "sheets" }, ...figures.map((f) => f.element)));
  return { element, go };
}

function table(rows, header) {
  return make("div", { class: "scroll" }, make("table", {},
    header && make("tr", {}, ...header.map((text) => make("th", { text }))),
    ...rows.map((row) => make("tr", {}, ...row.map((text, index) => make(index === 0 && !header ? "th" : "td", { text }))))));
}

function number(value) { return Number(value.toPrecision(3)).toString(); }

function diagnosis(run) {
  const panel = make("div", { class: "panel" }, make("h3", { text: "Diagnosis" }),
    make("p", {}, make("span", { class: "badge " + run.verdict, text: run.verdict })));
  if (run.findings.length === 0 && run.verdict === "healthy") panel.append(make("p", { text: "Nothing was found that is wrong." }));
  run.findings.forEach((finding, index) => {
    panel.append(make("p", {}, make("strong", { text: `${index + 1}. ${finding.pattern}` }), ` ${finding.summary}`));
    panel.append(table(finding.evidence.map((e) => [e.signal, number(Number(e.value)), number(Number(e.threshold)), `${e.from} to ${e.to}`]),
      ["signal", "value", "threshold", "steps"]));
  });
  if (run.remedies.length > 0) {
    panel.append(make("h3", { text: "What helps, most promising first" }));
    panel.append(make("ol", { class: "remedies" }, ...run.remedies.map((remedy) => {
      const item = make("li", {}, make("strong", { text: remedy.title }), ` (against ${remedy.against.join(", ")}). ${remedy.why} `,
        make("span", { class: "soft", text: remedy.source }));
      if (remedy.flags) item.append(make("br"), make("code", { text: remedy.flags }));
      return item;
    })));
  }
  run.notes.forEach((note) => panel.append(make("p", { class: "soft", text: note })));
  return panel;
}

function section(run) {
  const views = sheets([run]);
  const lines = losses.filter((name) => run.series[name]).map((name, index) => ({ name, series: run.series[name], ink: inks[index] }));
  const others = run.order.filter((name) => !losses.includes(name));
  return make("section", {},
    make("h2", {}, run.label || run.name, " ", make("span", { class: "badge " + run.verdict, text: run.verdict })),
    make("p", { class: "soft", text: `${run.name}, ${run.state}, ${run.steps} steps` }),
    lines.length > 0 && make("div", { class: "panel" }, make("h3", { text: "Losses" }), chart(lines, [run], { onStep: views.go }),
      views.go && make("p", { class: "soft", text: "A click goes to the samples of that step." + (run.verdict === "failed" ? " What is shaded is since the worst finding." : "") })),
    views.element, diagnosis(run),
    others.length > 0 && make("details", { class: "panel" }, make("summary", { text: `${others.length} other series` }),
      make("div", { class: "grid" }, ...others.map((name) => make("div", {}, make("h3", { text: name }),
        chart([{ name, series: run.series[name], ink: inks[0] }], [run], { small: true }))))),
    make("details", { class: "panel" }, make("summary", { text: "Where it came from, and its configuration" }), table(run.facts), table(run.configuration)));
}

function comparison(runs) {
  const names = [...new Set(runs.flatMap((run) => run.order))];
  const select = make("select", { "aria-label": "which series" }, ...names.map((name) => make("option", { value: name, text: name })));
  const views = sheets(runs);
  const lines = () => runs.filter((run) => run.series[select.value]).map((run, index) => ({
    name: run.label || run.name, series: run.series[select.value], ink: inks[index % inks.length] }));
  const box = chart(lines(), [], { onStep: views.go });
  select.addEventListener("change", () => box.show(lines()));
  return make("section", {}, make("h2", { text: "Side by side" }), make("div", { class: "panel" }, make("div", { class: "controls" }, select), box), views.element,
    contents.differences.length > 0 && make("div", { class: "panel" }, make("h3", { text: "Where the configurations differ" }),
      table(contents.differences, ["key", ...runs.map((run) => run.label || run.name)])));
}

document.title = contents.title + " – Equipoise";
page.replaceChildren(make("h1", { text: contents.title }),
  make("p", { class: "soft", text: "A report by Equipoise. Everything is in this file." }));
if (contents.runs.length > 1) page.append(comparison(contents.runs));
contents.runs.forEach((run) => page.append(section(run)));
