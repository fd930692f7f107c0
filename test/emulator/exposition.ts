/**
 * Reads the text format of Prometheus, version 0.0.4, by its grammar, and throws where a text departs from it.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/;
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/;
const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

export function readExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const families = new Map<string, Family & { samples: Sample[] }>();
  let current: (Family & { samples: Sample[] }) | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (METRIC.exec(name)?.[0] !== name || families.has(name)) throw new Error(`a second or no name: ${line}`);
      current = { name, type: 'untyped', help: rest, samples: [] };
    } else if (kind === 'TYPE') {
      if (current?.name !== name || current.samples.length > 0 || !types.includes(rest))
        throw new Error(`a type that is none, or comes late: ${line}`);
      current = { ...current, type: rest };
      families.set(name, current);
    } else {
      const sample = readSample(line);
      if (current === undefined || !isOf(sample, current)) throw new Error(`not of the family above: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (current.samples.some((other) => JSON.stringify([other.name, Object.entries(other.labels).sort()]) === key))
        throw new Error(`twice: ${line}`);
      current.samples.push(sample);
    }
  }
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family);
  return families;
}

function readSample(line: string): Sample {
  const name = METRIC.exec(line)?.[0];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  const [, inner, value = ''] = /^(?:\{(.*)\})? (\S+)$/.exec(line.slice(name.length)) ?? [];
  if (!NUMBER.test(value)) throw new Error(`no number: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = inner ?? ''; rest !== '';) {
    const [all, label = '', quoted = ''] = LABEL.exec(rest) ?? [];
    if (all === undefined || label in labels) throw new Error(`no label, or one twice: ${line}`);
    labels[label] = quoted.replaceAll(/\\[\\"n]/g, (escape) => escapes[escape]!);
    rest = rest.slice(all.length);
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

function isOf({ name, labels }: Sample, { name: family, type }: Family): boolean {
  if (type !== 'histogram') return name === family;
  if (name === `${family}_bucket`) return 'le' in labels;
  return name === `${family}_sum` || name === `${family}_count`;
}

/** Buckets grow, the last one is +Inf, and it is the count. */
function checkHistogram({ name, samples }: Family): void {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) =>
    JSON.stringify(Object.entries(labels).sort()),
  );
  for (const [key, all] of series) {
    const buckets = all.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels['le']!.replace('Inf', 'Infinity')));
    const isGrowing = (numbers: readonly number[]) => numbers.every((one, index) => one >= (numbers[index - 1] ?? 0));
    const count = all.find((sample) => sample.name === `${name}_count`)?.value;
    const isRight =
      isGrowing(bounds) &&
      isGrowing(buckets.map(({ value }) => value)) &&
      bounds.at(-1) === Infinity &&
      buckets.at(-1)?.value === count &&
      all.some((sample) => sample.name === `${name}_sum`);
    if (!isRight) throw new Error(`not a histogram: ${name} ${key}`);
  }
}
