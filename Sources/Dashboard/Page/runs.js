import { make, number, badge } from "./dom.js";
import { get, put, remove, pathOf } from "./api.js";
import { Live } from "./live.js";
import { compile } from "./query.js";

const short = { loss_generator: "G loss", loss_discriminator_real: "D real", loss_discriminator_fake: "D fake" };

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
}

export function date(seconds) {
  return seconds ? new Date(seconds * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "";
}

export function stateBadge(state, reason = "") {
  const element = badge(state);
  if (state === "running") element.classList.add("pulse");
  if (reason) element.title = reason;
  return element;
}

export function nameOf(run) { return run.label || run.id; }

// A sparkline through heights from 0 to 100; null where the loss was not finite.
function course(heights) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "course");
  svg.setAttribute("viewBox", "0 0 100 24");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Generator loss over time");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  let pen = "M";
  path.setAttribute("d", heights.map((height, index) => {
    if (height === null) { pen = "M"; return ""; }
    const point = `${pen}${Math.round(index / (heights.length - 1) * 100)} ${22 - height / 5}`;
    pen = "L";
    return point;
  }).join(""));
  svg.append(path);
  return svg;
}

// The default columns: how to render a run's cell, and the value to sort by.
const columns = [
  { key: "name", title: "Run", value: (run) => nameOf(run).toLowerCase(), cell: nameCell, isName: true },
  { key: "state", title: "State", value: (run) => run.state, cell: (run) => stateBadge(run.state, run.reason || run.problem || "") },
  { key: "verdict", title: "Verdict", value: (run) => ({ failed: 0, warning: 1, undecided: 2, healthy: 3 })[run.verdict] ?? 4, cell: verdictCell },
  { key: "steps", title: "Steps", value: (run) => run.steps, cell: (run) => run.steps ? run.steps.toLocaleString("en") : "", isNumber: true },
  ...Object.entries(short).map(([key, title]) => ({ key, title, value: (run) => Number(run.losses[key] ?? NaN), cell: (run) => number(run.losses[key]), isNumber: true })),
  { key: "course", title: "G loss trend", cell: (run) => run.course.length > 1 ? course(run.course) : "" },
  { key: "duration", title: "Duration", value: (run) => run.duration ?? -1, cell: (run) => duration(run.duration), isNumber: true },
  { key: "start", title: "Started", value: (run) => run.start ?? 0, cell: (run) => date(run.start) },
];

function nameCell(run) {
  const link = make("a", { href: `#/run/${encodeURIComponent(run.id)}`, text: nameOf(run) });
  const sub = [run.label ? run.id : "", run.recipe, run.parent ? `retry of ${run.parent}` : ""].filter(Boolean).join(" · ");
  const tags = run.tags.map((tag) => make("span", { class: "tag", text: tag }));
  return make("div", {}, link, make("div", { class: "sub", text: sub }), tags.length > 0 && make("div", {}, ...tags),
    run.note && make("div", { class: "sub", text: run.note.split("\n")[0].slice(0, 120) }), run.problem && make("div", { class: "sub problem", text: run.problem }));
}

function verdictCell(run) {
  if (!run.verdict) return make("span", { class: "soft" });
  // A warning in a running run may be only an early sign of a failure.
  const word = run.verdict === "warning" && run.state === "running" ? "early sign" : run.verdict;
  const element = badge(run.verdict, run.pattern ? `${word}: ${run.pattern}` : word);
  if (run.finding) element.title = run.finding;
  return element;
}

const keys = {
  id: (run) => [run.id], label: (run) => [run.label], name: (run) => [nameOf(run)], state: (run) => [run.state], verdict: (run) => [run.verdict],
  pattern: (run) => [run.pattern], recipe: (run) => [run.recipe], steps: (run) => [run.steps], seconds: (run) => [run.duration], tag: (run) => run.tags,
  note: (run) => [run.note], parent: (run) => [run.parent],
};

function stored(name, fallback) {
  try { return JSON.parse(localStorage.getItem(`equipoise.${name}`)) ?? fallback; } catch { return fallback; }
}

function store(name, value) { try { localStorage.setItem(`equipoise.${name}`, JSON.stringify(value)); } catch { /* storage is unavailable: do not persist */ } }

export class RunsView {
  constructor() {
    this.runs = new Map();
    this.rows = new Map();
    this.chosen = new Set();
    this.shown = [];
    this.counted = "";
    this.mostAtOnce = 100;
    this.parameters = stored("parameters", []);
    this.sort = stored("sort", { key: "start", isDown: true });
    this.filterText = stored("filter", "");
    this.search = make("input", { type: "search", placeholder: "Filter by words or conditions, e.g. state = failed, loss_generator > 2, batchSize >= 64", "aria-label": "Filter runs",
      value: this.filterText, oninput: () => { this.filterText = this.search.value; store("filter", this.filterText); this.render(); } });
    this.problem = make("span", { class: "problem", role: "alert" });
    this.count = make("span", { class: "soft count", role: "status" });
    this.hidden = make("input", { type: "checkbox", onchange: () => this.render() });
    this.hiddenLabel = make("label", { class: "key" }, this.hidden, "Show hidden runs");
    this.menu = make("details", { class: "menu" }, make("summary", { text: "Columns" }), make("div"));
    this.menu.addEventListener("toggle", () => { if (this.menu.open) this.fillMenu(); });
    this.closeMenu = (event) => { if (event.type === "keydown" ? event.key === "Escape" : !this.menu.contains(event.target)) this.menu.open = false; };
    document.addEventListener("click", this.closeMenu);
    document.addEventListener("keydown", this.closeMenu);
    this.compareButton = make("button", { type: "button", class: "primary", text: "Compare", onclick: () => this.compare() });
    this.hideButton = make("button", { type: "button", text: "Hide", onclick: () => this.hide() });
    this.deleteButton = make("button", { type: "button", class: "danger", text: "Delete…", onclick: () => this.askToDelete() });
    this.head = make("thead");
    this.body = make("tbody");
    this.empty = make("p", { class: "soft empty", hidden: true });
    // Replaces the sortable headings on narrow screens.
    this.order = make("select", { class: "narrow", "aria-label": "Sort by", onchange: () => this.sortBy(this.order.value) },
      ...columns.filter((column) => column.value).map((column) => make("option", { value: column.key, text: `by ${column.title.toLowerCase()}` })));
    this.order.value = this.sort.key;
    this.element = make("div", {}, make("h1", { text: "Runs" }),
      make("div", { class: "bar" }, this.search, this.hiddenLabel, this.menu, this.compareButton, this.hideButton, this.deleteButton),
      make("div", { class: "bar" }, this.order, this.count, this.problem),
      make("div", { class: "panel scroll" }, make("table", { class: "runs" }, this.head, this.body), this.empty));
  }

  async start() {
    const list = await get("/api/runs");
    this.take(list);
    if (this.isClosed) return;
    this.live = new Live((last) => `/api/events?since=${encodeURIComponent(last ?? list.revision)}`, { onNews: (news) => this.take(news) });
  }

  close() {
    this.isClosed = true;
    this.live?.close();
    document.removeEventListener("click", this.closeMenu);
    document.removeEventListener("keydown", this.closeMenu);
  }

  take(list) {
    if (list.whole) { this.runs.clear(); this.rows.clear(); this.body.replaceChildren(); }
    for (const run of list.runs) {
      run.parameters = { ...list.common, ...run.parameters };
      this.runs.set(run.id, run);
      this.renewRow(run);
    }
    for (const id of list.removed) { this.runs.delete(id); this.rows.delete(id); this.chosen.delete(id); }
    this.render();
  }

  get allColumns() {
    return [...columns, ...this.parameters.map((path) => ({ key: path, title: path, value: (run) => { const text = run.parameters[path] ?? ""; return Number.isNaN(Number(text)) || text === "" ? text : Number(text); },
      cell: (run) => run.parameters[path] ?? "" }))];
  }

  // A run's values for a filter key: a built-in key, the last value of a series, or a parameter given by its path or the
  // end of it.
  valuesOf(run, key) {
    if (Object.hasOwn(keys, key)) return keys[key](run);
    if (Object.hasOwn(run.losses, key)) return [run.losses[key]];
    return this.pathsOf(key, run).map((path) => run.parameters[path]);
  }

  pathsOf(key, run) {
    const all = Object.keys(run.parameters);
    return all.includes(key) ? [key] : all.filter((path) => path.endsWith(`.${key}`));
  }

  isKey(key) {
    if (Object.hasOwn(keys, key)) return true;
    return [...this.runs.values()].some((run) => Object.hasOwn(run.losses, key) || this.pathsOf(key, run).length > 0) || key.startsWith("loss_");
  }

  visible() {
    let filter = () => true;
    this.problem.textContent = "";
    try {
      filter = compile(this.filterText, { words: (run) => [run.id, run.label, run.recipe, run.note, ...run.tags], valuesOf: (run, key) => this.valuesOf(run, key), isKey: (key) => this.isKey(key) });
    } catch (error) { this.problem.textContent = error.message; }
    const column = this.allColumns.find((column) => column.key === this.sort.key) ?? columns.at(-1);
    const direction = this.sort.isDown ? -1 : 1;
    const order = (a, b) => {
      const [first, second] = [column.value(a), column.value(b)];
      const isOdd = (value) => value === "" || (typeof value === "number" && Number.isNaN(value));
      if (isOdd(first) || isOdd(second)) return isOdd(first) - isOdd(second);
      return first < second ? -direction : first > second ? direction : a.id < b.id ? 1 : -1;
    };
    return [...this.runs.values()].filter((run) => (this.hidden.checked || !run.hidden) && filter(run)).sort(order);
  }

  render() {
    const shown = this.visible();
    this.renderHead();
    // Build long lists in batches, from the top.
    const ready = shown.filter((run, index) => index < this.mostAtOnce || this.rows.has(run.id));
    if (ready.length < shown.length) requestAnimationFrame(() => { this.mostAtOnce += 300; if (!this.isClosed) this.render(); });
    const rows = ready.map((run) => this.row(run));
    // Move only the rows that are out of place, to keep the focus.
    const wanted = new Set(rows);
    [...this.body.children].forEach((row) => { if (!wanted.has(row)) row.remove(); });
    rows.forEach((row, index) => { if (this.body.children[index] !== row) this.body.insertBefore(row, this.body.children[index] ?? null); });
    const hiddenCount = [...this.runs.values()].filter((run) => run.hidden).length;
    this.hiddenLabel.hidden = hiddenCount === 0;
    this.counted = `${shown.length} of ${this.runs.size} ${this.runs.size === 1 ? "run" : "runs"}`;
    this.shown = shown;
    this.empty.hidden = shown.length > 0;
    this.empty.textContent = this.runs.size === 0 ? "No runs yet. Start one with: equipoise train quick" : "No matching runs. Change or clear the filter, or show hidden runs.";
    this.renderButtons();
  }

  // The selected runs that are visible. Actions never apply to runs that are filtered out.
  get selection() { return this.shown.filter((run) => this.chosen.has(run.id)); }

  renderButtons() {
    const chosen = this.selection;
    const away = this.chosen.size - chosen.length;
    if (this.chosen.size > 0) this.count.textContent = `${this.counted}, ${chosen.length} selected${away > 0 ? ` (${away} more not shown)` : ""}`;
    else this.count.textContent = this.counted;
    this.compareButton.disabled = chosen.length < 2;
    this.hideButton.disabled = chosen.length === 0;
    this.deleteButton.disabled = chosen.length === 0;
    this.hideButton.textContent = chosen.length > 0 && chosen.every((run) => run.hidden) ? "Unhide" : "Hide";
    this.compareButton.textContent = chosen.length > 1 ? `Compare ${chosen.length}` : "Compare";
  }

  renderHead() {
    const signature = JSON.stringify([this.parameters, this.sort]);
    if (signature === this.headSignature) return;
    this.headSignature = signature;
    this.rows.clear();
    const cells = this.allColumns.map((column) => {
      const isSorted = column.key === this.sort.key;
      const arrow = isSorted ? (this.sort.isDown ? " ↓" : " ↑") : "";
      return make("th", { scope: "col", class: column.isNumber ? "number" : null, "aria-sort": isSorted ? (this.sort.isDown ? "descending" : "ascending") : null },
        column.value ? make("button", { type: "button", text: column.title + arrow, onclick: () => this.sortBy(column.key) }) : column.title);
    });
    const all = make("input", { type: "checkbox", "aria-label": "Select all runs shown", onchange: (event) => {
      for (const run of this.visible()) if (event.target.checked) this.chosen.add(run.id); else this.chosen.delete(run.id);
      this.body.querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = event.target.checked; });
      this.renderButtons();
    } });
    const focused = [...this.head.querySelectorAll("button")].indexOf(document.activeElement);
    this.head.replaceChildren(make("tr", {}, make("th", { scope: "col" }, all), ...cells));
    if (focused >= 0) this.head.querySelectorAll("button")[focused]?.focus();
  }

  sortBy(key) {
    this.sort = { key, isDown: this.sort.key === key ? !this.sort.isDown : key !== "name" };
    store("sort", this.sort);
    this.render();
  }

  // Replaces only the cells of a row that have changed.
  renewRow(run) {
    const known = this.rows.get(run.id);
    if (!known) return;
    this.cells(run).forEach((cell, index) => { if (!cell.isEqualNode(known.children[index + 1])) known.children[index + 1].replaceWith(cell); });
  }

  cells(run) {
    return this.allColumns.map((column) =>
      make("td", { class: column.isName ? "name" : column.isNumber ? "number" : null, "data-label": column.isName ? null : column.title }, column.cell(run)));
  }

  row(run) {
    const known = this.rows.get(run.id);
    if (known) return known;
    const box = make("input", { type: "checkbox", "aria-label": `Select ${nameOf(run)}`, onchange: () => {
      if (box.checked) this.chosen.add(run.id); else this.chosen.delete(run.id);
      this.renderButtons();
    } });
    box.checked = this.chosen.has(run.id);
    const row = make("tr", {}, make("td", {}, box), ...this.cells(run));
    this.rows.set(run.id, row);
    return row;
  }

  fillMenu() {
    const paths = [...new Set([...this.runs.values()].flatMap((run) => Object.keys(run.parameters)))].sort();
    const filter = make("input", { type: "text", placeholder: "Find a parameter", "aria-label": "Find a parameter", oninput: () => show() });
    const list = make("div");
    const show = () => list.replaceChildren(...paths.filter((path) => path.toLowerCase().includes(filter.value.toLowerCase())).map((path) => {
      const box = make("input", { type: "checkbox", onchange: () => {
        this.parameters = box.checked ? [...this.parameters, path] : this.parameters.filter((other) => other !== path);
        store("parameters", this.parameters);
        this.render();
      } });
      box.checked = this.parameters.includes(path);
      return make("label", {}, box, path);
    }));
    show();
    this.menu.lastElementChild.replaceChildren(filter, list);
    filter.focus();
  }

  compare() { location.hash = `#/compare/${this.selection.map((run) => encodeURIComponent(run.id)).join("+")}`; }

  async hide() {
    const chosen = this.selection;
    const hidden = !chosen.every((run) => run.hidden);
    this.chosen.clear();
    for (const run of chosen) {
      await put(`${pathOf(run.id)}/annotations`, { tags: run.tags, note: run.note, hidden });
      run.hidden = hidden;
      this.rows.delete(run.id);
    }
    this.render();
  }

  // Asks twice, since deleting cannot be undone.
  askToDelete() {
    const chosen = this.selection.map((run) => run.id);
    const names = chosen.map((id) => nameOf(this.runs.get(id))).join(", ");
    const question = make("p", { text: `Delete ${chosen.length === 1 ? "run" : `${chosen.length} runs:`} ${names}?` });
    const yes = make("button", { type: "button", class: "danger", text: "Delete" });
    const no = make("button", { type: "button", text: "Cancel", onclick: () => dialog.close() });
    const dialog = make("dialog", { "aria-label": "Delete runs" }, question, make("div", { class: "bar" }, no, yes));
    let isAskedAgain = false;
    yes.addEventListener("click", async () => {
      if (!isAskedAgain) {
        isAskedAgain = true;
        question.textContent = "This removes the losses, samples and checkpoints from the disk. It cannot be undone.";
        yes.textContent = "Delete permanently";
        no.focus();
        return;
      }
      dialog.close();
      for (const id of chosen) {
        try {
          await remove(`${pathOf(id)}?confirm=${encodeURIComponent(id)}`);
          this.take({ whole: false, common: {}, runs: [], removed: [id] });
        } catch (error) { this.problem.textContent = error.message; return; }
      }
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
}
