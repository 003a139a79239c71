import { describe, expect, test } from 'vitest';
import { decodeJson, encodeJson } from '../../../src/otlp/json.ts';
import { Long } from '../../../src/otlp/long.ts';
import { packDoubles, packInts } from '../../../src/otlp/packed-numbers.ts';
import { decodeProtobuf, encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import type { LogRecord, NumberDataPoint, Span } from '../../../src/otlp/types.ts';
import { comparable, decoded } from './comparable.ts';

function readRecord(record: unknown): LogRecord {
  const text = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  const read = decoded(decodeJson('logs', text)).resourceLogs[0]?.scopeLogs[0]?.logRecords[0];
  if (read === undefined) throw new Error('no log record');
  return read;
}

function failureOf(record: unknown): string {
  const text = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  const result = decodeJson('logs', text);
  return result.ok ? 'read' : `${result.kind}: ${result.reason}`;
}

function readValue(value: string): unknown {
  const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${value}}]}]}]}`;
  return comparable(decoded(decodeJson('logs', text)).resourceLogs[0]?.scopeLogs[0]?.logRecords[0]?.body);
}

function readSpan(span: unknown): Span | undefined {
  const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  return decoded(decodeJson('traces', text)).resourceSpans[0]?.scopeSpans[0]?.spans[0];
}

function writeRecord(record: LogRecord): unknown {
  const text = encodeJson('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  return JSON.parse(text).resourceLogs[0].scopeLogs[0].logRecords[0];
}

describe('reading integers', () => {
  test.each([
    ['"9223372036854775807"', '9223372036854775807'],
    ['"-9223372036854775808"', '-9223372036854775808'],
    ['42', '42'],
    ['"42"', '42'],
    ['"1e3"', '1000'],
    ['1.5', '1'],
    ['1e300', '9223372036854775807'],
  ])('int64 %s', (json, digits) => {
    expect(readValue(`{"intValue":${json}}`)).toEqual({ intValue: `int64 ${digits}` });
  });

  test('a time may be a string or a number', () => {
    expect(readRecord({ timeUnixNano: '1763687000123456789' }).timeUnixNano?.toString()).toBe(
      '1763687000123456789',
    );
    expect(readRecord({ timeUnixNano: 1763687000000000000 }).timeUnixNano?.toString()).toBe(
      '1763687000000000000',
    );
  });

  test.each(['18446744073709551616', '-1', '9'.repeat(100_000), '', 'abc', '0x10', 'NaN'])(
    'a time of %.30s is refused',
    (time) => {
      expect(failureOf({ timeUnixNano: time })).toMatch(/^malformed: LogRecord\.timeUnixNano: /);
    },
  );

  test.each([-1, 4294967296, 1.5, 'x'])('uint32 %s is refused', (value) => {
    expect(failureOf({ droppedAttributesCount: value })).toBe(
      value === 'x'
        ? 'malformed: LogRecord.droppedAttributesCount: not a number'
        : 'malformed: LogRecord.droppedAttributesCount: not uint32',
    );
  });
});

describe('reading other scalars', () => {
  test.each([
    ['1.5', 1.5],
    ['"1.5"', 1.5],
    ['"NaN"', Number.NaN],
    ['"Infinity"', Number.POSITIVE_INFINITY],
    ['"-Infinity"', Number.NEGATIVE_INFINITY],
    ['0', 0],
  ])('double %s', (json, value) => {
    expect(readValue(`{"doubleValue":${json}}`)).toEqual({ doubleValue: value });
  });

  test('booleans, also as text', () => {
    expect(readValue('{"boolValue":false}')).toEqual({ boolValue: false });
    expect(readValue('{"boolValue":"true"}')).toEqual({ boolValue: true });
  });

  test('enums as numbers, names, or left out when the name is unknown', () => {
    expect(readSpan({ kind: 3 })?.kind).toBe(3);
    expect(readSpan({ kind: 'SPAN_KIND_CLIENT' })?.kind).toBe(3);
    expect(readSpan({ kind: '3' })?.kind).toBe(3);
    expect(readSpan({ kind: 'SPAN_KIND_OF_2030' })?.kind).toBeUndefined();
    expect(readSpan({ kind: 'constructor' })?.kind).toBeUndefined();
  });

  test('ids as hex of either case, other bytes as base64', () => {
    const traceId = '0AF7651916CD43DD8448EB211C80319C';
    const span = readSpan({ traceId, spanId: 'b7ad6b7169203331', parentSpanId: '00f067aa0ba902b7' });
    expect(comparable(span)).toMatchObject({
      traceId: 'bytes 0af7651916cd43dd8448eb211c80319c',
      spanId: 'bytes b7ad6b7169203331',
      parentSpanId: 'bytes 00f067aa0ba902b7',
    });
    expect(readValue('{"bytesValue":"AP8="}')).toEqual({ bytesValue: 'bytes 00ff' });
  });

  test('an empty id is absent', () => {
    expect(readSpan({ parentSpanId: '' })).not.toHaveProperty('parentSpanId');
  });

  test.each(['xyz', 'abc', 'CvdlGRbNQ92ESOshHIAxnA=='])('the id %s is refused', (traceId) => {
    expect(failureOf({ traceId })).toBe('malformed: LogRecord.traceId: not hex');
  });

  test('half a surrogate pair is repaired, so that it can be written as UTF-8', () => {
    expect(readValue('{"stringValue":"cut \\ud83d"}')).toEqual({ stringValue: 'cut \ufffd' });
    expect(readValue('{"stringValue":"whole \\ud83d\\ude00"}')).toEqual({ stringValue: 'whole \u{1f600}' });
  });
});

describe('reading messages', () => {
  test('an attribute without a value and one with an empty value are kept', () => {
    const { attributes } = readRecord({
      attributes: [{ key: 'a' }, { key: 'b', value: {} }, { key: 'b', value: null }],
    });
    expect(comparable(attributes)).toEqual([{ key: 'a' }, { key: 'b', value: {} }, { key: 'b' }]);
  });

  test('null, zero and unknown members are as good as missing', () => {
    const record = readRecord({
      timeUnixNano: '0',
      body: null,
      attributes: null,
      severityText: '',
      novelty: { deep: [1] },
    });
    expect(comparable(record)).toEqual({ attributes: [] });
  });

  test('null elements are skipped', () => {
    expect(comparable(readRecord({ attributes: [null, { key: 'a' }] }).attributes)).toEqual([{ key: 'a' }]);
  });

  test('snake_case members are unknown ones', () => {
    expect(readRecord({ severity_text: 'INFO' }).severityText).toBeUndefined();
  });

  test('of a oneof sent twice one member is there', () => {
    expect(readValue('{"intValue":"1","stringValue":"x"}')).toEqual({ stringValue: 'x' });
    expect(readValue('{"stringValue":null,"intValue":"1"}')).toEqual({ intValue: 'int64 1' });
  });

  test('__proto__ is one more unknown member', () => {
    const text =
      '{"__proto__":{"resourceLogs":[{}]},"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"__proto__","value":{"__proto__":{"stringValue":"x"}}}],"__proto__":{"severityText":"polluted"}}]}]}]}';
    const request = decoded(decodeJson('logs', text));
    const record = request.resourceLogs[0]?.scopeLogs[0]?.logRecords[0];
    expect(request.resourceLogs).toHaveLength(1);
    expect(record?.severityText).toBeUndefined();
    expect(comparable(record?.attributes)).toEqual([{ key: '__proto__', value: {} }]);
    expect(({} as Record<string, unknown>)['severityText']).toBeUndefined();
  });

  test.each([
    ['[]', 'ExportLogsServiceRequest: not an object'],
    ['null', 'ExportLogsServiceRequest: not an object'],
    ['"text"', 'ExportLogsServiceRequest: not an object'],
    ['{"resourceLogs":{}}', 'ExportLogsServiceRequest.resourceLogs: not an array'],
    ['{"resourceLogs":[1]}', 'ResourceLogs: not an object'],
    ['{"resourceLogs":[{"schemaUrl":1}]}', 'ResourceLogs.schemaUrl: not a string'],
    ['', 'not JSON'],
  ])('%s is malformed', (text, reason) => {
    expect(decodeJson('logs', text)).toEqual({ ok: false, kind: 'malformed', reason });
  });

  test('a failure does not quote the body', () => {
    const result = decodeJson('logs', '{"resourceLogs": my secret prompt');
    expect(result).toEqual({ ok: false, kind: 'malformed', reason: 'not JSON' });
  });
});

describe('nesting', () => {
  function nested(levels: number): string {
    const value = '{"arrayValue":{"values":['.repeat(levels) + ']}}'.repeat(levels);
    return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${value}}]}]}]}`;
  }

  test('whatever is read can be written in both encodings', () => {
    const levels = Array.from({ length: 60 }, (_, index) => index + 1);
    const readable = levels.filter((level) => decodeJson('logs', nested(level)).ok);
    expect(readable.length).toBeGreaterThan(40);
    expect(readable.length).toBeLessThan(60);
    const deepest = decoded(decodeJson('logs', nested(readable.length)));
    expect(comparable(decoded(decodeJson('logs', encodeJson('logs', deepest))))).toEqual(comparable(deepest));
    const again = decoded(decodeProtobuf('logs', encodeProtobuf('logs', deepest)));
    expect(comparable(again)).toEqual(comparable(deepest));
  });

  test('too deep is a failure, in an unknown member it is ignored', () => {
    expect(decodeJson('logs', nested(10_000))).toMatchObject({ ok: false, kind: 'malformed' });
    expect(decodeJson('logs', `{"novelty":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)).toMatchObject({
      ok: true,
    });
  });
});

describe('writing', () => {
  test('is strict OTLP/JSON', () => {
    const record: LogRecord = {
      timeUnixNano: Long.fromString('1763687000123456789', true),
      severityNumber: 9,
      body: { bytesValue: Uint8Array.of(0, 255) },
      attributes: [
        { key: 'i', value: { intValue: Long.MIN_VALUE } },
        { key: 'n', value: { intValue: 7 } },
        { key: 'd', value: { doubleValue: Number.NaN } },
        { key: 'e', value: {} },
      ],
      traceId: Uint8Array.of(0xab, 0xcd),
    };
    expect(writeRecord(record)).toEqual({
      timeUnixNano: '1763687000123456789',
      severityNumber: 9,
      body: { bytesValue: 'AP8=' },
      attributes: [
        { key: 'i', value: { intValue: '-9223372036854775808' } },
        { key: 'n', value: { intValue: '7' } },
        { key: 'd', value: { doubleValue: 'NaN' } },
        { key: 'e', value: {} },
      ],
      traceId: 'abcd',
    });
  });

  test('leaves out what proto3 does not tell from absent, and keeps what it does', () => {
    const point: NumberDataPoint = { attributes: [], timeUnixNano: 0, flags: 0, asInt: 0, exemplars: [] };
    const text = encodeJson('metrics', {
      resourceMetrics: [
        { scopeMetrics: [{ metrics: [{ name: '', sum: { dataPoints: [point], isMonotonic: false } }] }] },
      ],
    });
    expect(JSON.parse(text).resourceMetrics[0].scopeMetrics[0].metrics[0]).toEqual({
      sum: { dataPoints: [{ asInt: '0' }] },
    });
  });

  test('keeps an optional double of 0 apart from an absent one', () => {
    const histogram = {
      dataPoints: [
        {
          attributes: [],
          bucketCounts: packInts([1, Long.UONE]),
          explicitBounds: packDoubles([0]),
          exemplars: [],
          sum: 0,
        },
      ],
    };
    const text = encodeJson('metrics', {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ histogram }] }] }],
    });
    expect(JSON.parse(text).resourceMetrics[0].scopeMetrics[0].metrics[0].histogram.dataPoints).toEqual([
      { sum: 0, bucketCounts: ['1', '1'], explicitBounds: [0] },
    ]);
  });
});
