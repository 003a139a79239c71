import protobuf from 'protobufjs/light.js';
import { describe, expect, test } from 'vitest';
import { Long } from '../../../src/otlp/long.ts';
import type { MessageType } from '../../../src/otlp/message-type.ts';
import { decodeProtobuf, encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import { requestTypes } from '../../../src/otlp/schema.ts';
import type { AnyValue, ExportLogsServiceRequest, LogRecord } from '../../../src/otlp/types.ts';
import { comparable, decoded } from './comparable.ts';

function requestWith(...logRecords: LogRecord[]): ExportLogsServiceRequest {
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

function recordIn(request: ExportLogsServiceRequest): LogRecord {
  const record = request.resourceLogs[0]?.scopeLogs[0]?.logRecords[0];
  if (record === undefined) throw new Error('no log record');
  return record;
}

/** One log record written by hand: `write` puts the fields on the wire. */
function bodyWith(write: (writer: protobuf.Writer) => void): Uint8Array {
  const writer = protobuf.Writer.create().uint32(0x0a).fork().uint32(0x12).fork().uint32(0x12).fork();
  write(writer);
  return writer.ldelim().ldelim().ldelim().finish();
}

function throughWire(record: LogRecord): LogRecord {
  return recordIn(decoded(decodeProtobuf('logs', encodeProtobuf('logs', requestWith(record)))));
}

describe('what is read', () => {
  test('can be looked at as JSON', () => {
    const read = throughWire({ attributes: [{ key: 'a', value: { stringValue: 'b' } }] });
    expect(JSON.parse(JSON.stringify(read))).toEqual({
      attributes: [{ key: 'a', value: { stringValue: 'b' } }],
    });
  });

  test('an absent member reads undefined, in every message of the schema', () => {
    const seen = new Set<MessageType>();
    const visit = (type: MessageType) => {
      if (seen.has(type)) return;
      seen.add(type);
      const empty = type.decode(new Uint8Array());
      for (const field of type.fields) {
        expect(empty[field.name], `${type.name}.${field.name}`).toEqual(field.repeated ? [] : undefined);
        if (field.message !== null) visit(field.message);
      }
    };
    Object.values(requestTypes).forEach(visit);
    expect(seen.size).toBeGreaterThan(30);
  });

  test('of a oneof only the member that was sent last is there', () => {
    const anyValue = protobuf.Writer.create().uint32(0x0a).string('first').uint32(0x18).int64(7).finish();
    const record = recordIn(
      decoded(
        decodeProtobuf(
          'logs',
          bodyWith((writer) => writer.uint32(0x2a).bytes(anyValue)),
        ),
      ),
    );
    expect(Object.keys(record.body ?? {})).toEqual(['intValue']);
    expect(record.body?.intValue?.toString()).toBe('7');
  });

  test('a oneof member with the default value is there', () => {
    const values: AnyValue[] = [
      { stringValue: '' },
      { boolValue: false },
      { intValue: 0 },
      { doubleValue: 0 },
      {},
    ];
    const record = throughWire({ attributes: values.map((value) => ({ key: 'k', value })) });
    expect(record.attributes.map(({ value }) => comparable(value))).toEqual([
      { stringValue: '' },
      { boolValue: false },
      { intValue: 'int64 0' },
      { doubleValue: 0 },
      {},
    ]);
  });

  test.each([
    ['9223372036854775807', false],
    ['-9223372036854775808', false],
    ['9007199254740993', false],
    ['18446744073709551615', true],
  ])('%s stays exact', (digits, unsigned) => {
    const value = Long.fromString(digits, unsigned);
    const record = throughWire(
      unsigned ? { timeUnixNano: value, attributes: [] } : { body: { intValue: value }, attributes: [] },
    );
    expect((unsigned ? record.timeUnixNano : record.body?.intValue)?.toString()).toBe(digits);
  });

  test('attributes of the same key are all kept, in order', () => {
    const twice = [
      { key: 'model', value: { stringValue: 'a' } },
      { key: 'model', value: { stringValue: 'b' } },
    ];
    expect(comparable(throughWire({ attributes: twice }).attributes)).toEqual(twice);
  });

  test('broken UTF-8 is repaired and costs nothing else', () => {
    const record = recordIn(
      decoded(
        decodeProtobuf(
          'logs',
          bodyWith((writer) => writer.uint32(0x1a).bytes(Buffer.from([0x61, 0xff, 0x62]))),
        ),
      ),
    );
    expect(record.severityText).toBe('a\ufffdb');
  });
});

describe('unknown fields', () => {
  test('a field of a newer schema is written again', () => {
    const body = bodyWith((writer) =>
      writer
        .uint32(0x1a)
        .string('INFO')
        .uint32((1000 << 3) | 2)
        .string('from the future')
        .uint32(1001 << 3)
        .int64(-1),
    );
    expect(Buffer.compare(encodeProtobuf('logs', decoded(decodeProtobuf('logs', body))), body)).toBe(0);
  });

  test('so is a known field of another wire type', () => {
    const body = bodyWith((writer) => writer.uint32((3 << 3) | 0).uint32(5));
    const request = decoded(decodeProtobuf('logs', body));
    expect(recordIn(request).severityText).toBeUndefined();
    expect(Buffer.compare(encodeProtobuf('logs', request), body)).toBe(0);
  });

  test('so are the buckets of a histogram that are not packed', () => {
    const points = protobuf.Writer.create().uint32(0x0a).fork();
    const body = bodyWith((writer) =>
      writer.uint32(0x4a).bytes(points.uint32(0x31).fixed64(1).uint32(0x31).fixed64(2).ldelim().finish()),
    );
    const request = decoded(decodeProtobuf('metrics', body));
    const [metric] = request.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
    expect(metric?.histogram?.dataPoints).toHaveLength(1);
    expect(Buffer.compare(encodeProtobuf('metrics', request), body)).toBe(0);
  });

  test('they stay when the record is changed in place', () => {
    const request = decoded(
      decodeProtobuf(
        'logs',
        bodyWith((writer) => writer.uint32((1000 << 3) | 2).string('from the future')),
      ),
    );
    recordIn(request).attributes.push({ key: 'session.id', value: { stringValue: 's' } });
    expect(Buffer.from(encodeProtobuf('logs', request)).includes('from the future')).toBe(true);
  });
});

describe('malformed bodies are a failure with a reason', () => {
  const valid = encodeProtobuf('logs', requestWith({ severityText: 'INFO', attributes: [] }));

  test.each([
    ['cut short', valid.subarray(0, -1)],
    ['text', Buffer.from('{"resourceLogs":[]}')],
    ['a length beyond the end', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['a group that never ends', Buffer.from([0x0b])],
  ])('%s', (_, bytes) => {
    expect(decodeProtobuf('logs', bytes)).toEqual({
      ok: false,
      kind: 'malformed',
      reason: expect.stringMatching(/./),
    });
  });

  test('nested deeper than any sender means', () => {
    let value = Buffer.alloc(0);
    for (let level = 0; level < 200; level++) {
      const array = protobuf.Writer.create().uint32(0x0a).bytes(value).finish();
      value = Buffer.from(protobuf.Writer.create().uint32(0x2a).bytes(array).finish());
    }
    const result = decodeProtobuf(
      'logs',
      bodyWith((writer) => writer.uint32(0x2a).bytes(value)),
    );
    expect(result).toMatchObject({ ok: false, kind: 'malformed' });
  });
});

test('an empty body is an empty request', () => {
  expect(comparable(decoded(decodeProtobuf('metrics', new Uint8Array())))).toEqual({ resourceMetrics: [] });
});

test('plain numbers may stand for 64-bit integers', () => {
  const record = throughWire({ timeUnixNano: 5, body: { intValue: -5 }, attributes: [] });
  expect(record.timeUnixNano?.toString()).toBe('5');
  expect(record.body?.intValue?.toString()).toBe('-5');
});
