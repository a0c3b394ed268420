// The run list's filter: words and `key op value` conditions, all of which must match. It is parsed, never evaluated.
const operators = ["<=", ">=", "!=", "=", "<", ">", "~"];

export function tokens(text) {
  const found = [];
  const pattern = /"([^"]*)"?|(<=|>=|!=|=|<|>|~)|([^\s"<>=!~]+|!)/g;
  for (const match of text.matchAll(pattern)) {
    if (match[1] !== undefined) found.push({ text: match[1], isQuoted: true });
    else if (match[2] !== undefined) found.push({ operator: match[2] });
    else found.push({ text: match[3] });
  }
  return found;
}

// Compiles a filter into a predicate on runs, or throws an error that says what is wrong. `valuesOf` returns a run's values
// for a key, and `isKey` tells whether a key exists.
export function compile(text, { words, valuesOf, isKey }) {
  const parts = tokens(text);
  const conditions = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (part.operator) throw new Error(`“${part.operator}” needs a key before it, for example state = failed.`);
    const operator = parts[index + 1]?.operator;
    if (!operator) {
      const word = part.text.toLowerCase();
      conditions.push((run) => words(run).some((text) => text.toLowerCase().includes(word)));
      continue;
    }
    const wanted = parts[index + 2];
    if (!wanted || wanted.operator) throw new Error(`“${part.text} ${operator}” needs a value after it.`);
    if (!isKey(part.text)) throw new Error(`Unknown key “${part.text}”. Use a key such as state, verdict or tag, a series, or a parameter.`);
    conditions.push((run) => holds(valuesOf(run, part.text), operator, wanted.text));
    index += 2;
  }
  return (run) => conditions.every((condition) => condition(run));
}

function holds(values, operator, wanted) {
  if (operator === "!=") return !holds(values, "=", wanted);
  return values.some((value) => {
    if (value === null || value === undefined || value === "") return false;
    const text = String(value);
    if (operator === "~") return text.toLowerCase().includes(wanted.toLowerCase());
    const [a, b] = [Number(text), Number(wanted)];
    const areNumbers = text.trim() !== "" && wanted.trim() !== "" && !Number.isNaN(a) && !Number.isNaN(b);
    const order = areNumbers ? a - b : text.toLowerCase() < wanted.toLowerCase() ? -1 : text.toLowerCase() > wanted.toLowerCase() ? 1 : 0;
    switch (operator) {
      case "=": return order === 0;
      case "<": return order < 0;
      case ">": return order > 0;
      case "<=": return order <= 0;
      default: return order >= 0;
    }
  });
}
