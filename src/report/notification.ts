import type { Cost } from '../session/cost.ts';
import type { Billing, ErrorType } from '../session/event.ts';
import type { Turn } from '../session/turn.ts';
import type { Receipt } from './receipt.ts';

interface Figures {
  durationMs: number;
  cost: Pick<Cost, 'usd' | 'estimated' | 'unpricedTokens'>;
  billing: Billing;
}

/** What a desktop notification may tell of: figures and classes, never a word of the conversation. */
export type Ended =
  | (Figures & { what: 'turn'; failure: ErrorType | null })
  | (Figures & { what: 'session'; exit: Receipt['exit'] });

export type Outcome = 'done' | 'failed' | 'stopped';

/** Where and how ai-trace runs, as far as it matters here. */
export interface Setting {
  /** `--notify` */
  mode: 'auto' | 'always' | 'never';
  /** Somebody sits at it: a terminal to write on and a desktop to show something on. */
  attended: boolean;
}

/** A shorter one is still watched. ms */
const longEnough = { turn: 30_000, session: 60_000 } as const;

/** A session that ends within this of a turn that was told is no news. ms */
const sameNewsMs = 10_000;

export function endedTurn({ durationMs, cost, failure }: Turn, billing: Billing): Ended {
  return { what: 'turn', durationMs, cost, billing, failure };
}

export function endedSession({ duration_ms, cost, exit }: Receipt): Ended {
  const { usd, estimated, unpriced_tokens: unpricedTokens, billing } = cost;
  return {
    what: 'session',
    durationMs: duration_ms,
    cost: { usd, estimated, unpricedTokens },
    billing,
    exit,
  };
}

export function outcomeOf(ended: Ended): Outcome {
  if (ended.what === 'session') return ended.exit.code === 0 ? 'done' : 'failed';
  if (ended.failure === null) return 'done';
  return ended.failure === 'cancelled' ? 'stopped' : 'failed';
}

/** Is the end of this turn told? Who stopped one is at the keyboard. */
export function isTurnTold(turn: Ended, { mode, attended }: Setting): boolean {
  if (mode !== 'auto') return mode === 'always';
  return attended && turn.durationMs >= longEnough.turn && outcomeOf(turn) !== 'stopped';
}

/**
 * What is told when the session has ended, in this order. `open` are turns whose end was not told yet: by
 * itself, the session stands for them. `told` is the last turn that was, and how long ago (ms).
 */
export function toldAtEnd(
  session: Ended,
  open: readonly Ended[],
  told: { turn: Ended; ago: number } | null,
  setting: Setting,
): Ended[] {
  const turns = open.filter((turn) => isTurnTold(turn, setting));
  if (setting.mode === 'always') return [...turns, session];
  if (setting.mode === 'never' || !setting.attended) return [];
  if (turns.length > 0) return [session];
  const isNews = told === null || told.ago >= sameNewsMs || isWorse(session, told.turn);
  return isNews && session.durationMs >= longEnough.session ? [session] : [];
}

/** A turn was told as done, and then the CLI failed. */
function isWorse(session: Ended, turn: Ended): boolean {
  return outcomeOf(session) === 'failed' && outcomeOf(turn) === 'done';
}
