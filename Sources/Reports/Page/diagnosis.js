import { make, number, table, value, badge } from "./dom.js";

// A command with a copy button.
export function command(text) {
  const button = make("button", { type: "button", text: "Copy", onclick: async () => {
    try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
    catch { button.textContent = "Copy failed; select the text"; }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  } });
  return make("div", { class: "command" }, make("code", { text }), button);
}

const toldAtOnce = 4;

function remedyView(remedy) {
  const item = make("li", {}, make("strong", { text: remedy.title }), ` (addresses finding ${remedy.against.join(", ")}). ${remedy.why} `,
    make("span", { class: "soft", text: remedy.source }));
  if (remedy.command) item.append(command(remedy.command), make("div", { class: "soft" }, "or add to any train command: ", make("code", { text: remedy.flags })));
  else if (remedy.flags) item.append(make("div", { class: "soft" }, "In the program that trains this run: ", make("code", { text: remedy.flags.replaceAll("--set ", "") })));
  return item;
}

// Shows the verdict, the evidence and the remedies. `image` returns the URL of a pattern's evidence image, or null.
export function diagnosisView(diagnosis, { image = () => null } = {}) {
  const [found, helps] = [make("div"), make("div")];
  const panel = make("div", { class: "panel diagnosis" }, make("h3", { text: "Diagnosis" }), make("p", {}, badge(diagnosis.verdict), ` ${diagnosis.judged.join(" ")}`), make("div", { class: "columns" }, found, helps));
  if (diagnosis.verdict === "healthy") found.append(make("p", { text: "No problems found." }));
  if (diagnosis.verdict === "undecided") found.append(make("p", { text: "Not enough data for a verdict. The notes below say what is missing." }));
  diagnosis.findings.forEach((finding, index) => {
    found.append(make("p", {}, make("strong", { text: `${index + 1}. ${finding.failure.replace("-", " ")}, ${finding.pattern}.` }),
      ` ${finding.summary} `, make("span", { class: "soft", text: `Severity ${number(finding.severity)}, since step ${finding.since}.` })));
    found.append(table(finding.evidence.map((e) => [e.signal, number(e.value), `${value(e.value) < value(e.threshold) ? "below" : "above"} ${number(e.threshold)}`, `${e.from}–${e.to}`]),
      ["Signal", "Value", "Threshold", "Steps"]));
    const url = image(finding.pattern);
    if (url) found.append(make("div", { class: "sheets" }, make("figure", {}, make("img", { src: url, alt: `Evidence of ${finding.pattern}`, loading: "lazy" }),
      make("figcaption", { text: "Evidence at the step where the finding first appeared" }))));
  });
  if (diagnosis.remedies.length > 0) {
    helps.append(make("h3", { text: "Remedies, most promising first" }));
    const [first, others] = [diagnosis.remedies.slice(0, toldAtOnce), diagnosis.remedies.slice(toldAtOnce)];
    helps.append(make("ol", { class: "remedies" }, ...first.map(remedyView)));
    if (others.length > 0) helps.append(make("details", {}, make("summary", { text: `${others.length} more` }), make("ol", { class: "remedies", start: toldAtOnce + 1 }, ...others.map(remedyView))));
  }
  diagnosis.notes.forEach((note) => found.append(make("p", { class: "soft", text: note })));
  return panel;
}

// The step ranges covered by findings, both failures and warnings. Overlapping ranges of one pattern are merged.
export function bandsOf(findings, lastStep) {
  const bands = findings.map((finding) => ({ from: finding.since, to: finding.closed ?? lastStep, name: finding.pattern })).filter((band) => band.to > band.from);
  const merged = [];
  for (const band of bands.sort((a, b) => a.from - b.from)) {
    const before = merged.find((other) => other.name === band.name && other.to >= band.from);
    if (before) before.to = Math.max(before.to, band.to); else merged.push(band);
  }
  return merged;
}
