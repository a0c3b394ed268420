import { make } from "./dom.js";

const unitNames = { epoch: "epoch", step: "step", images: "images seen" };

// Compares two positions on the slider.
function order(a, b) { return a.at - b.at || a.step - b.step; }

// One slider for the sheets (grids of samples) of several runs: {name, sheets: [{step, epoch, images, image}]}. Every
// sheet has a position on it. `onMove` receives the step of the sheet shown.
export class Sheets {
  constructor(runs, { onMove = () => {} } = {}) {
    this.onMove = onMove;
    this.unit = "step";
    this.timer = null;
    this.slider = make("input", { type: "range", min: 0, value: 0, "aria-label": "Sample sheet", oninput: () => this.show() });
    this.place = make("output", { class: "soft" });
    this.playButton = make("button", { text: "Play", type: "button", onclick: () => this.play() });
    this.units = make("select", { "aria-label": "Slider unit", onchange: () => this.changeUnit() },
      ...Object.entries(unitNames).map(([key, text]) => make("option", { value: key, text: `by ${text}` })));
    this.units.value = this.unit;
    this.figures = runs.map((run) => {
      const image = make("img", { alt: `Samples from ${run.name}`, decoding: "async" });
      const caption = make("figcaption");
      return { run, image, caption, element: make("figure", {}, image, caption) };
    });
    this.bar = make("div", { class: "controls" }, this.playButton, this.slider, this.place, this.units);
    this.none = make("p", { class: "soft", text: "No samples yet. The first sheet appears after the first epoch; for earlier sheets, train with --set samples.everySteps=100." });
    this.element = make("div", { class: "panel" }, make("h3", { text: "Samples" }), this.none, this.bar,
      make("div", { class: "sheets" }, ...this.figures.map((figure) => figure.element)));
    this.positions = [];
    this.renew();
    this.slider.value = this.positions.length - 1;
    this.show();
  }

  changeUnit() {
    const step = this.step;
    this.unit = this.units.value;
    this.renew();
    if (step !== undefined) this.go(step);
  }

  // Recomputes the slider's positions after sheets were added. A slider at the newest sheet stays at the newest.
  renew() {
    const wasLast = Number(this.slider.value) >= this.positions.length - 1;
    const before = this.positions[Number(this.slider.value)];
    const all = this.figures.flatMap(({ run }) => run.sheets).map((sheet) => ({ at: sheet[this.unit], step: sheet.step }));
    // Two sheets of the same epoch get separate positions.
    this.positions = all.sort(order).filter((place, index) => index === 0 || order(place, all[index - 1]) !== 0);
    this.slider.max = Math.max(0, this.positions.length - 1);
    const same = before ? this.positions.findIndex((place) => order(place, before) === 0) : -1;
    this.slider.value = wasLast || same < 0 ? this.positions.length - 1 : same;
    this.bar.hidden = this.positions.length < 2;
    this.none.hidden = this.positions.length > 0;
    this.show();
  }

  // The last sheet of a run at or before a position.
  sheetOf(run, position) {
    return run.sheets.findLast((sheet) => order({ at: sheet[this.unit], step: sheet.step }, position) <= 0);
  }

  // Replaces the sheets of a run, for example when new ones have arrived.
  setSheets(index, sheets) {
    this.figures[index].run.sheets = sheets;
    this.renew();
  }

  show() {
    const position = this.positions[Number(this.slider.value)];
    if (position === undefined) { this.figures.forEach(({ element }) => { element.hidden = true; }); return; }
    this.place.textContent = `${unitNames[this.unit]} ${position.at}`;
    this.slider.setAttribute("aria-valuetext", this.place.textContent);
    for (const { run, image, caption, element } of this.figures) {
      const sheet = this.sheetOf(run, position) ?? run.sheets[0];
      element.hidden = sheet === undefined;
      if (!sheet) continue;
      if (image.getAttribute("src") !== sheet.image) image.src = sheet.image;
      caption.textContent = `${this.figures.length > 1 ? `${run.name}: ` : ""}epoch ${sheet.epoch}, step ${sheet.step}, ${sheet.images} images seen`;
    }
    const first = this.figures.map(({ run }) => this.sheetOf(run, position)).find(Boolean);
    this.step = first?.step;
    if (this.step !== undefined) this.onMove(this.step);
  }

  // Moves to the sheet nearest to a step.
  go(step) {
    const all = this.figures.flatMap(({ run }) => run.sheets);
    if (all.length === 0) return;
    const best = all.reduce((a, b) => Math.abs(b.step - step) < Math.abs(a.step - step) ? b : a);
    this.slider.value = this.positions.findIndex((place) => place.at === best[this.unit] && place.step === best.step);
    this.show();
  }

  play() {
    if (this.timer) { this.stop(); return; }
    if (Number(this.slider.value) >= this.positions.length - 1) this.slider.value = 0;
    this.playButton.textContent = "Pause";
    this.timer = setInterval(() => this.advance(), 300);
    this.show();
  }

  // Waits for images that are still loading, so that none is skipped.
  advance() {
    if (this.figures.some(({ image, element }) => !element.hidden && !image.complete)) return;
    if (Number(this.slider.value) >= this.positions.length - 1) { this.stop(); return; }
    this.slider.value = Number(this.slider.value) + 1;
    this.show();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.playButton.textContent = "Play";
  }
}
