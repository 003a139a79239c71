import type { Usage } from './usage.ts';

const counts = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
const details = ['cacheWrite1hTokens', 'reasoningTokens'] as const;

/** The usage of several calls together, of which each can be taken back. A detail that none of them knows is unknown. */
export class UsageSum {
  readonly #tokens = {
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    reasoningTokens: 0,
  };
  /** How many know it. */
  readonly #known = { cacheWrite1hTokens: 0, reasoningTokens: 0 };

  /** @param times -1 takes back what was added before */
  add(usage: Usage, times: 1 | -1): void {
    for (const count of counts) this.#tokens[count] += times * usage[count];
    for (const detail of details) {
      const tokens = usage[detail];
      if (tokens === null) continue;
      this.#tokens[detail] += times * tokens;
      this.#known[detail] += times;
    }
  }

  get total(): Usage {
    const { cacheWrite1hTokens, reasoningTokens, ...tokens } = this.#tokens;
    return {
      ...tokens,
      cacheWrite1hTokens: this.#known.cacheWrite1hTokens > 0 ? cacheWrite1hTokens : null,
      reasoningTokens: this.#known.reasoningTokens > 0 ? reasoningTokens : null,
    };
  }
}
