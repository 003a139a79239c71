import { expect, test } from 'vitest';
import { Ledger, type PaidCall } from '../../../src/session/ledger.ts';

const calls: PaidCall[] = [
  {
    sessionId: 's',
    model: 'a',
    role: 'main',
    endedAt: 1000.25,
    overridden: false,
    cost: { usd: 0.1, source: 'reported', estimated: true, unpricedTokens: 0 },
  },
  {
    sessionId: 's',
    model: 'a',
    role: 'main',
    endedAt: 900,
    overridden: false,
    cost: { usd: 0, source: 'computed', estimated: true, unpricedTokens: 77 },
  },
  {
    sessionId: 't',
    model: 'b',
    role: 'utility',
    endedAt: 2000,
    overridden: true,
    cost: { usd: 3, source: 'computed', estimated: false, unpricedTokens: 0 },
  },
];

test('a ledger gives back what was written into it', () => {
  const ledger = new Ledger();
  for (const call of calls) ledger.add(call);
  expect([...ledger.calls()]).toEqual(calls);
  expect(ledger.size).toBe(3);
});

test('and finds the calls of a time', () => {
  const ledger = new Ledger();
  for (const call of calls) ledger.add(call);
  expect([...ledger.calls((endedAt) => endedAt > 950 && endedAt < 2000)]).toEqual([calls[0]]);
});
