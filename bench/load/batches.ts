import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../../src/otlp/attributes.ts';
import { decode } from '../../src/otlp/codec.ts';
import { Long } from '../../src/otlp/long.ts';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { InstrumentationScope, KeyValue, LogRecord, ResourceLogs } from '../../src/otlp/types.ts';

/** What a record is told apart by, from the stand-in to the collector: digits, as many as `idOf` writes. */
export const idKey = 'bench.id';

/** What stands in the encoded template where each record's own values go; nothing else in it looks like them. */
const marks = {
  id: '~'.repeat(20),
  /** A tool's call, and the result in the record behind it. */
  call: `call_${'^'.repeat(20)}`,
  result: `call_${'<'.repeat(20)}`,
  time: Long.fromString('1234567890123456789', true),
  trace: Buffer.alloc(16, 0xa7),
};

const timeMark = Buffer.from(marks.time.toBytesLE());

interface Template {
  body: Buffer;
  places: readonly Place[];
}

interface Place {
  offset: number;
  /** Index of the record in the batch. */
  record: number;
  write(body: Buffer, offset: number, index: number): void;
}

/**
 * Export requests of Codex logs that go round in a recorded session. Each is encoded once, and before each use the times, traces, call
 * ids and ids of its records are written over: so a request costs its sender next to nothing, and no two are the same.
 */
export class Batches {
  readonly size: number;
  readonly #recorded: RecordedLogs;
  readonly #start: number;
  readonly #firstId: number;
  /** By the record of the session that it begins with. */
  readonly #templates = new Map<number, Template>();

  /**
   * @param recorded logs of one session in the order they came
   * @param size records of a request
   * @param start Unix ms of record 0; each later one is 20 µs younger
   * @param firstId number of record 0 among those of all runs
   */
  constructor(recorded: RecordedLogs, size: number, start: number, firstId = 0) {
    this.size = size;
    this.#recorded = recorded;
    this.#start = start;
    this.#firstId = firstId;
  }

  /** Encodes all there is to encode, which takes seconds: not to be waited for while times are taken. */
  prepare(): void {
    for (let first = 0; !this.#templates.has(this.#phaseOf(first)); first += this.size)
      this.#templateOf(first);
  }

  /** @param first index of the request's first record in the whole of a run */
  request(first: number): Buffer {
    const template = this.#templateOf(first);
    const body = Buffer.from(template.body);
    for (const { offset, record, write } of template.places) write(body, offset, first + record);
    return body;
  }

  #phaseOf(first: number): number {
    return first % this.#recorded.records.length;
  }

  #templateOf(first: number): Template {
    const phase = this.#phaseOf(first);
    const template = this.#templates.get(phase) ?? this.#encode(phase);
    this.#templates.set(phase, template);
    return template;
  }

  #encode(phase: number): Template {
    const { records, resource, scope } = this.#recorded;
    const at = (i: number) => records[(phase + i) % records.length] ?? { attributes: [] };
    const logRecords = Array.from({ length: this.size }, (_, i) => marked(at(i)));
    const scopeLogs = [{ ...(scope && { scope }), logRecords }];
    const request = { resourceLogs: [{ ...(resource && { resource }), scopeLogs }] };
    const body = Buffer.from(encodeProtobuf('logs', request));
    return { body, places: placesIn(body, this.#start, this.#firstId, records.length) };
  }
}

export function idOf(index: number): string {
  return String(index).padStart(20, '0');
}

export interface RecordedLogs extends Pick<ResourceLogs, 'resource'> {
  scope: InstrumentationScope | undefined;
  records: LogRecord[];
}

/**
 * One long turn, made of the recording of a short one with one tool: the prompt, that tool and the call which asked for it again and
 * again, and the call that answers.
 * @param dir of a recording of Codex
 * @param rounds how often the tool is used; 0 = as recorded
 */
export function longTurn(dir: string, rounds: number): RecordedLogs {
  const recorded = recordedLogs(dir);
  if (rounds === 0) return recorded;
  const named = (name: string) => recorded.records.findIndex((record) => nameOf(record) === name);
  const [asked, used] = [named('codex.api_request'), named('codex.tool_result') + 1];
  const { records } = recorded;
  const round = records.slice(asked, used);
  const middle = Array.from({ length: rounds }, () => round).flat();
  return { ...recorded, records: [...records.slice(0, asked), ...middle, ...records.slice(used)] };
}

/** The same with so much more text in each record, which compresses like base64. */
export function longer(recorded: RecordedLogs, bytes: number): RecordedLogs {
  if (bytes === 0) return recorded;
  const value = { stringValue: randomBytes(Math.ceil((bytes * 3) / 4)).toString('base64') };
  const records = recorded.records.map((record) => ({
    ...record,
    attributes: [...record.attributes, { key: 'bench.text', value }],
  }));
  return { ...recorded, records };
}

/** The logs of a recording that tell an event. */
function recordedLogs(dir: string): RecordedLogs {
  const bodies = readdirSync(dir).filter((name) => name.endsWith('-logs.pb'));
  const groups = bodies.sort().flatMap((name) => {
    const decoded = decode('logs', 'application/x-protobuf', readFileSync(join(dir, name)));
    return decoded.ok ? decoded.request.resourceLogs : [];
  });
  const [group] = groups;
  const [first] = group?.scopeLogs ?? [];
  const records = groups.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
  return {
    ...(group?.resource && { resource: group.resource }),
    scope: first?.scope,
    records: records.filter((record) => nameOf(record) !== undefined),
  };
}

function nameOf({ attributes }: LogRecord): string | undefined {
  return text(attributes, 'event.name');
}

function marked(record: LogRecord): LogRecord {
  const call = nameOf(record) === 'codex.tool_result' ? marks.result : marks.call;
  const attributes = record.attributes.map(
    (attribute): KeyValue =>
      attribute.key === 'call_id' ? { key: 'call_id', value: { stringValue: call } } : attribute,
  );
  attributes.push({ key: idKey, value: { stringValue: marks.id } });
  const hasTrace = (record.traceId?.length ?? 0) > 0;
  return {
    ...record,
    observedTimeUnixNano: marks.time,
    attributes,
    ...(hasTrace && { traceId: marks.trace }),
  };
}

function placesIn(body: Buffer, start: number, firstId: number, cycle: number): Place[] {
  const startNanos = BigInt(start) * 1_000_000n;
  const turn = (index: number) => idOf(Math.floor(index / cycle));
  const writers: [mark: Buffer, write: Place['write']][] = [
    [timeMark, (to, at, index) => to.writeBigUInt64LE(startNanos + BigInt(index) * 20_000n, at)],
    [marks.trace, (to, at, index) => to.write(turn(index).slice(-16), at, 'latin1')],
    [Buffer.from(marks.call), (to, at, index) => to.write(`call_${idOf(index)}`, at, 'latin1')],
    [Buffer.from(marks.result), (to, at, index) => to.write(`call_${idOf(index - 1)}`, at, 'latin1')],
    [Buffer.from(marks.id), (to, at, index) => to.write(idOf(firstId + index), at, 'latin1')],
  ];
  // Fields are written by their numbers: of what is written over, a record's time is the last.
  const ends = occurrences(body, timeMark);
  return writers.flatMap(([mark, write]) =>
    occurrences(body, mark).map((offset) => ({
      offset,
      record: ends.findIndex((end) => end >= offset),
      write,
    })),
  );
}

function occurrences(body: Buffer, mark: Buffer): number[] {
  const found: number[] = [];
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) found.push(at);
  return found;
}
