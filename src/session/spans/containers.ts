import { groupBy } from '../group-by.ts';
import { countFirst } from '../in-order.ts';
import type { ToolCall } from '../session.ts';
import { toolTime } from './threads.ts';

/** The tool calls whose code made other calls (Codex, code mode); the result of one comes after those of the calls in it. */
export class Containers {
  /** By conversation, in order of their end. */
  readonly #containers: Map<string, ToolCall[]>;

  constructor(tools: readonly ToolCall[]) {
    const containers = tools.filter(({ nesting }) => nesting === 'container');
    this.#containers = groupBy(
      containers.sort((a, b) => a.endedAt - b.endedAt),
      ({ sessionId }) => sessionId,
    );
  }

  /** The call in whose code a nested one was made. */
  around({ nesting, sessionId, endedAt }: ToolCall): ToolCall | undefined {
    if (nesting !== 'nested') return undefined;
    const containers = this.#containers.get(sessionId) ?? [];
    const container = containers[countFirst(containers, (each) => each.endedAt < endedAt)];
    return container && toolTime(container).startedAt <= endedAt ? container : undefined;
  }
}
