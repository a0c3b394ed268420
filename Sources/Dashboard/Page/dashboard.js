import { make } from "./dom.js";
import { aboutServer, plotly } from "./api.js";
import { RunsView } from "./runs.js";
import { RunView } from "./run.js";
import { CompareView } from "./compare.js";

const page = document.getElementById("page");
const alerts = make("div");
let shown = null;
let isFirst = true;

// Picks the view from the URL fragment: the run list, one run, or a comparison of runs.
function view() {
  const parts = location.hash.replace(/^#\/?/, "").split("/");
  const decode = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  if (parts[0] === "run" && parts[1]) return new RunView(decode(parts[1]));
  if (parts[0] === "compare" && parts[1]) return new CompareView(parts[1].split("+").map(decode));
  return new RunsView();
}

function go() {
  if (location.hash === "#page") return;
  shown?.close();
  shown = view();
  page.replaceChildren(alerts, shown.element);
  if (!isFirst) page.focus();
  isFirst = false;
  scrollTo(0, 0);
  document.title = "Equipoise";
  alerts.replaceChildren();
  shown.start().catch(complain);
}

// Shows an error message unless it is already shown.
function complain(error) {
  const text = error?.message ?? String(error);
  if ([...alerts.children].some((element) => element.textContent === text)) return;
  alerts.append(make("p", { class: "panel problem", role: "alert", text }));
}

addEventListener("hashchange", go);
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  complain(event.reason);
});
aboutServer().then((about) => { document.getElementById("place").textContent = about.runs; }, () => {});
go();
// Most views need a chart soon, so load Plotly.js ahead of time.
(window.requestIdleCallback ?? setTimeout)(() => plotly().catch(() => {}), { timeout: 2000 });
