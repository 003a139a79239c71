import { hex } from '../../otlp/hex.ts';
import type { Span } from '../../otlp/types.ts';
import type { AgentEvent, CompactionEvent, Origin } from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';

/**
 * Summaries of a conversation, told by spans alone (seen on 0.169.0): `codex.compaction`, inside `run_auto_compact` when the
 * context was full, inside a task of its own when the user typed /compact.
 */
export class Compactions {
  /** By the id of the span around them, which ends later. */
  readonly #inside = new Map<string, CompactionEvent>();

  compacted(span: Span, origin: Origin, time: Interval): void {
    this.#inside.set(hex(span.parentSpanId) ?? '', { kind: 'compaction', ...origin, ...time });
  }

  /** Is a compaction waiting for the span around it? */
  get isPending(): boolean {
    return this.#inside.size > 0;
  }

  /** @param span any span: it may be the one around a compaction */
  around(span: Span): AgentEvent[] {
    const spanId = hex(span.spanId) ?? '';
    const compaction = this.#inside.get(spanId);
    if (!compaction) return [];
    this.#inside.delete(spanId);
    return [{ ...compaction, trigger: span.name === 'run_auto_compact' ? 'auto' : 'manual' }];
  }

  /** Those around which no span has ended. */
  rest(): AgentEvent[] {
    const rest = [...this.#inside.values()];
    this.#inside.clear();
    return rest;
  }
}
