import type { Target } from '../../../scripts/grafana/targets.ts';
import { getJson } from '../backends/program.ts';
import type { StoreUrls } from '../backends/stores.ts';
import { filled, textOf } from './dashboards.ts';

interface Series {
  metric: Readonly<Record<string, string>>;
  value?: [number, string];
  values?: [number, string][];
}

/**
 * Asks the store what a panel asks it, for the last hour.
 * @param values of the dashboard's variables
 * @returns the figures, or for each line and each span a 1
 */
export async function ask(
  urls: StoreUrls,
  target: Target,
  values: Readonly<Record<string, string>>,
): Promise<number[]> {
  const text = filled(textOf(target), values);
  switch (target.datasource.type) {
    case 'prometheus':
      return askPrometheus(urls.prometheus, text, 'instant' in target && target.instant);
    case 'loki':
      return askLoki(urls.loki, text, 'queryType' in target && target.queryType === 'instant');
    case 'tempo':
      return askTempo(urls.tempo ?? '', text);
  }
}

/** Unix s. */
function lastHour(): { start: string; end: string } {
  const now = Math.ceil(Date.now() / 1000);
  return { start: String(now - 3600), end: String(now) };
}

async function askPrometheus(store: string, query: string, instant: boolean): Promise<number[]> {
  const url = new URL(`/api/v1/query${instant ? '' : '_range'}`, store);
  const time = instant ? {} : { ...lastHour(), step: '60' };
  url.search = new URLSearchParams({ query, ...time }).toString();
  const { data } = await getJson<{ data: { result: Series[] } }>(url);
  return data.result.flatMap(figuresOf);
}

async function askLoki(store: string, query: string, instant: boolean): Promise<number[]> {
  const url = new URL(`/loki/api/v1/query${instant ? '' : '_range'}`, store);
  const time = instant ? {} : { ...lastHour(), step: '60', limit: '5000' };
  url.search = new URLSearchParams({ query, ...time }).toString();
  const { data } = await getJson<{ data: { resultType: string; result: Series[] } }>(url);
  if (data.resultType === 'streams') return data.result.flatMap(({ values = [] }) => values.map(() => 1));
  return data.result.flatMap(figuresOf);
}

async function askTempo(store: string, query: string): Promise<number[]> {
  if (/^[0-9a-f]{32}$/.test(query)) {
    const { trace } = await getJson<{ trace: object }>(new URL(`/api/v2/traces/${query}`, store));
    return (
      JSON.stringify(trace)
        .match(/"spanId"/g)
        ?.map(() => 1) ?? []
    );
  }
  const url = new URL('/api/search', store);
  url.search = new URLSearchParams({ q: query, ...lastHour(), limit: '100', spss: '100' }).toString();
  const { traces = [] } = await getJson<{ traces?: { spanSets: { spans: object[] }[] }[] }>(url);
  return traces.flatMap(({ spanSets }) => spanSets.flatMap(({ spans }) => spans.map(() => 1)));
}

/** Those that a panel would show. */
function figuresOf({ value, values = value ? [value] : [] }: Series): number[] {
  return values.map(([, text]) => Number(text)).filter((figure) => !Number.isNaN(figure));
}
