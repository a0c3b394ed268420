// What a series of a layer measures, such as layer_dead_units/generator.main.1: the chart that it shares with the player's other layers, and the
// layer's name there. null for every other series.
export function layerOf(name) {
  const found = /^layer_([a-z_]+)\/((?:generator|discriminator)(?:\..+)?)$/.exec(name);
  if (!found) return null;
  const [player] = found[2].split(".", 1);
  return { chart: `${found[1].replaceAll("_", " ")}, ${player}`, layer: found[2].slice(player.length + 1) || player };
}

// The names of the layers' series by chart: one for each statistic and player. Numbers in names count as numbers.
export function layerCharts(names) {
  const charts = new Map();
  for (const name of names.filter((name) => layerOf(name)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }))) {
    const { chart } = layerOf(name);
    charts.set(chart, [...(charts.get(chart) ?? []), name]);
  }
  return charts;
}
