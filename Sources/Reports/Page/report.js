import { make, inks, table, badge } from "./dom.js";
import { Chart } from "./chart.js";
import { Sheets } from "./sheets.js";
import { layerOf, layerCharts } from "./layers.js";
import { diagnosisView, bandsOf } from "./diagnosis.js";

const contents = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");
const losses = ["loss_generator", "loss_discriminator_real", "loss_discriminator_fake"];

function nameOf(run) { return run.label || run.name; }

function lineOf(run, name, index) { return { name, ink: inks[index % inks.length], ...run.series[name] }; }

function panelOf(title, ...children) { return make("div", { class: "panel" }, make("h3", { text: title }), ...children); }

function section(run) {
  const hasLosses = losses.some((name) => run.series[name]);
  const chart = new Chart({ label: "Generator and discriminator losses", onStep: (step) => sheets.go(step) });
  const sheets = new Sheets([{ name: nameOf(run), sheets: run.sheets }], { onMove: (step) => chart.mark(step) });
  const others = run.order.filter((name) => !losses.includes(name) && !layerOf(name));
  const layers = layerCharts(run.order);
  const small = (title, lines) => {
    const chart = new Chart({ label: title, small: true });
    chart.show(lines);
    return make("div", {}, make("h3", { text: title }), chart.element);
  };
  const element = make("section", {},
    make("h2", {}, nameOf(run), " ", badge(run.diagnosis.verdict)),
    make("p", { class: "soft", text: `${run.name}, ${run.state}, ${run.steps} steps` }),
    hasLosses && panelOf("Losses", chart.element, run.sheets.length > 0 && make("p", { class: "soft", text: "Click the chart to show the samples at that step." })),
    run.sheets.length > 0 && sheets.element, diagnosisView(run.diagnosis),
    others.length > 0 && make("details", { class: "panel" }, make("summary", { text: `${others.length} other series` }),
      make("div", { class: "grid" }, ...others.map((name) => small(name, [lineOf(run, name, 0)])))),
    layers.size > 0 && make("details", { class: "panel" }, make("summary", { text: "Layer statistics" }),
      make("div", { class: "grid" }, ...[...layers].map(([title, names]) =>
        small(title, names.map((name, index) => ({ ...lineOf(run, name, index), name: layerOf(name).layer })))))),
    make("details", { class: "panel" }, make("summary", { text: "Run details and configuration" }), table(run.facts), table(run.configuration)));
  page.append(element);
  chart.show(losses.filter((name) => run.series[name]).map((name, index) => lineOf(run, name, index)), bandsOf(run.diagnosis.findings, run.steps));
}

function comparison(runs) {
  const names = [...new Set(runs.flatMap((run) => run.order).filter((name) => !layerOf(name)))];
  const select = make("select", { "aria-label": "Series", onchange: () => show() }, ...names.map((name) => make("option", { value: name, text: name })));
  const chart = new Chart({ label: "Selected series of all runs", onStep: (step) => sheets.go(step) });
  const sheets = new Sheets(runs.map((run) => ({ name: nameOf(run), sheets: run.sheets })), { onMove: (step) => chart.mark(step) });
  const show = () => chart.show(runs.filter((run) => run.series[select.value]).map((run, index) => ({ ...lineOf(run, select.value, index), name: nameOf(run) })));
  page.append(make("section", {}, make("h2", { text: "Comparison" }), panelOf("Series", make("div", { class: "controls" }, select), chart.element), sheets.element,
    contents.differences.length > 0 && panelOf("Configuration differences", table(contents.differences, ["Parameter", ...runs.map(nameOf)]))));
  show();
}

document.title = contents.title + " – Equipoise";
page.replaceChildren(make("h1", { text: contents.title }), make("p", { class: "soft", text: "Equipoise report. This file is self-contained and works offline." }));
if (contents.runs.length > 1) comparison(contents.runs);
contents.runs.forEach(section);
