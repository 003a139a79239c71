import { expect, test } from 'vitest';
import { text } from '../../../src/otlp/attributes.ts';
import { decodeInParts } from '../../../src/otlp/codec.ts';
import { type SpanNeeds, withNeededSpans } from '../../../src/otlp/needed-spans.ts';
import { decodeProtobuf, encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import { RepeatedAttributes } from '../../../src/otlp/repeated-attributes.ts';
import type { ResourceSpans } from '../../../src/otlp/types.ts';
import { list, resource, span } from '../providers/records.ts';
import { comparable, decoded } from './comparable.ts';

function spansOf(service: string, ...scopes: [name: string, ...spans: string[]][]): ResourceSpans {
  return {
    resource: resource({ 'service.name': service }),
    scopeSpans: scopes.map(([name, ...names]) => ({
      scope: { name, attributes: list({ of: service }) },
      spans: names.map((each) => span(each, [1, 2], { words: 'a b' })),
      schemaUrl: 'u',
    })),
  };
}

/** As it is read. */
function read(bytes: Uint8Array): unknown {
  return comparable(decoded(decodeProtobuf('traces', bytes)));
}

function bodyOf(...resourceSpans: ResourceSpans[]): Uint8Array {
  return encodeProtobuf('traces', { resourceSpans });
}

const body = bodyOf(
  spansOf('ours', ['a', 'keep', 'leave', 'keep'], ['b', 'leave'], ['c']),
  spansOf('theirs', ['a', 'leave']),
);

const ofOurs: SpanNeeds = ({ resource: from }) =>
  text(from?.attributes, 'service.name') === 'ours' ? (name) => name === 'keep' : null;

test('leaves out what nobody needs, with all that is around it as it was, and nothing of others', () => {
  const expected = [spansOf('ours', ['a', 'keep', 'keep'], ['b'], ['c']), spansOf('theirs', ['a', 'leave'])];
  expect(read(withNeededSpans(body, ofOurs))).toEqual(read(bodyOf(...expected)));
});

test('asks with the resource and the scopes, without the spans', () => {
  const asked: ResourceSpans[] = [];
  withNeededSpans(body, (around) => {
    asked.push(around);
    return null;
  });
  const expected = [spansOf('ours', ['a'], ['b'], ['c']), spansOf('theirs', ['a'])];
  expect(read(bodyOf(...asked))).toEqual(read(bodyOf(...expected)));
});

test('a body that is no request is malformed', () => {
  const damaged = body.subarray(0, body.length - 3);
  const parts = [
    ...decodeInParts('traces', 'application/x-protobuf', damaged, new RepeatedAttributes(), ofOurs),
  ];
  expect(parts).toMatchObject([{ ok: false, kind: 'malformed' }]);
});
