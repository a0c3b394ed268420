// Creates an element. Run names, notes and findings are untrusted, so text is inserted as text nodes, never as HTML.
export function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") element.className = value;
    else if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function color(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

// Colors that remain distinguishable with most forms of color blindness.
export const inks = ["#4263eb", "#e8590c", "#2b9a66", "#ae3ec9", "#c2255c", "#0c8599", "#b08900", "#6c757d"];

// NaN and infinity arrive as strings, since JSON cannot represent them.
export function value(text) { return typeof text === "string" ? Number(text) : text; }

export function number(amount) {
  if (amount === null || amount === undefined) return "";
  const plain = value(amount);
  if (!Number.isFinite(plain)) return Number.isNaN(plain) ? "NaN" : plain > 0 ? "∞" : "−∞";
  if (plain !== 0 && (Math.abs(plain) >= 1e6 || Math.abs(plain) < 1e-3)) return plain.toExponential(2);
  return Number(plain.toPrecision(4)).toString();
}

export function table(rows, header) {
  return make("div", { class: "scroll" }, make("table", {},
    header && make("thead", {}, make("tr", {}, ...header.map((text) => make("th", { text, scope: "col" })))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((text, index) =>
      make(index === 0 && !header ? "th" : "td", { text, scope: index === 0 && !header ? "row" : null })))))));
}

export function badge(kind, text = kind) { return make("span", { class: `badge ${kind.replaceAll(" ", "-")}`, text }); }
