import { describe, expect, test } from 'vitest';
import { type Receipt, type RunFacts, receiptOf } from '../../../src/report/receipt.ts';
import type { AgentEvent } from '../../../src/session/event.ts';
import { call, failure, prompt, recorded, toolCall, usage } from '../session/events.ts';
import { receipt as example } from './receipts.ts';

const run: RunFacts = {
  runId: 'run-1',
  provider: 'codex',
  cliVersion: null,
  reportsReasoning: true,
  traceIds: ['aa'],
  cwd: '/home/u/p',
  git: null,
  startedAt: Date.parse('2026-11-21T12:00:00Z'),
  endedAt: Date.parse('2026-11-21T12:00:01.500Z'),
  exit: { code: 0, signal: null },
  telemetry: example().telemetry,
  warnings: ['careful'],
};

function receiptFor(events: AgentEvent[], change: Partial<RunFacts> = {}): Receipt {
  return receiptOf(recorded(events).session, { ...run, ...change });
}

const everything: AgentEvent[] = [
  { kind: 'session', sessionId: 's', helper: false },
  { kind: 'cli', version: '0.169.0', billing: 'api' },
  prompt({ at: 1000, traceId: 'aa' }),
  failure({ at: Date.parse('2026-11-21T12:00:00.25Z') }),
  call({
    usage: usage({ cacheReadTokens: 60, cacheWriteTokens: 30, reasoningTokens: 5 }),
    durationMs: 400.4,
  }),
  toolCall({ durationMs: 12.4 }),
];

/** Names of all members, as paths; the elements of an array share one. */
function paths(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((element) => paths(element, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) => paths(member, `${path}.${key}`));
}

/** design.md §4, schema 1: every name, and no other. */
const contract = [
  '.schema',
  '.run_id',
  '.provider',
  '.cli_version',
  '.session_ids[]',
  '.trace_ids[]',
  '.cwd',
  '.git.repository',
  '.git.branch',
  '.git.commit',
  '.started_at',
  '.ended_at',
  '.duration_ms',
  '.exit.code',
  '.exit.signal',
  '.turns',
  '.llm_calls',
  '.tool_calls',
  '.timing.llm_ms',
  '.timing.tool_ms',
  '.timing.waiting_ms',
  '.tools[].name',
  '.tools[].calls',
  '.tools[].failures',
  '.tools[].duration_ms',
  '.usage.input_tokens',
  '.usage.output_tokens',
  '.usage.cache_read_tokens',
  '.usage.cache_write_tokens',
  '.usage.reasoning_tokens',
  '.cost.usd',
  '.cost.source',
  '.cost.estimated',
  '.cost.billing',
  '.cost.unpriced_tokens',
  '.models[].model',
  '.models[].llm_calls',
  '.models[].usage.input_tokens',
  '.models[].usage.output_tokens',
  '.models[].usage.cache_read_tokens',
  '.models[].usage.cache_write_tokens',
  '.models[].usage.reasoning_tokens',
  '.models[].usd',
  '.models[].estimated',
  '.models[].role',
  '.errors.total',
  '.errors.by_type.rate_limit',
  '.errors.last.type',
  '.errors.last.message',
  '.errors.last.at',
  '.telemetry.received.logs',
  '.telemetry.received.spans',
  '.telemetry.received.metric_points',
  '.telemetry.received.rejected_requests',
  '.telemetry.forwarded.requests',
  '.telemetry.forwarded.bytes',
  '.telemetry.spooled',
  '.telemetry.dropped',
  '.telemetry.destinations[].url',
  '.telemetry.destinations[].state',
  '.telemetry.destinations[].last_error',
  '.warnings[]',
];

test('its names are the public contract', () => {
  const git = { repository: 'github.com/o/n', branch: 'main', commit: 'c0ffee' };
  const json = JSON.parse(JSON.stringify(receiptFor(everything, { git })));
  expect(paths(json).sort()).toEqual([...contract].sort());
});

test('its figures are those of the session', () => {
  const tokens = {
    input_tokens: 100,
    output_tokens: 10,
    cache_read_tokens: 60,
    cache_write_tokens: 30,
    reasoning_tokens: 5,
  };
  expect(receiptFor(everything)).toEqual({
    schema: 1,
    run_id: 'run-1',
    provider: 'codex',
    cli_version: '0.169.0',
    session_ids: ['s'],
    trace_ids: ['aa'],
    cwd: '/home/u/p',
    git: null,
    started_at: '2026-11-21T12:00:00.000Z',
    ended_at: '2026-11-21T12:00:01.500Z',
    duration_ms: 1500,
    exit: { code: 0, signal: null },
    turns: 1,
    llm_calls: 1,
    tool_calls: 1,
    timing: { llm_ms: 400, tool_ms: 12, waiting_ms: 0 },
    tools: [{ name: 'shell', calls: 1, failures: 0, duration_ms: 12 }],
    usage: tokens,
    cost: { usd: 0.11, source: 'computed', estimated: false, billing: 'api', unpriced_tokens: 0 },
    models: [{ model: 'model-a', llm_calls: 1, usage: tokens, usd: 0.11, estimated: false, role: 'main' }],
    errors: {
      total: 1,
      by_type: { rate_limit: 1 },
      last: { type: 'rate_limit', message: 'slow down', at: '2026-11-21T12:00:00.250Z' },
    },
    telemetry: run.telemetry,
    warnings: ['careful'],
  });
});

test('a run without telemetry has empty figures, and is a receipt all the same', () => {
  const empty = receiptFor([], { exit: { code: null, signal: 'SIGTERM' } });
  expect(empty).toMatchObject({
    cli_version: null,
    session_ids: [],
    trace_ids: ['aa'],
    exit: { code: null, signal: 'SIGTERM' },
    turns: 0,
    cost: { usd: 0, billing: 'unknown' },
    models: [],
    errors: { total: 0, by_type: {}, last: null },
  });
  expect(JSON.parse(JSON.stringify(empty))).toEqual(empty);
});

describe('session ids', () => {
  const started = (sessionId: string, helper = false): AgentEvent => ({ kind: 'session', sessionId, helper });

  test('are those in which something happened', () => {
    expect(receiptFor([started('start-up'), prompt({ sessionId: 'real' })]).session_ids).toEqual(['real']);
  });

  test('are all of them when nothing happened', () => {
    expect(receiptFor([started('a'), started('b')]).session_ids).toEqual(['a', 'b']);
  });

  test('are never those of hidden threads', () => {
    const events = [started('a'), started('title', true), prompt({ sessionId: 'title', author: 'helper' })];
    expect(receiptFor(events).session_ids).toEqual(['a']);
  });
});

describe('reasoning tokens', () => {
  test.each([
    [true, 5, 5],
    [true, null, 0],
    [false, null, null],
    [false, 5, null],
  ])('where the CLI reports them = %s and says %s: %s', (reportsReasoning, reasoningTokens, expected) => {
    const { usage: sum, models } = receiptFor([call({ usage: usage({ reasoningTokens }) })], {
      reportsReasoning,
    });
    expect(sum.reasoning_tokens).toBe(expected);
    expect(models[0]?.usage.reasoning_tokens).toBe(expected);
  });
});

test('the version that is known better stands before what the telemetry says', () => {
  expect(receiptFor(everything, { cliVersion: '0.170.0' }).cli_version).toBe('0.170.0');
});
