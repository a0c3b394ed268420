// What the server answers, or an error with its sentence.
export async function get(path) { return (await ask(path, {})).json(); }

export async function put(path, body) {
  return (await ask(path, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();
}

export async function remove(path) { await ask(path, { method: "DELETE" }); }

// Whether there is something at a path; an error if nobody answers.
export async function isThere(path) { return (await fetch(path)).status !== 404; }

async function ask(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error((await response.text()).trim() || `The server answered ${response.status}.`);
  return response;
}

export function pathOf(id) { return `/api/runs/${encodeURIComponent(id)}`; }

export function pictureOf(id, sheet) { return `${pathOf(id)}/sheets/${sheet.id}?v=${sheet.time}`; }

let about = null;
export function aboutServer() { about ??= get("/api/about"); return about; }

let loading = null;

// Plotly.js is large, so it is run only when the page has shown what it can without.
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.getElementById("plotly").getAttribute("href");
    script.addEventListener("load", resolve);
    script.addEventListener("error", async () => reject(new Error((await (await fetch(script.src)).text()).trim())));
    document.head.append(script);
  });
  return loading;
}
