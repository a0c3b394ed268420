import { make, number } from "./dom.js";
import { get, pathOf } from "./api.js";

const perRow = 10;

function percent(share) { return `${(share * 100).toFixed(1)}%`; }

// Shows the shares of training data and samples in each bin (a cluster of similar training examples), missing bins first.
export class BinsPanel {
  constructor(id) {
    this.id = id;
    this.summary = make("p");
    this.bins = make("div", { class: "bins" });
    this.keys = make("div", { class: "controls" }, key("real", "training data"), key("made", "samples"));
    this.element = make("div", { class: "panel", hidden: true }, make("h3", { text: "Bins: shares of training data and samples" }), this.summary, this.keys, this.bins);
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
        this.render(await get(`${pathOf(this.id)}/bins${step === null ? "" : `?step=${step}`}`));
      }
    } finally { this.isAsking = false; }
  }

  async render(answer) {
    if (!answer.record) return;
    this.element.hidden = false;
    const { bins, step } = answer.record;
    if (answer.hasImages && !this.image) this.image = await load(`${pathOf(this.id)}/centers`);
    const different = bins.filter((bin) => bin.isDifferent).length;
    const missing = bins.filter((bin) => bin.isMissing).length;
    this.summary.textContent = `At step ${step}, ${different} of ${bins.length} bins (clusters of similar training examples) differ significantly from the training data (NDB/K = ${number(different / bins.length)})`
      + (missing > 0 ? `; ${missing} ${missing === 1 ? "is" : "are"} missing.` : ".");
    const top = Math.max(...bins.map((bin) => Math.max(bin.reference, bin.samples)));
    const order = bins.map((bin, index) => ({ bin, index })).sort((a, b) => b.bin.isMissing - a.bin.isMissing || a.index - b.index);
    this.bins.replaceChildren(...order.map(({ bin, index }) => this.bin(bin, index, top)));
  }

  bin(bin, index, top) {
    const bar = (kind, share) => { const element = make("i", { class: kind }); element.style.height = `${share / top * 100}%`; return element; };
    const words = `bin ${index + 1}: ${percent(bin.reference)} of training data, ${percent(bin.samples)} of samples${bin.isMissing ? ", missing" : bin.isDifferent ? ", different" : ""}`;
    return make("div", { class: `bin${bin.isMissing ? " missing" : bin.isDifferent ? " different" : ""}`, title: words, role: "img", "aria-label": words },
      this.image && this.center(index), make("div", { class: "pair" }, bar("real", bin.reference), bar("made", bin.samples)), percent(bin.samples));
  }

  // Crops one center out of the image that holds all of them.
  center(index) {
    const element = make("div", { class: "image" });
    const columns = perRow, size = 44;
    element.style.backgroundImage = `url("${this.image.src}")`;
    element.style.backgroundSize = `${columns * size}px auto`;
    element.style.backgroundPosition = `-${index % columns * size}px -${Math.floor(index / columns) * size}px`;
    return element;
  }
}

function key(kind, text) {
  return make("span", { class: "key" }, make("span", { class: `ink ${kind}` }), text);
}

function load(url) {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => resolve(null);
    image.src = url;
  });
}
