import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '../../src/otlp/codec.ts';
import { hex } from '../../src/otlp/hex.ts';
import { Long } from '../../src/otlp/long.ts';
import type { Signal } from '../../src/otlp/types.ts';

export interface RecordedRequest {
  signal: Signal;
  contentType: string;
  body: Buffer;
}

/** What stands in a body and is another in each round. */
interface Place {
  offset: number;
  fresh(round: number): Buffer;
}

/** Of one session to the next. ms */
const pauseMs = 60_000;

/**
 * What a real CLI sent in its recorded sessions, over and over: the same bytes, but for the ids of sessions, prompts, calls, traces and
 * spans, and for the times, which move on. So each round is as many sessions more.
 */
export class Recordings {
  readonly #requests: { request: RecordedRequest; places: readonly Place[] }[];

  /** @param dir of all recordings of one CLI */
  constructor(dir: string) {
    const requests = readdirSync(dir).flatMap((name) => recordingIn(join(dir, name)));
    this.#requests = requests.map((request) => ({ request, places: new Marks(request).places }));
  }

  /** All requests of a round, in the order they came. */
  *round(round: number): Generator<RecordedRequest> {
    for (const { request, places } of this.#requests) {
      const body = Buffer.from(request.body);
      for (const { offset, fresh } of places) fresh(round).copy(body, offset);
      yield { ...request, body };
    }
  }
}

function recordingIn(dir: string): RecordedRequest[] {
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const [, signal, extension] = /^\d+-(logs|traces|metrics)\.(pb|json)$/.exec(name) ?? [];
      if (signal === undefined) return [];
      const contentType = extension === 'json' ? 'application/json' : 'application/x-protobuf';
      return [{ signal: signal as Signal, contentType, body: readFileSync(join(dir, name)) }];
    });
}

/** The ids and times of a request. */
class Marks {
  readonly places: readonly Place[];
  readonly #texts = new Set<string>();
  readonly #bytes = new Set<string>();
  readonly #times = new Set<string>();

  constructor({ signal, contentType, body }: RecordedRequest) {
    const decoded = decode(signal, contentType, body);
    if (decoded.ok) this.#collect(decoded.request);
    const isJson = contentType === 'application/json';
    const inBody = isJson ? 'latin1' : 'hex';
    this.places = [
      ...[...this.#texts].flatMap((id) => places(body, Buffer.from(id), (round) => freshText(id, round))),
      ...[...this.#bytes].flatMap((id) =>
        places(body, Buffer.from(id, inBody), (round) => Buffer.from(freshHex(id, round), inBody)),
      ),
      ...[...this.#times].flatMap((time) =>
        places(body, timeBytes(time, 0, isJson), (round) => timeBytes(time, round, isJson)),
      ),
    ];
  }

  #collect(value: unknown, key = ''): void {
    if (value instanceof Uint8Array) {
      if (/id$/i.test(key) && value.length > 0) this.#bytes.add(hex(value));
    } else if (typeof value === 'string') {
      for (const id of value.match(ids) ?? []) this.#texts.add(id);
    } else if (/UnixNano$/.test(key)) {
      if (String(value) !== '0') this.#times.add(String(value));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) this.#collect(inner, name);
    }
  }
}

/** UUIDs within a text, and the ids that vendors give to calls and requests. */
const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|^(?:call|toolu|req|exec)[_-]\w+$/g;

function places(body: Buffer, mark: Buffer, fresh: Place['fresh']): Place[] {
  const found: Place[] = [];
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length))
    found.push({ offset: at, fresh });
  return found;
}

function digest(id: string, round: number): Buffer {
  return createHash('sha256').update(id).update(String(round)).digest();
}

/** As long as the old one and of its form. */
function freshText(id: string, round: number): Buffer {
  const prefix = /^(?:call|toolu|req|exec)[_-]/.exec(id)?.[0];
  const digits = digest(id, round).toString(prefix === undefined ? 'hex' : 'base64url');
  if (prefix !== undefined) return Buffer.from(prefix + digits.slice(0, id.length - prefix.length));
  let next = 0;
  return Buffer.from(id.replace(/[0-9a-f]/g, () => digits[next++] ?? '0'));
}

function freshHex(id: string, round: number): string {
  return digest(id, round).toString('hex').slice(0, id.length);
}

function timeBytes(nanos: string, round: number, isJson: boolean): Buffer {
  const time = Long.fromString(nanos, true).add(Long.fromNumber(round * pauseMs * 1e6, true));
  return isJson ? Buffer.from(time.toString()) : Buffer.from(time.toBytesLE());
}
