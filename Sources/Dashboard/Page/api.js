// What the server answers, or an error with its sentence.
export async function get(path) { return (await ask(path, {})).json(); }

export async function put(path, body) {
  return (await ask(path, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();
}

export async function remove(path) { await ask(path, { method: "DELETE" }); }

async function ask(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error((await response.text()).trim() || `The server answered ${response.status}.`);
  return response;
}

export function pathOf(id) { return `/api/runs/${encodeURIComponent(id)}`; }

export function pictureOf(id, sheet) { return `${pathOf(id)}/sheets/${sheet.id}?v=${sheet.time}`; }

let about = null;
export function aboutServer() { about ??= get("/api/about"); return about; }

// Plotly.js is loaded beside the page; a chart waits for it.
export function plotly() {
  if (window.Plotly) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.querySelector("script[src*=plotly]");
    script.addEventListener("load", resolve);
    script.addEventListener("error", async () => {
      const response = await fetch(script.src);
      reject(new Error((await response.text()).trim()));
    });
  });
}
