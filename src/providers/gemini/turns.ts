import { hex } from '../../otlp/hex.ts';
import type { Span } from '../../otlp/types.ts';
import type { AgentEvent, TurnEndEvent, UnixMs } from '../../session/event.ts';
import { intervalOf, traceOf } from './records.ts';

/**
 * The turns of a session in a terminal. The span of a prompt ends when its tools have run; what came of them is
 * sent in a `system_prompt` span below, which is over when its own tools have run, and so on [6.3].
 */
export class Turns {
  /** Prompt spans in which tools were run: another prompt follows, unless the person stopped it. */
  readonly #scheduled = new Set<string>();
  /** Turns that go on, as far as they are known, by their last prompt span. */
  readonly #open = new Map<string, TurnEndEvent>();

  toolsRan(schedule: Span): void {
    this.#scheduled.add(hex(schedule.parentSpanId));
  }

  /** A prompt of the person, or a slash command. */
  prompt(span: Span, sessionId: string | undefined): AgentEvent[] {
    const time = intervalOf(span);
    if (sessionId === undefined || time === undefined) return [];
    return this.#ended(span, { kind: 'turn_end', sessionId, ...traceOf(span), ...time });
  }

  /** The CLI sends on what came of the tools. */
  followUp(span: Span): AgentEvent[] {
    const parent = hex(span.parentSpanId);
    const turn = this.#open.get(parent);
    const time = intervalOf(span);
    if (turn === undefined || time === undefined) return [];
    this.#open.delete(parent);
    return this.#ended(span, { ...turn, endedAt: time.endedAt });
  }

  /** The person has given another prompt: what was before is over, though no answer followed the tools. */
  prompted(sessionId: string, at: UnixMs): AgentEvent[] {
    return this.#close((turn) => turn.sessionId === sessionId && turn.endedAt <= at);
  }

  finish(): AgentEvent[] {
    return this.#close(() => true);
  }

  #ended(span: Span, turn: TurnEndEvent): AgentEvent[] {
    const spanId = hex(span.spanId);
    if (!this.#scheduled.delete(spanId)) return [turn];
    this.#open.set(spanId, turn);
    return [];
  }

  #close(isOver: (turn: TurnEndEvent) => boolean): AgentEvent[] {
    const over = [...this.#open].filter(([, turn]) => isOver(turn));
    for (const [spanId] of over) this.#open.delete(spanId);
    return over.map(([, turn]) => turn);
  }
}
