// Splits the name of a layer series, such as layer_dead_units/generator.main.1, into the title of the chart that the
// player's layers share and the layer's name. Returns null for every other series.
export function layerOf(name) {
  const found = /^layer_([a-z_]+)\/((?:generator|discriminator)(?:\..+)?)$/.exec(name);
  if (!found) return null;
  const [player] = found[2].split(".", 1);
  return { chart: `${found[1].replaceAll("_", " ")}, ${player}`, layer: found[2].slice(player.length + 1) || player };
}

// Groups layer series by chart, one per statistic and player. Names are sorted in natural order (2 before 10).
export function layerCharts(names) {
  const charts = new Map();
  for (const name of names.filter((name) => layerOf(name)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }))) {
    const { chart } = layerOf(name);
    charts.set(chart, [...(charts.get(chart) ?? []), name]);
  }
  return charts;
}
