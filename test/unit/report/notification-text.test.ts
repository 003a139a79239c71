import { describe, expect, test } from 'vitest';
import { notificationText } from '../../../src/report/messages.ts';
import type { Ended } from '../../../src/report/notification.ts';
import { session, turn } from './ended.ts';

const cost = { usd: 0.12, estimated: false, unpricedTokens: 0 };

describe('a notification', () => {
  test.each<[Ended, string, string]>([
    [turn(), 'Codex CLI: turn done', '45.0 s · ~$0.1200'],
    [turn({ failure: 'rate_limit' }), 'Codex CLI: turn failed', 'rate_limit · 45.0 s · ~$0.1200'],
    [turn({ failure: 'cancelled' }), 'Codex CLI: turn stopped', 'cancelled · 45.0 s · ~$0.1200'],
    [session({ durationMs: 192_000 }), 'Codex CLI: session done', '3 m 12 s · $0.1200'],
    [session({ exit: { code: 3, signal: null } }), 'Codex CLI: session failed', 'exit 3 · 45.0 s · $0.1200'],
    [
      session({ exit: { code: null, signal: 'SIGKILL' } }),
      'Codex CLI: session failed',
      'SIGKILL · 45.0 s · $0.1200',
    ],
  ])('says what ended and how: %o', (ended, title, message) => {
    expect(notificationText(ended, 'Codex CLI')).toEqual({ title, message });
  });

  test.each<[string, Ended, string]>([
    ['an estimate', session({ cost: { ...cost, estimated: true } }), '45.0 s · ~$0.1200'],
    ['a part of it', session({ cost: { ...cost, unpricedTokens: 900 } }), '45.0 s · ≥ $0.1200'],
    ['not billed', session({ billing: 'subscription' }), '45.0 s · $0.1200 API-equivalent'],
    ['not known', session({ cost: { ...cost, usd: 0, unpricedTokens: 900 } }), '45.0 s'],
  ])('says when the money is %s', (_, ended, message) => {
    expect(notificationText(ended, 'Codex CLI').message).toBe(message);
  });
});
