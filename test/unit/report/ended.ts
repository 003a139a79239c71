import type { Ended } from '../../../src/report/notification.ts';

type Of<What extends Ended['what']> = Extract<Ended, { what: What }>;

const figures = {
  durationMs: 45_000,
  cost: { usd: 0.12, estimated: false, unpricedTokens: 0 },
  billing: 'api',
} as const;

export function turn(change: Partial<Of<'turn'>> = {}): Ended {
  return { what: 'turn', ...figures, failure: null, ...change };
}

export function session(change: Partial<Of<'session'>> = {}): Ended {
  return { what: 'session', ...figures, exit: { code: 0, signal: null }, ...change };
}
