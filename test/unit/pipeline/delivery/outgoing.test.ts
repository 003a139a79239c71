import { expect, test } from 'vitest';
import { decodeProtobuf } from '../../../../src/otlp/protobuf.ts';
import { outgoing } from '../../../../src/pipeline/delivery/outgoing.ts';
import { decoded } from '../../otlp/comparable.ts';
import { named, namesOf } from './named-records.ts';

test('a request is encoded once, however many destinations ask for it', () => {
  const request = outgoing({ signal: 'logs', request: named('logs', ['a', 'b']), records: 2, settled() {} });
  const [part, ...others] = request.parts();
  expect(others).toEqual([]);
  expect(part?.records).toBe(2);
  expect(namesOf(decoded(decodeProtobuf('logs', part?.body ?? Buffer.alloc(0))))).toEqual(['a', 'b']);
  expect(request.parts()).toBe(request.parts());
});
