import type { ErrorType } from './event.ts';
import type { LlmError } from './session.ts';

/** Failed attempts: how many of each type, and the last one. */
export class ErrorSums {
  #byType = new Map<ErrorType, number>();
  #last: LlmError | null = null;

  copy(): ErrorSums {
    const copy = new ErrorSums();
    copy.#byType = new Map(this.#byType);
    copy.#last = this.#last;
    return copy;
  }

  /** One of this type was told: that is its place, though the error itself is added later. */
  told(type: ErrorType): void {
    this.#byType.set(type, this.#byType.get(type) ?? 0);
  }

  add(error: LlmError): void {
    const { type, at } = error;
    this.#byType.set(type, (this.#byType.get(type) ?? 0) + 1);
    if (this.#last === null || at >= this.#last.at) this.#last = error;
  }

  get figures(): { total: number; byType: Partial<Record<ErrorType, number>>; last: LlmError | null } {
    const byType = [...this.#byType].filter(([, count]) => count > 0);
    const total = byType.reduce((sum, [, count]) => sum + count, 0);
    return { total, byType: Object.fromEntries(byType), last: this.#last };
  }
}
