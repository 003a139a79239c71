import { hash } from 'node:crypto';
import { hex } from '../../otlp/hex.ts';
import { rootKey, type SpanPlace } from '../../session/spans/span.ts';
import type { PromptedTurn } from '../../session/turns.ts';
import { isTraceSampled, type SpanIds, sessionIds } from './session-ids.ts';
import type { TraceParent } from './trace-context.ts';

export interface TraceShape {
  /** What makes one trace. */
  scope: 'turn' | 'session';
  /** The session's own trace and span are named by the run. */
  runId: string;
  parent: TraceParent | null;
  /** Share of the traces that are sent, 0 to 1. */
  sampleRate: number;
}

/** Turns whose ids are remembered: the spans and logs of one come close together. */
const remembered = 256;

/**
 * The ids of unified spans, made of what the spans tell of: the same session seen again (a replay, a record that is delivered
 * twice) gives the same ids.
 */
export class UnifiedIds {
  readonly #shape: TraceShape;
  readonly #session: SpanIds | null;
  /** Trace and span of turns and of the session (null). */
  readonly #roots = new Map<PromptedTurn | null, SpanIds>();

  constructor(shape: TraceShape) {
    this.#shape = shape;
    this.#session = sessionIds(shape.runId);
  }

  of({ turn, key }: SpanPlace): SpanIds {
    const root = this.#rootOf(turn);
    return key === rootKey ? root : { traceId: root.traceId, spanId: this.#spanId(turn, key) };
  }

  traceOf(turn: PromptedTurn | null): Uint8Array {
    return this.#rootOf(turn).traceId;
  }

  /** The span above a turn's or the session's own. */
  above(turn: PromptedTurn | null): SpanIds | null {
    const { parent, scope } = this.#shape;
    if (turn && scope === 'session') return this.of({ turn: null, key: rootKey });
    return parent;
  }

  /** Is the parent of such a span in another process? */
  isRemoteBelow(turn: PromptedTurn | null): boolean {
    return this.#shape.parent !== null && !(turn && this.#shape.scope === 'session');
  }

  /** A parent has decided already. */
  isSampled(traceId: Uint8Array): boolean {
    const { parent, sampleRate } = this.#shape;
    if (parent && hex(parent.traceId) === hex(traceId)) return parent.isSampled;
    return isTraceSampled(traceId, sampleRate);
  }

  #rootOf(turn: PromptedTurn | null): SpanIds {
    const known = this.#roots.get(turn);
    if (known) return known;
    const ids = { traceId: this.#traceId(turn), spanId: this.#spanId(turn, rootKey) };
    if (this.#roots.size >= remembered) this.#roots.clear();
    this.#roots.set(turn, ids);
    return ids;
  }

  #traceId(turn: PromptedTurn | null): Uint8Array {
    const { parent, scope } = this.#shape;
    if (parent) return parent.traceId;
    const named = scope === 'session' ? null : turn;
    const own = named ? null : this.#session;
    return own?.traceId ?? sha256(this.#name(named)).subarray(0, 16);
  }

  #spanId(turn: PromptedTurn | null, key: string): Uint8Array {
    const own = turn || key !== rootKey ? null : this.#session;
    return own?.spanId ?? sha256(`${this.#name(turn)}|${key}`).subarray(0, 8);
  }

  #name(turn: PromptedTurn | null): string {
    return turn?.key ?? `session|${this.#shape.runId}`;
  }
}

function sha256(text: string): Uint8Array {
  return hash('sha256', text, 'buffer');
}
