import { describe, expect, test } from 'vitest';
import { runNotices } from '../../../src/commands/notices.ts';
import type { Tracing } from '../../../src/commands/tracing.ts';
import { createPricer } from '../../../src/pricing/pricer.ts';
import { providers } from '../../../src/providers/index.ts';
import type { Receipt } from '../../../src/report/receipt.ts';
import type { AgentEvent } from '../../../src/session/event.ts';
import { receipt } from '../report/receipts.ts';
import { call, listPrice, recorded, total, usage } from '../session/events.ts';

function notices(
  events: AgentEvent[] = [],
  { undecodable = 0, oversized = 0, strangers = 0, faults = 0, telemetry = receipt().telemetry } = {},
  price = listPrice,
) {
  const tracing = { recorder: recorded(events, price), pipeline: { undecodable } } as unknown as Tracing;
  return runNotices(tracing, telemetry, providers.claude, {
    listener: { oversized: () => oversized, strangers: () => strangers },
    faults,
  });
}

const title = providers.claude.title;

test('an ordinary run has none', () => {
  expect(notices([call({ reportedUsd: 0.11 })])).toEqual([]);
});

test('a run without telemetry says so', () => {
  const received = { logs: 0, spans: 0, metric_points: 0, rejected_requests: 0 };
  expect(notices([], { telemetry: { ...receipt().telemetry, received } })).toEqual([
    { kind: 'no_telemetry', title },
  ]);
});

test('requests that could not be read or were too big are told apart', () => {
  expect(notices([], { undecodable: 2, oversized: 1 })).toEqual([
    { kind: 'undecodable', requests: 2 },
    { kind: 'oversized', requests: 1 },
  ]);
});

test('requests lost by a fault of ours count as not read', () => {
  expect(notices([], { undecodable: 1, faults: 2 })).toEqual([{ kind: 'undecodable', requests: 3 }]);
});

test('strangers at the listener are told', () => {
  expect(notices([], { strangers: 3 })).toEqual([{ kind: 'strangers', connections: 3 }]);
});

test('a collector that was away for a while and has everything now is no notice', () => {
  const telemetry: Receipt['telemetry'] = {
    ...receipt().telemetry,
    destinations: [{ url: 'http://c', state: 'ok', last_error: 'ECONNREFUSED' }],
  };
  expect(notices([], { telemetry })).toEqual([]);
});

test('retries that the CLI only counts are told', () => {
  expect(notices([call({ hiddenRetries: 2 })])).toEqual([{ kind: 'hidden_retries', count: 2, title }]);
});

test('tokens that no call told of are told', () => {
  const events = [total({ measure: 'input', value: 50 }), total({ measure: 'output', value: 5 })];
  expect(notices(events)).toEqual([{ kind: 'unattributed', tokens: 55, title }]);
});

describe('a figure of the CLI that is not the list price', () => {
  test('is told with both, summed by model', () => {
    const events = [call({ reportedUsd: 0.05 }), call({ callId: '2', reportedUsd: 0.05 })];
    expect(notices(events)).toEqual([
      { kind: 'doubtful_price', model: 'model-a', reportedUsd: 0.1, listUsd: 0.22, title },
    ]);
  });

  test.each([
    'global.anthropic.claude-opus-4-5-20251101-v1:0',
    'eu.anthropic.claude-opus-4-5-20251101-v1:0',
    'openrouter/claude-opus-4-5',
  ])('is told of a model on Bedrock, a third of its price: %s', async (model) => {
    const price = await createPricer({ overrides: new Map() });
    const at = Date.UTC(2026, 10, 21);
    const listUsd = price({ vendor: 'anthropic', model, usage: usage(), at })?.usd ?? 0;
    const bedrock = call({ model, endedAt: at, reportedUsd: listUsd * 0.34 });
    expect(notices([bedrock], {}, price)).toEqual([
      { kind: 'doubtful_price', model, reportedUsd: listUsd * 0.34, listUsd, title },
    ]);
  });

  test('is none of a doubt when another seller asks a tenth more', async () => {
    const price = await createPricer({ overrides: new Map() });
    const model = 'eu.anthropic.claude-opus-4-5-20251101-v1:0';
    const at = Date.UTC(2026, 10, 21);
    const listUsd = price({ vendor: 'anthropic', model, usage: usage(), at })?.usd ?? 0;
    expect(notices([call({ model, endedAt: at, reportedUsd: listUsd * 1.1 })], {}, price)).toEqual([]);
  });

  test.each([
    ['5 % off', 0.11 * 1.05],
    ['5 % off the other way', 0.11 * 0.95],
  ])('is none of a doubt when it is %s', (_, reportedUsd) => {
    expect(notices([call({ reportedUsd: reportedUsd * 0.9999 + 0.11 * 0.0001 })])).toEqual([]);
  });

  test('is not looked for where nothing is reported or listed', () => {
    expect(notices([call()])).toEqual([]);
  });
});
