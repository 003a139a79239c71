/** One line of Prometheus' text format. */
export interface Value {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** The values of an exposition in Prometheus' text format 0.0.4; comments are left out. */
export function valuesIn(exposition: string): Value[] {
  return exposition.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return [
      {
        name,
        labels: Object.fromEntries(pairs.map(([, key = '', text = '']) => [key, text])),
        value: Number(value),
      },
    ];
  });
}
