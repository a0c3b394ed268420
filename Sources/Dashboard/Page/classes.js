import { make } from "./dom.js";
import { get, pathOf } from "./api.js";

function percent(share) { return `${(share * 100).toFixed(0)}%`; }

const words = { lost: "lost", rare: "rare", unknown: "too few samples to tell", present: "" };
const order = ["lost", "rare", "unknown", "present"];

// Shows each class's share of the samples relative to its expected share, for labeled data. Lost classes come first.
export class ClassesPanel {
  constructor(id) {
    this.id = id;
    this.summary = make("p");
    this.rows = make("div", { class: "classes" });
    this.crude = make("p", { class: "soft hint", hidden: true, text: "The samples are crude, so each class is judged by its share and by its coverage: the fraction of its real images with a sample nearby, relative to all classes." });
    this.element = make("div", { class: "panel", hidden: true }, make("h3", { text: "Classes: share of the samples" }), this.summary, this.rows,
      make("p", { class: "soft hint", text: "Only samples that lie among real images of their class are counted. The vertical mark is the expected share; the thin line is the 95% confidence interval." }), this.crude);
    this.wanted = null;
    this.isAsking = false;
  }

  // Shows the evaluation nearest to a step, or the newest one if no step is given. While a request is pending, only the
  // latest call is kept.
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
    const parts = [["lost", "lost"], ["rare", isCrude ? "rare" : "rare (below a third of their expected share)"]].filter(([status]) => names(status)).map(([status, text]) => `${text}: ${names(status)}`);
    this.summary.textContent = `Step ${step} – ${parts.length > 0 ? parts.join("; ") : "no lost or rare classes"}. ${trustedCount} of ${sampleCount} samples clearly belong to one class.`;
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
    const text = `${item.samples} samples, ${percent(item.relativeShare)} of expected share${coverage}${words[item.status] ? `, ${words[item.status]}` : ""}`;
    return make("div", { class: `class ${item.status}`, role: "img", "aria-label": `${item.name}: ${text}`, title: `${percent(item.due)} of training data` },
      make("span", { class: "name", text: item.name }), make("span", { class: "track" }, bar, range, due), make("span", { class: "count", text }));
  }
}
