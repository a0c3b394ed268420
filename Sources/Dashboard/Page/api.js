// Sends a request and returns the decoded JSON. Throws an error with the server's message if the request fails.
export async function get(path) { return (await ask(path, {})).json(); }

export async function put(path, body) {
  return (await ask(path, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();
}

export async function remove(path) { await ask(path, { method: "DELETE" }); }

// Returns false if the path answers 404. Throws if the server cannot be reached.
export async function isThere(path) { return (await fetch(path)).status !== 404; }

async function ask(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error((await response.text()).trim() || `The server returned status ${response.status}. Reload the page; if that does not help, restart the dashboard.`);
  return response;
}

export function pathOf(id) { return `/api/runs/${encodeURIComponent(id)}`; }

export function imageOf(id, sheet) { return `${pathOf(id)}/sheets/${sheet.id}?v=${sheet.time}`; }

let about = null;
export function aboutServer() { about ??= get("/api/about"); return about; }

let loading = null;

// Loads Plotly.js on the first call. It is large, so the page first shows everything that it can without it.
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
