import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { statusErrorType, streamErrorType } from '../../../../src/providers/codex/errors.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, codexLog, events } from '../records.ts';
import { broken, completed, http, socket } from './attempt-records.ts';

/** The table of facts/codex.md §8, row by row. */
describe('the class of an error', () => {
  test.each([
    [429, 'rate_limit'],
    [401, 'auth'],
    [403, 'auth'],
    [400, 'validation'],
    [404, 'validation'],
    [500, 'server'],
    [503, 'server'],
    [undefined, 'network'],
  ])('by the status %s: %s', (status, type) => {
    expect(statusErrorType(status)).toBe(type);
  });

  const failed = (code: string) =>
    `{"type":"response.failed","response":{"error":{"code":"${code}","message":"m"}}}`;
  test.each([
    ['exceeded retry limit, last status: 429 Too Many Requests', undefined, 'rate_limit'],
    ['exceeded retry limit, last status: 500 Internal Server Error', undefined, 'server'],
    [
      'We’re currently experiencing high demand, which may cause temporary errors.',
      'response.completed',
      'server',
    ],
    ['idle timeout waiting for SSE', undefined, 'timeout'],
    ['stream disconnected before completion: idle timeout waiting for SSE', undefined, 'timeout'],
    [
      'stream disconnected before completion: stream closed before response.completed',
      'response.completed',
      'network',
    ],
    ['error sending request for url', undefined, 'network'],
    [failed('server_error'), 'response.failed', 'server'],
    [failed('rate_limit_exceeded'), 'response.failed', 'rate_limit'],
    [failed('context_length_exceeded'), 'response.failed', 'context_length'],
    [failed('something_new'), 'response.failed', 'unknown'],
    ['stream disconnected before completion: the model is tired', 'response.completed', 'unknown'],
    // The code of another record is not that of this failure.
    [failed('server_error'), 'response.completed', 'unknown'],
  ])('by the message %s', (message, kind, type) => {
    expect(streamErrorType(message, kind)).toBe(type);
  });
});

function errorsOf(...records: Attributes[]) {
  const logs = records.map((attributes, i) => codexLog(1000 + i, attributes));
  return totalsOf(recorded(events(codex.createMapper(), ...logs)).session).errors;
}

describe('failures are counted once each', () => {
  test.each([
    [
      'an HTTP status and the stream’s word about it',
      [http(429), broken('exceeded retry limit, last status: 429')],
      { rate_limit: 1 },
    ],
    [
      'every attempt',
      [http(500), http(500), http(500), broken('exceeded retry limit, last status: 500')],
      { server: 3 },
    ],
    [
      'attempts of two rounds',
      [
        http(500),
        broken('exceeded retry limit, last status: 500'),
        http(500),
        broken('exceeded retry limit, last status: 500'),
      ],
      { server: 2 },
    ],
    ['a retry that succeeds', [http(429), http(200), completed()], { rate_limit: 1 }],
    [
      'two calls, each with a failure',
      [http(429), http(200), completed(), http(503), http(200), completed()],
      { rate_limit: 1, server: 1 },
    ],
    [
      'a stream that was cut after its 200',
      [http(200), broken('stream disconnected before completion: stream closed before response.completed')],
      { network: 1 },
    ],
    [
      'a stream that was cut twice',
      [
        http(200),
        broken('stream disconnected before completion: stream closed before response.completed'),
        http(200),
        broken('stream disconnected before completion: stream closed before response.completed'),
      ],
      { network: 2 },
    ],
    [
      'a failed response and its twin',
      [
        http(200),
        broken('{"response":{"error":{"code":"context_length_exceeded"}}}', 'response.failed'),
        broken('stream disconnected before completion: too long', 'response.completed'),
      ],
      { context_length: 1 },
    ],
    [
      'a failed response nobody knows, and its twin',
      [
        http(200),
        broken('{"response":{"error":{"code":"new"}}}', 'response.failed'),
        broken('stream disconnected before completion: new'),
      ],
      { unknown: 1 },
    ],
    [
      'a failed response whose twin says more',
      [
        http(200),
        broken('{"response":{"error":{"code":"new"}}}', 'response.failed'),
        broken('stream disconnected before completion: idle timeout'),
      ],
      { timeout: 1 },
    ],
    ['no connection at all', [http(undefined, { 'error.message': 'error sending request' })], { network: 1 }],
    ['a silent stream, without a kind', [http(200), broken('idle timeout waiting for SSE')], { timeout: 1 }],
    ['a refused login over WebSocket', [socket('connect', 'false', 401)], { auth: 1 }],
    [
      'a server error over WebSocket and its twin',
      [
        socket('connect', 'true'),
        socket('request', 'true'),
        broken(
          'We’re currently experiencing high demand, which may cause temporary errors.',
          'response.completed',
        ),
      ],
      { server: 1 },
    ],
  ])('%s', (_, records, byType) => {
    const { total, byType: counted } = errorsOf(...records);
    expect(counted).toEqual(byType);
    expect(total).toBe(Object.values(byType).reduce((sum, n) => sum + n, 0));
  });

  test('delivered twice', () => {
    const told = codexLog(1000, http(429));
    const all = events(codex.createMapper(), told, told);
    expect(totalsOf(recorded(all).session).errors.total).toBe(1);
  });

  test('of two conversations are not taken for each other', () => {
    const other = { ...broken('idle timeout waiting for SSE'), 'conversation.id': 'title' };
    expect(errorsOf(http(429), other).byType).toEqual({ rate_limit: 1, timeout: 1 });
  });
});

describe('what is no failure', () => {
  test.each([
    ['a request for the list of models', [http(500, { endpoint: '/models' })]],
    ['a server that asks for plain HTTP', [socket('connect', 'false', 426), http(200), completed()]],
    ['a success', [http(200), completed()]],
    ['a stop by the user, which leaves no record', [http(200)]],
  ])('%s', (_, records) => {
    expect(errorsOf(...records).total).toBe(0);
  });
});

test('the error says what is known of it', () => {
  const [event] = events(codex.createMapper(), codexLog(1000, http(429, { 'error.message': 'http 429' })));
  expect(event).toMatchObject({
    kind: 'llm_error',
    type: 'rate_limit',
    message: 'http 429',
    statusCode: 429,
    model: 'gpt-5.5',
    role: 'main',
  });
});
