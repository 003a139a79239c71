import { setTimeout as sleep } from 'node:timers/promises';
import { type StoreFinding, told } from '../../report/doctor-messages.ts';
import type { DoctorLink, Finding, LinkOf } from '../../report/doctor-report.ts';
import { looked, timed } from './link.ts';
import { type Asked, askStore, type StoreAddress, type StoreName } from './stores.ts';

export interface StoreQuestion {
  name: StoreName;
  store: StoreAddress;
  probeId: string;
  /** Unix ms. */
  since: number;
  /** How long the probe may take to be found. ms */
  waitMs: number;
  warnings: readonly Finding[];
}

const titles = { tempo: 'Tempo', loki: 'Loki', prometheus: 'Prometheus' } as const;
/** Between two questions, the first time; twice as long with each further one. ms */
const firstPauseMs = 250;
const longestPauseMs = 4000;

/** Asks until the probe is found, or the time is over. */
export async function storeLink(question: StoreQuestion): Promise<DoctorLink> {
  const { name, store, waitMs, warnings } = question;
  const of: LinkOf = { what: 'store', name };
  const [asked, ms] = await timed(() => askUntil(question));
  if (asked.kind === 'found') return looked('stored', of, { text: store.url, ms, warnings });
  const problem = told(problemOf(asked, titles[name], store.url, waitMs));
  return looked('stored', of, { text: store.url, ms, problems: [problem], warnings });
}

async function askUntil({ name, store, probeId, since, waitMs }: StoreQuestion): Promise<Asked> {
  const until = performance.now() + waitMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const asked = await askStore[name](store, probeId, since);
    const leftMs = until - performance.now();
    if (asked.kind === 'found' || isFinal(asked) || leftMs <= 0) return asked;
    await sleep(Math.min(pauseMs, leftMs));
  }
}

/** It will not say anything else later: a wrong address, or credentials that are missing. */
function isFinal(asked: Asked): boolean {
  if (asked.kind !== 'failed' || asked.got.kind === 'failed') return asked.kind === 'failed';
  return asked.got.status < 500 && asked.got.status !== 429;
}

function problemOf(asked: Asked, store: string, url: string, waitedMs: number): StoreFinding {
  if (asked.kind !== 'failed') return { kind: 'probe_missing', store, url, waitedMs };
  const { got } = asked;
  if (got.kind === 'failed') return { kind: 'store_unreachable', store, url, reason: got.reason };
  const reason = `HTTP ${got.status}`;
  if (got.status === 401 || got.status === 403) return { kind: 'store_unauthorized', store, url, reason };
  if (got.status >= 500 || got.status === 429) return { kind: 'store_unreachable', store, url, reason };
  return { kind: 'no_store', store, url, reason: got.status === 200 ? 'not JSON' : reason };
}
