// Reads the server's metrics (Prometheus' text format), as far as the system page shows them.

/** One sample. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the samples; comments and what is not understood are left out. */
export function readMetrics(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || value === undefined || Number.isNaN(Number(value))) return [];
    return [{ name, labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, key = "", told = ""]) => [key, told.replaceAll(/\\(.)/g, "$1")])), value: Number(value) }];
  });
}

/** Returns the sum of a metric over all of its labels, or over those that fit. */
export function sumOf(samples: readonly Sample[], name: string, fits: (labels: Sample["labels"]) => boolean = () => true): number {
  return samples.filter((sample) => sample.name === name && fits(sample.labels)).reduce((all, sample) => all + sample.value, 0);
}
