import { make } from "./dom.js";
import { get, pathOf } from "./api.js";

function percent(share) { return `${(share * 100).toFixed(0)} %`; }

const words = { lost: "lost", rare: "rare", unknown: "too few samples to tell", present: "" };
const order = ["lost", "rare", "unknown", "present"];

// How the samples spread over the classes of labelled data: each class's share in proportion to what it should be, the lost ones first.
export class ClassesPanel {
  constructor(id) {
    this.id = id;
    this.summary = make("p");
    this.rows = make("div", { class: "classes" });
    this.crude = make("p", { class: "soft hint", hidden: true, text: "The samples are crude, so a class is judged both by its share and by how many of its real images the samples come near to (its coverage, in proportion to that of all classes)." });
    this.element = make("div", { class: "panel", hidden: true }, make("h3", { text: "Classes of the data among the samples" }), this.summary, this.rows,
      make("p", { class: "soft hint", text: "Counted are the samples that lie among real images of their class. The mark is the share of real data; the bar may be off by the thin line in one case of twenty." }), this.crude);
    this.wanted = null;
    this.isAsking = false;
  }

  // Shows the evaluation nearest to a step; the newest without one. While an answer is awaited only the last wish counts.
  async show(step = null) {
    this.wanted = { step };
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      while (this.wanted) {
        const { step } = this.wanted;
        this.wanted = null;
        this.render(await get(`${pathOf(this.id)}/classes${step === null ? "" : `?step=${step}`}`));
      }
    } finally { this.isAsking = false; }
  }

  render({ record }) {
    if (!record) return;
    this.element.hidden = false;
    const { classes, step, sampleCount, trustedCount, crudeness } = record;
    const isCrude = crudeness > 0 && classes.some((item) => item.relativeCoverage !== undefined);
    this.crude.hidden = !isCrude;
    const names = (status) => classes.filter((item) => item.status === status).map((item) => item.name).join(", ");
    const parts = [["lost", "lost"], ["rare", isCrude ? "rare" : "rare (under a third of their share)"]].filter(([status]) => names(status)).map(([status, text]) => `${text}: ${names(status)}`);
    this.summary.textContent = `After step ${step}, ${parts.length > 0 ? parts.join("; ") : "no class is lost or rare"}. ${trustedCount} of ${sampleCount} samples clearly belong to one class.`;
    const top = Math.max(1.5, ...classes.map((item) => item.relativeShare));
    const sorted = [...classes].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
    this.rows.replaceChildren(...sorted.map((item) => this.row(item, top, isCrude)));
  }

  row(item, top, isCrude) {
    const place = (share) => `${Math.min(1, share / top) * 100}%`;
    const bar = make("i", { class: "made" }), range = make("i", { class: "range" }), due = make("i", { class: "due" });
    bar.style.width = place(item.relativeShare);
    range.style.left = place(item.lower);
    range.style.width = `${Math.max(0, Math.min(1, item.upper / top) - Math.min(1, item.lower / top)) * 100}%`;
    due.style.left = place(1);
    const coverage = isCrude ? `, coverage ${percent(item.relativeCoverage)}` : "";
    const text = `${item.samples} samples, ${percent(item.relativeShare)} of their share${coverage}${words[item.status] ? `, ${words[item.status]}` : ""}`;
    return make("div", { class: `class ${item.status}`, role: "img", "aria-label": `${item.name}: ${text}`, title: `${percent(item.due)} of the data` },
      make("span", { class: "name", text: item.name }), make("span", { class: "track" }, bar, range, due), make("span", { class: "count", text }));
  }
}
