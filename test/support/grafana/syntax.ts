import { parser as logQl } from '@grafana/lezer-logql';
import { parser as traceQl } from '@grafana/lezer-traceql';
import { parser as promQl } from '@prometheus-io/lezer-promql';

const parsers = { prometheus: promQl, loki: logQl, tempo: traceQl };

/** Where the parser of a store's language stumbles, each with the text from there on. */
export function faultsIn(store: keyof typeof parsers, text: string): string[] {
  const faults: string[] = [];
  parsers[store].parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) faults.push(`${type.name} at ${from}: ${text.slice(from)}`);
    },
  });
  return faults;
}

/** The attributes that a TraceQL query names, as `span.name` or `resource.name`. */
export function attributesIn(text: string): string[] {
  const names: string[] = [];
  traceQl.parse(text).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'AttributeField') names.push(text.slice(from, to));
    },
  });
  return names;
}
