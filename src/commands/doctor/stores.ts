import { type Got, httpGet } from './http-get.ts';
import { probeTraceId } from './probe-telemetry.ts';

export type StoreName = 'tempo' | 'loki' | 'prometheus';

/** Where a store answers queries: the address that Grafana's data source has. */
export interface StoreAddress {
  /** Without credentials. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** What a store said to the question for the probe. */
export type Asked = { kind: 'found' | 'missing' } | { kind: 'failed'; got: Got };

/** Asks for the probe of this id. @param since Unix ms, before which there is nothing of it */
export const askStore: Readonly<
  Record<StoreName, (store: StoreAddress, probeId: string, since: number) => Promise<Asked>>
> = {
  /** By the id of its trace, which is found at once: a search takes minutes (facts/backends.md §3). */
  async tempo(store, probeId) {
    // Older ones know the second alone.
    const paths = [`/api/v2/traces/${probeTraceId(probeId)}`, `/api/traces/${probeTraceId(probeId)}`];
    const asked = await firstAnswer(
      paths.map((path) => get(store, path)),
      (got) => got.body.includes(probeId),
    );
    // It has 404 for a trace that it does not know, and so have other servers.
    if (asked.kind !== 'failed' || asked.got.kind === 'failed' || asked.got.status !== 404) return asked;
    const echo = await get(store, '/api/echo');
    return echo.kind === 'answered' && echo.status === 200 ? { kind: 'missing' } : asked;
  },

  /** By its text, in the streams that OTLP and the older exporter make of ai-trace's own records. */
  loki: async (store, probeId, since) => {
    const streams = ['{service_name="ai-trace"}', '{job="ai-trace/ai-trace"}'];
    const queries = streams.map((stream) =>
      get(store, '/loki/api/v1/query_range', {
        query: `${stream} |= "${probeId}"`,
        start: `${since}000000`,
        limit: '1',
      }),
    );
    return firstAnswer(queries, hasResult);
  },

  /** By its label, which has dots where names are not translated. */
  prometheus: async (store, probeId) => {
    const selectors = [`{ai_trace_probe_id="${probeId}"}`, `{"ai_trace.probe.id"="${probeId}"}`];
    return firstAnswer(
      selectors.map((query) => get(store, '/api/v1/query', { query })),
      hasResult,
    );
  },
};

function get({ url, headers }: StoreAddress, path: string, query: Record<string, string> = {}): Promise<Got> {
  const address = new URL(`${url}${path}`);
  address.search = new URLSearchParams(query).toString();
  return httpGet(address, { headers: { ...headers, accept: 'application/json' } });
}

/** Found by any of them; else what the first said, if one of them is not known to this version. */
async function firstAnswer(
  asked: readonly Promise<Got>[],
  isFound: (got: Extract<Got, { kind: 'answered' }>) => boolean,
): Promise<Asked> {
  const answers = await Promise.all(asked);
  const successes = answers.filter((got) => got.kind === 'answered').filter(({ status }) => status === 200);
  if (successes.some(isFound)) return { kind: 'found' };
  if (successes.some(({ body }) => isJson(body))) return { kind: 'missing' };
  const [first = { kind: 'failed', reason: 'no answer' }] = answers;
  return { kind: 'failed', got: first };
}

/** Loki and Prometheus answer alike. */
function hasResult({ body }: { body: string }): boolean {
  const answer = parsed(body) as { data?: { result?: unknown } } | undefined;
  return Array.isArray(answer?.data?.result) && answer.data.result.length > 0;
}

function isJson(body: string): boolean {
  return parsed(body) !== undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
