import type { Origin, UnixMs } from '../event.ts';
import { groupBy } from '../group-by.ts';
import { countFirst } from '../in-order.ts';
import type { Interval } from '../interval.ts';
import type { LlmCall, ToolCall, Wait } from '../session.ts';

/** Two records of one moment may be this far apart: they are written by different parts of a CLI. ms */
const slackMs = 20;

/**
 * The conversations of a session, each one LLM call after the other: that of a person, those of sub-agents. Who asked for a
 * tool, and who read what came of it, is told by their order where no record tells it.
 */
export class Threads {
  /** In order of their start. */
  readonly #calls: Map<string, LlmCall[]>;
  readonly #waits: Map<string | undefined, Wait[]>;

  constructor(calls: readonly LlmCall[], waits: readonly Wait[]) {
    const ordered = calls.toSorted((a, b) => startOf(a) - startOf(b));
    // A helper's call asks for no tools.
    this.#calls = groupBy(
      ordered.filter(({ role }) => role !== 'utility'),
      threadOf,
    );
    this.#waits = groupBy(waits, ({ callId }) => callId);
  }

  /**
   * The first call in this conversation that began when something else had ended.
   * @param before `callId` of one that is known to have begun before: a short call lies within the slack
   */
  after(origin: Origin, endedAt: UnixMs, before?: string): LlmCall | undefined {
    const calls = this.#calls.get(threadOf(origin)) ?? [];
    const first = countFirst(calls, (call) => startOf(call) < endedAt - slackMs);
    return calls[first]?.callId === before ? calls[first + 1] : calls[first];
  }

  waitsOf({ callId }: ToolCall): readonly Wait[] {
    return this.#waits.get(callId) ?? [];
  }

  /** `callId` of the LLM call that asked for a tool. */
  askerOf(tool: ToolCall): string | undefined {
    if (tool.nesting === 'nested') return undefined;
    // An answer is still being streamed when its tools begin, but it had begun before.
    const first = Math.min(toolTime(tool).startedAt, ...this.waitsOf(tool).map((wait) => wait.startedAt));
    const calls = this.#calls.get(threadOf(tool)) ?? [];
    return tool.askedBy ?? calls[countFirst(calls, (call) => startOf(call) < first) - 1]?.callId;
  }

  /** The LLM call that was sent what came of a tool. */
  readerOf(tool: ToolCall): LlmCall | undefined {
    if (tool.nesting === 'nested' || (!tool.finished && !tool.rejected)) return undefined;
    return this.after(tool, toolTime(tool).endedAt, this.askerOf(tool));
  }
}

export function startOf({ endedAt, durationMs = 0 }: Pick<LlmCall, 'endedAt' | 'durationMs'>): UnixMs {
  return endedAt - durationMs;
}

/** When a tool ran; for one that never did, when that was decided. */
export function toolTime({ endedAt, durationMs = 0, finished, decidedAt }: ToolCall): Interval {
  if (!finished && decidedAt !== undefined) return { startedAt: decidedAt, endedAt: decidedAt };
  return { startedAt: endedAt - durationMs, endedAt };
}

function threadOf({ sessionId, agentId }: Origin): string {
  return agentId ?? sessionId;
}
