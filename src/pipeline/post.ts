import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { readResponse } from '../otlp/response.ts';
import type { Signal } from '../otlp/types.ts';

/** One attempt to deliver one request. */
export type PostResult =
  | { kind: 'success'; bytes: number; rejected: number; message: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'retryable'; reason: string; answered: boolean; retryAfterMs?: number };

export interface PostTarget {
  /** Base URL; `/v1/<signal>` is appended. */
  url: string;
  headers: Readonly<Record<string, string>>;
  dispatcher: Dispatcher;
}

/**
 * The OTLP specification names these, and no others, as worth another try (OTLP/HTTP, "Retryable response
 * codes").
 */
const retryableStatus: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Longest answer that is read, as the specification recommends. Bytes. */
const answerLimit = 4 * 1024 * 1024;

/** How long a collector may take for its answer, ms. */
const answerTimeout = 10_000;

const gzipAsync = promisify(gzip);

/** Posts one request as OTLP/HTTP protobuf, compressed. Never rejects. */
export async function post(
  { url, headers, dispatcher }: PostTarget,
  signal: Signal,
  body: Uint8Array,
  abort: AbortSignal,
): Promise<PostResult> {
  const compressed = await gzipAsync(body);
  try {
    const response = await request(`${url}/v1/${signal}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
      body: compressed,
      dispatcher,
      signal: abort,
      headersTimeout: answerTimeout,
      bodyTimeout: answerTimeout,
    });
    const answer = await readLimited(response.body);
    const status = response.statusCode;
    if (status >= 200 && status < 300) {
      const { rejected, message } = readResponse(signal, text(response.headers['content-type']), answer);
      return { kind: 'success', bytes: compressed.length, rejected, message };
    }
    if (!retryableStatus.has(status)) return { kind: 'refused', reason: `HTTP ${status}` };
    const retryAfterMs = retryAfter(text(response.headers['retry-after']), Date.now());
    return {
      kind: 'retryable',
      reason: `HTTP ${status}`,
      answered: true,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  } catch (error) {
    return { kind: 'retryable', reason: reasonOf(error), answered: false };
  }
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), as ms from now. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

async function readLimited(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > answerLimit) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error.message;
}
