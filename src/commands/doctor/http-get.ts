import { answerToFault } from '../../pipeline/delivery/transport/connection-fault.ts';
import { openHttpConnection } from '../../pipeline/delivery/transport/http-connection.ts';
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
/** Of the answer, so much is read at most. Characters. */
const bodyLimit = 1_000_000;

/** GET by the same ways as telemetry goes: proxies, and the authorities that are trusted. */
export async function httpGet(url: URL, { headers = {}, tls = null }: GetOptions = {}): Promise<Got> {
  const read = tls === null ? null : readTls(tls);
  if (read?.kind === 'unusable') return { kind: 'failed', reason: read.reason };
  const opened = openHttpConnection(url, read?.secureContext, process.env);
  if (opened.kind === 'unusable') return { kind: 'failed', reason: opened.reason };
  const { dispatcher, socketFault } = opened.connection;
  try {
    const { origin, pathname, search } = url;
    const {
      statusCode,
      headers: told,
      body,
    } = await dispatcher.request({
      origin,
      path: `${pathname}${search}`,
      method: 'GET',
      headers: { ...headers },
      signal: AbortSignal.timeout(limitMs),
    });
    let text = '';
    for await (const chunk of body) {
      text += String(chunk);
      if (text.length > bodyLimit) break;
    }
    return { kind: 'answered', status: statusCode, date: timeOf(told['date']), body: text };
  } catch (error) {
    const answer = answerToFault(error, socketFault());
    return { kind: 'failed', reason: 'reason' in answer ? answer.reason : '' };
  } finally {
    await dispatcher.destroy();
  }
}

function timeOf(date: string | string[] | undefined): number | null {
  const time = Date.parse(String(date));
  return Number.isNaN(time) ? null : time;
}
