import { answerToFault } from '../../pipeline/delivery/transport/connection-fault.ts';
import { openHttpConnection } from '../../pipeline/delivery/transport/open-http-connection.ts';
import { readTls, type TlsFiles } from '../../pipeline/delivery/transport/tls-files.ts';

export type Got =
  /** `date`: the clock that it answered by, Unix ms; null where it tells none. */
  | { kind: 'answered'; status: number; date: number | null; body: string }
  /** A code or a few words. */
  | { kind: 'failed'; reason: string };

export interface GetOptions {
  headers?: Readonly<Record<string, string>>;
  tls?: TlsFiles | null;
}

const limitMs = 10_000;
/** Of the answer, so much is read at most. Bytes. */
const bodyLimit = 1_000_000;

/** GET by the same ways as telemetry goes: proxies, and the authorities that are trusted. */
export async function httpGet(url: URL, { headers = {}, tls = null }: GetOptions = {}): Promise<Got> {
  const read = tls === null ? null : readTls(tls);
  if (read?.kind === 'unusable') return { kind: 'failed', reason: read.reason };
  const opened = await openHttpConnection({ url, headers, secureContext: read?.secureContext }, process.env);
  if (opened.kind === 'unusable') return { kind: 'failed', reason: opened.reason };
  const { connection } = opened;
  try {
    const { status, headers, body } = await connection.request(
      { method: 'GET', path: `${url.pathname}${url.search}`, answerLimit: bodyLimit },
      AbortSignal.timeout(limitMs),
    );
    return { kind: 'answered', status, date: timeOf(headers.date), body: body.toString() };
  } catch (error) {
    const answer = answerToFault(error);
    return { kind: 'failed', reason: 'reason' in answer ? answer.reason : '' };
  } finally {
    connection.close();
  }
}

function timeOf(date: string | undefined): number | null {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? null : time;
}
