import { expect, test } from 'vitest';
import { partsOf } from '../../../src/otlp/parts.ts';
import { decodeProtobuf, encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import type { LogRecord, ResourceLogs } from '../../../src/otlp/types.ts';
import { decoded } from './comparable.ts';

const record = (eventName: string): LogRecord => ({ eventName, attributes: [] });
const attributes = (name: string) => [{ key: 'service.name', value: { stringValue: name } }];

function resource(name: string, scopes: Record<string, readonly string[]>): ResourceLogs {
  return {
    resource: { attributes: attributes(name) },
    schemaUrl: 'https://schema',
    scopeLogs: Object.entries(scopes).map(([scope, events]) => ({
      scope: { name: scope, attributes: [] },
      logRecords: events.map(record),
    })),
  };
}

function parts(resourceLogs: ResourceLogs[], limitBytes: number) {
  const body = encodeProtobuf('logs', { resourceLogs });
  return [...partsOf(body, limitBytes)].map((part) => decoded(decodeProtobuf('logs', part)));
}

/** `resource/scope: events` of each scope, and what else is around them. */
function told({ resourceLogs }: { resourceLogs: ResourceLogs[] }): string[] {
  return resourceLogs.flatMap(({ resource: of, schemaUrl, scopeLogs }) => {
    const name = of?.attributes[0]?.value?.stringValue;
    return scopeLogs.map(({ scope, logRecords }) => {
      const events = logRecords.map(({ eventName }) => eventName).join(' ');
      return `${name} ${schemaUrl}/${scope?.name}: ${events}`;
    });
  });
}

test('a request within the limit is the bytes that came', () => {
  const body = encodeProtobuf('logs', { resourceLogs: [resource('cli', { a: ['x', 'y'] })] });
  const [part, ...others] = partsOf(body, body.length);
  expect(part).toBe(body);
  expect(others).toEqual([]);
});

test('a longer one is cut between records, and each part tells what is around them', () => {
  const events = ['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd', 'eeeeee'];
  expect(parts([resource('cli', { scope: events })], 20).map(told)).toEqual([
    ['cli https://schema/scope: aaaaaa bbbbbb'],
    ['cli https://schema/scope: cccccc dddddd'],
    ['cli https://schema/scope: eeeeee'],
  ]);
});

test('a record beyond the limit is alone', () => {
  const long = 'l'.repeat(100);
  expect(parts([resource('cli', { scope: ['a', long, 'b'] })], 20).map(told)).toEqual([
    ['cli https://schema/scope: a'],
    [`cli https://schema/scope: ${long}`],
    ['cli https://schema/scope: b'],
  ]);
});

test('scopes of one resource stay together', () => {
  const several = resource('cli', { a: ['x'.repeat(50)], b: ['y'.repeat(50)] });
  expect(parts([several, resource('other', { c: ['z'] })], 60)).toHaveLength(2);
  expect(parts([several], 60).map(told)).toEqual([told({ resourceLogs: [several] })]);
});

test('small resources share a part', () => {
  const small = ['a', 'b', 'c', 'd'].map((name) => resource(name, { scope: [name] }));
  const shared = parts(small, 120);
  expect(shared.length).toBeLessThan(small.length);
  expect(shared.flatMap(told)).toEqual(small.map((each) => told({ resourceLogs: [each] })[0]));
});

test('what is around no records stays', () => {
  const empty = [resource('a', {}), resource('b', { scope: [] }), resource('c', {})];
  expect(parts(empty, 1).flatMap(({ resourceLogs }) => resourceLogs)).toHaveLength(3);
  expect(parts(empty, 1).flatMap(told)).toEqual(['b https://schema/scope: ']);
});

test('of a body that is cut off nothing is made up', () => {
  const body = encodeProtobuf('logs', { resourceLogs: [resource('cli', { scope: ['a', 'b', 'c'] })] });
  expect(() => [...partsOf(body.subarray(0, -1), 10)]).toThrow(RangeError);
});
