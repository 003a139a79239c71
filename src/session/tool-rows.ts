import type { ToolCall } from './session.ts';

/** All calls of one tool. */
export interface ToolRow {
  name: string;
  calls: number;
  failures: number;
  /** Sum of execution times, ms. */
  durationMs: number;
}

/** The rows by name, in the order in which calls of them were first told. */
export class ToolRows {
  #rows = new Map<string, ToolRow>();
  #containers = 0;

  copy(): ToolRows {
    const copy = new ToolRows();
    copy.#rows = new Map([...this.#rows].map(([name, row]) => [name, { ...row }]));
    copy.#containers = this.#containers;
    return copy;
  }

  /** A call of it was told: that is its place, though the call itself is added later. */
  told(name: string): ToolRow {
    const row = this.#rows.get(name) ?? { name, calls: 0, failures: 0, durationMs: 0 };
    this.#rows.set(name, row);
    return row;
  }

  add({ name, success, rejected, durationMs, nesting }: ToolCall): void {
    const row = this.told(name);
    row.calls += 1;
    if (success === false && !rejected) row.failures += 1;
    row.durationMs += durationMs ?? 0;
    if (nesting === 'container') this.#containers += 1;
  }

  get rows(): ToolRow[] {
    return [...this.#rows.values()].filter(({ calls }) => calls > 0);
  }

  /** A code-mode call and the calls inside it are the same work. */
  get calls(): number {
    return this.rows.reduce((sum, { calls }) => sum + calls, 0) - this.#containers;
  }
}
