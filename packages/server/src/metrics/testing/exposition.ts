/** A strict reader of Prometheus' text format, for tests: throws where a line is not what the format allows. */
export interface ReadMetric {
  readonly type: string;
  readonly help: string;
  readonly samples: { readonly name: string; readonly labels: Record<string, string>; readonly value: number }[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const VALUE = "[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:e[+-]?\\d+)?|NaN|[+-]Inf";
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (${VALUE})$`);

/** All metrics of a text by name. Each must have one HELP, then one TYPE, then its samples, none twice. */
export function parseExposition(text: string): Map<string, ReadMetric> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const metrics = new Map<string, ReadMetric>();
  const lines = text.slice(0, -1).split("\n");
  for (let at = 0; at < lines.length;) {
    const help = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\[\\\\n])*)$`).exec(lines[at] ?? "");
    const type = new RegExp(`^# TYPE (${NAME}) (counter|gauge|summary|histogram|untyped)$`).exec(lines[at + 1] ?? "");
    const [name = "", typeName = ""] = type?.slice(1) ?? [];
    if (help?.[1] !== name || name === "" || metrics.has(name))
      throw new Error(`no metric begins with ${lines[at] ?? ""}`);
    const samples: ReadMetric["samples"] = [];
    for (at += 2; at < lines.length && !(lines[at] ?? "").startsWith("#"); at++)
      samples.push(parseSample(lines[at] ?? "", name, typeName));
    if (samples.length === 0) throw new Error(`${name} has no sample`);
    const keys = samples.map(({ name: sample, labels }) => JSON.stringify([sample, Object.entries(labels).sort()]));
    if (new Set(keys).size < keys.length) throw new Error(`${name} has a sample twice`);
    metrics.set(name, { type: typeName, help: help[2] ?? "", samples });
  }
  return metrics;
}

function parseSample(line: string, name: string, type: string): ReadMetric["samples"][number] {
  const [, sample = "", labelText = "", value = ""] = SAMPLE.exec(line) ?? [];
  const allowed = type === "summary" ? [name, `${name}_sum`, `${name}_count`] : [name];
  if (!allowed.includes(sample)) throw new Error(`not a sample of ${name}: ${line}`);
  if (type === "counter" && Number(value) < 0) throw new Error(`a counter below 0: ${line}`);
  const labels: Record<string, string> = {};
  for (const [, label = "", text = ""] of labelText.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
    if (label in labels) throw new Error(`a label twice: ${line}`);
    labels[label] = text.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  }
  return { name: sample, labels, value: Number(value.replace("Inf", "Infinity")) };
}

/** The value of a sample with exactly these labels. */
export function valueOf(
  metrics: ReadonlyMap<string, ReadMetric>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  const metric = metrics.get(name);
  return metric?.samples.find((sample) => JSON.stringify(Object.entries(sample.labels).sort()) === wanted)?.value;
}
