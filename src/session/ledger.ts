import type { Cost } from './cost.ts';
import type { Role, UnixMs } from './event.ts';

/** What turns must know of a call to tell what they cost. */
export interface PaidCall {
  sessionId: string;
  model: string;
  role: Role;
  endedAt: UnixMs;
  cost: Cost;
  overridden: boolean;
}

/** What many calls have in common. */
type Kind = Omit<PaidCall, 'endedAt' | 'cost'> & Pick<Cost, 'source' | 'estimated'>;

/**
 * When calls ended and what each of them cost, in four numbers: which of them were made in a turn, and what that cost in the CLI's
 * eyes, may be told much later.
 */
export class Ledger {
  readonly #kinds: Kind[] = [];
  readonly #indexes = new Map<string, number>();
  /** The columns: index of the kind, Unix ms, USD, tokens. */
  readonly #kind: number[] = [];
  readonly #endedAt: UnixMs[] = [];
  readonly #usd: number[] = [];
  readonly #unpricedTokens: number[] = [];

  get size(): number {
    return this.#endedAt.length;
  }

  add({ sessionId, model, role, overridden, endedAt, cost }: PaidCall): void {
    const { usd, source, estimated, unpricedTokens } = cost;
    this.#kind.push(this.#indexOf({ sessionId, model, role, overridden, source, estimated }));
    this.#endedAt.push(endedAt);
    this.#usd.push(usd);
    this.#unpricedTokens.push(unpricedTokens);
  }

  /** In the order in which they were added. @param fits by when they ended */
  *calls(fits: (endedAt: UnixMs) => boolean = () => true): Generator<PaidCall> {
    for (const [i, endedAt] of this.#endedAt.entries()) {
      const kind = fits(endedAt) ? this.#kinds[this.#kind[i] ?? 0] : undefined;
      if (!kind) continue;
      const { source, estimated, ...call } = kind;
      const cost = {
        usd: this.#usd[i] ?? 0,
        source,
        estimated,
        unpricedTokens: this.#unpricedTokens[i] ?? 0,
      };
      yield { ...call, endedAt, cost };
    }
  }

  #indexOf(kind: Kind): number {
    const key = JSON.stringify(kind);
    const index = this.#indexes.get(key) ?? this.#kinds.push(kind) - 1;
    this.#indexes.set(key, index);
    return index;
  }
}
