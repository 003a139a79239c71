import { describe, expect, test } from 'vitest';
import { decode } from '../../../src/otlp/codec.ts';
import { countRecords } from '../../../src/otlp/count.ts';
import { decodeJson, encodeJson } from '../../../src/otlp/json.ts';
import { decodeProtobuf, encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import { scenarios } from './captures.ts';
import { comparable, decoded } from './comparable.ts';

const recorded = scenarios();
const captures = recorded.flatMap((scenario) =>
  scenario.captures.map((capture) => ({ ...capture, cli: scenario.cli })),
);

test('the recordings are there', () => {
  expect(recorded).toHaveLength(31);
  expect(captures.length).toBeGreaterThan(80);
});

describe.each(recorded)('$name', ({ captures, records }) => {
  test('holds the records its expectation counts', () => {
    const counts = { logs: 0, traces: 0, metrics: 0 };
    for (const { signal, contentType, body } of captures) {
      counts[signal] += countRecords(signal, decoded(decode(signal, contentType, body)));
    }
    expect(counts).toEqual({ logs: records.logs, traces: records.spans, metrics: records.metric_points });
  });
});

describe.each(captures.filter(({ cli }) => cli === 'codex'))('$name', ({ signal, body }) => {
  test('is written again byte for byte', () => {
    const written = encodeProtobuf(signal, decoded(decodeProtobuf(signal, body)));
    expect(Buffer.compare(written, body)).toBe(0);
  });
});

describe.each(captures)('$name', ({ signal, contentType, body }) => {
  const request = decoded(decode(signal, contentType, body));

  test('is the same after protobuf', () => {
    const again = decoded(decodeProtobuf(signal, encodeProtobuf(signal, request)));
    expect(comparable(again)).toEqual(comparable(request));
  });

  test('is the same after JSON', () => {
    const again = decoded(decodeJson(signal, encodeJson(signal, request)));
    expect(comparable(again)).toEqual(comparable(request));
  });
});

/** Independent of our reader: Gemini's bodies are already JSON, so ours must say the same up to the integers' dialect. */
describe.each(captures.filter(({ cli }) => cli === 'gemini'))('$name', ({ signal, body }) => {
  test('is written as the JSON it was, integers and zeros apart', () => {
    const sent = Buffer.from(body).toString();
    const written = encodeJson(signal, decoded(decodeJson(signal, sent)));
    expect(strict(JSON.parse(written))).toEqual(strict(JSON.parse(sent)));
  });
});

const int64Members = new Set(['intValue', 'asInt', 'count', 'zeroCount', 'bucketCounts']);
const presence = new Set([
  ...['stringValue', 'boolValue', 'intValue', 'doubleValue', 'asInt', 'asDouble', 'sum', 'min', 'max'],
]);

/** Sent JSON as strict OTLP/JSON with proto3 defaults left out. */
function strict(json: unknown, name = ''): unknown {
  if (Array.isArray(json)) return json.map((element) => strict(element, name));
  if (typeof json === 'object' && json !== null) {
    const members = Object.entries(json)
      .filter(([key, value]) => presence.has(key) || !isDefault(value))
      .map(([key, value]) => [key, strict(value, key)]);
    return Object.fromEntries(members);
  }
  return int64Members.has(name) && typeof json === 'number' ? String(json) : json;
}

function isDefault(value: unknown): boolean {
  return value === 0 || value === false || value === '' || (Array.isArray(value) && value.length === 0);
}
