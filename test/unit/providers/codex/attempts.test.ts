import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, codexLog, events, span } from '../records.ts';
import { broken, completed, http, record, socket } from './attempt-records.ts';

/** Kind, attempt and time of each failure of records that come 1000 ms apart. */
function attemptsOf(...records: Attributes[]) {
  const logs = records.map((attributes, i) => codexLog(1000 * (i + 1), attributes));
  const { errors } = recorded(events(codex.createMapper(), ...logs)).session;
  return [...errors.values()].map(({ type, attempt, durationMs }) => [type, attempt, durationMs]);
}

describe('an attempt', () => {
  const closed = 'stream disconnected before completion: stream closed before response.completed';
  const refused = (status: number, attempt: number) => http(status, { attempt, duration_ms: '20' });

  test('has its number at its call, whatever layer tries again, and the time it took', () => {
    expect(
      attemptsOf(
        refused(500, 0),
        refused(500, 1),
        http(200, { duration_ms: '20' }),
        broken(closed, 'response.completed'),
        refused(500, 0),
        http(200),
        completed(),
        refused(429, 0),
      ),
    ).toEqual([
      ['server', 1, 20],
      ['server', 2, 20],
      ['network', 3, 1020],
      ['server', 4, 20],
      ['rate_limit', 1, 20],
    ]);
  });

  test('of another prompt is a first one', () => {
    const prompt = record('codex.user_prompt', {});
    expect(attemptsOf(refused(500, 0), prompt, refused(500, 0)).map(([, attempt]) => attempt)).toEqual([
      1, 1,
    ]);
  });

  test('is not counted again by the second record of its failure, nor loses its time', () => {
    const unknown = broken('{"response":{"error":{"code":"new"}}}', 'response.failed');
    const twin = broken('stream disconnected before completion: idle timeout');
    expect(attemptsOf(http(200, { duration_ms: '20' }), unknown, twin)).toEqual([['timeout', 1, 1020]]);
  });

  test('to open a WebSocket takes its time too', () => {
    expect(attemptsOf({ ...socket('connect', 'false', 401), duration_ms: '9' })).toEqual([['auth', 1, 9]]);
  });
});

describe('a request that was stopped', () => {
  const prompt = codexLog(1000, record('codex.user_prompt', {}));
  const taken = codexLog(1100, http(200, { duration_ms: '60' }), { traceId: 'aa01' });
  const piece = codexLog(1700, record('codex.sse_event', { 'event.kind': 'response.output_item.added' }));
  const again = codexLog(9000, record('codex.user_prompt', {}));
  const turn = (endedAt: number) => {
    const ended = span('session_task.turn', [990, endedAt], { 'turn.id': 'turn-1' });
    ended.attributes.push({ key: 'thread.id', value: { stringValue: 'c1' } });
    return ended;
  };
  const errors = (...records: Parameters<typeof events> extends [unknown, ...infer R] ? R : never) => [
    ...recorded(events(codex.createMapper(), ...records)).session.errors.values(),
  ];

  test.each([
    ['when its turn ended', [prompt, taken, piece, turn(2000), again], 2000],
    ['when its turn ended, which is told first', [turn(2000), prompt, taken, piece], 2000],
    ['at its last sign of life, when no end is told', [prompt, taken, piece], 1700],
    ['when the server took it, when nothing more is told', [prompt, taken], 1100],
  ])('was stopped %s', (_, records, at) => {
    expect(errors(...records)).toEqual([
      {
        sessionId: 'c1',
        traceId: 'aa01',
        errorId: 'c1@1100000000',
        type: 'cancelled',
        message: '',
        role: 'main',
        model: 'gpt-5.5',
        at,
        durationMs: at - 1040,
        attempt: 1,
      },
    ]);
  });

  test('was not when the answer comes after the turn', () => {
    expect(errors(prompt, taken, turn(2000), codexLog(1900, completed()), again)).toEqual([]);
  });
});
