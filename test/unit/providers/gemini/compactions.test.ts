import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/otlp/types.ts';
import { gemini } from '../../../../src/providers/gemini/gemini.ts';
import { events, log, ofKind } from '../records.ts';

const base = { 'session.id': 's1' };
const traceId = 'aa01';
const request = (at: number, prompt_id: string, role = 'utility_compressor') =>
  log(at, { ...base, 'event.name': 'gemini_cli.api_request', prompt_id, role, model: 'flash' }, { traceId });
const compressed = (at: number, tokens_after: number) =>
  log(
    at,
    { ...base, 'event.name': 'gemini_cli.chat_compression', tokens_before: 1000, tokens_after },
    { traceId },
  );

function compactions(...records: LogRecord[]) {
  return ofKind('compaction', events(gemini.createMapper(), ...records));
}

test('a summary lasts from its first request', () => {
  const told = compactions(
    request(5, 's1########2', 'main'),
    request(10, 's1########2'),
    request(20, 's1########2-verify'),
    compressed(30, 145),
  );
  expect(told).toEqual([
    {
      kind: 'compaction',
      sessionId: 's1',
      turnKey: 's1########2',
      traceId,
      trigger: 'auto',
      success: true,
      tokensBefore: 1000,
      tokensAfter: 145,
      startedAt: 10,
      endedAt: 30,
    },
  ]);
});

test('the person’s own command has a prompt id of its own', () => {
  const told = compactions(request(10, 'compress-1795261941674'), compressed(30, 145));
  expect(told).toMatchObject([{ trigger: 'manual' }]);
});

test('one that failed leaves the conversation as long as it was', () => {
  expect(compactions(request(10, 's1########2'), compressed(30, 1000))).toMatchObject([{ success: false }]);
});

test('a request for something else that no such record followed is not its beginning', () => {
  const told = compactions(request(1, 's1########0'), request(10, 's1########2'), compressed(30, 145));
  expect(told).toMatchObject([{ startedAt: 10, turnKey: 's1########2' }]);
});

test('a sub-agent’s is the sub-agent’s', () => {
  expect(compactions(request(10, 'agent-1#7'), compressed(30, 145))).toMatchObject([{ agentId: 'agent-1' }]);
});

test('one whose requests were lost is known by its end', () => {
  const [told] = compactions(compressed(30, 145));
  expect(told).toMatchObject({ startedAt: 30, endedAt: 30 });
  expect(told).not.toHaveProperty('trigger');
});
