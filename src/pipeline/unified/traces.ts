import { setAttribute } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { Span } from '../../otlp/types.ts';
import type { AgentEvent } from '../../session/event.ts';
import { groupBy } from '../../session/group-by.ts';
import type { Recorder } from '../../session/recorder.ts';
import type { LlmCall } from '../../session/session.ts';
import { doneKey, rootKey, type SpanNode, spanKeyOf } from '../../session/spans/span.ts';
import { spanTree } from '../../session/spans/tree.ts';
import { Turns } from '../../session/turns.ts';
import type { RunAttributes } from '../enrich.ts';
import { Corrections } from './corrections.ts';
import { otlpSpan, type SpanDraft } from './otlp-span.ts';
import { type Ended, isFailed, sessionAttributes } from './session-span.ts';
import { setKind, spanText } from './span-attributes.ts';
import type { UnifiedIds } from './span-ids.ts';

/**
 * The unified spans of one run. Each leaves once, as soon as nothing can change it any more: all its records are here, who asked
 * for it and who read it is known, or its turn has ended.
 */
export class UnifiedTraces {
  readonly #recorder: Recorder;
  readonly #ids: UnifiedIds;
  readonly #run: RunAttributes;
  /** When something was told of a span last, Unix ms; by its key. */
  readonly #toldAt = new Map<string, number>();
  readonly #sent = new Set<string>();
  readonly #done = new Set<string>();
  readonly #corrections = new Corrections();
  /** Traces that were sent, hex, oldest first. */
  readonly traceIds = new Set<string>();

  constructor(recorder: Recorder, ids: UnifiedIds, run: RunAttributes) {
    this.#recorder = recorder;
    this.#ids = ids;
    this.#run = run;
  }

  /** Something more was told of a span: it waits anew for the rest of its records. */
  onEvent(event: AgentEvent, now: number): void {
    const key = spanKeyOf(event);
    if (key !== null) this.#toldAt.set(key, now);
  }

  /**
   * The spans that may leave now.
   * @param settleMs how long nothing must have been told of a span: its records come on several ways
   * @returns `waitMs`: when the next one may leave, null when all that are final have left
   */
  take(now: number, settleMs: number): { spans: Span[]; waitMs: number | null } {
    const ready: SpanNode[] = [];
    const waits: number[] = [];
    const nodes = spanTree(this.#recorder.session, null, this.#done);
    for (const node of nodes) {
      if (this.#sent.has(doneKey(node)) || !node.isFinal) continue;
      const waitMs = (this.#toldAt.get(node.key) ?? 0) + settleMs - now;
      if (waitMs <= 0) ready.push(node);
      else waits.push(waitMs);
    }
    const spans = ready.flatMap((node) => this.#send(node));
    if (ready.length > 0) this.#forget(nodes);
    return { spans, waitMs: waits.length > 0 ? Math.min(...waits) : null };
  }

  /** A turn of which all has left is not looked at again. */
  #forget(nodes: readonly SpanNode[]): void {
    for (const group of groupBy(nodes, ({ turn }) => turn).values()) {
      const keys = group.map(doneKey);
      if (keys.every((key) => this.#sent.has(key))) for (const key of keys) this.#done.add(key);
    }
  }

  /** All that is left, and the session's own span. */
  close(ended: Ended): Span[] {
    const { session } = this.#recorder;
    const left = spanTree(session, ended.endedAt, this.#done).filter(
      (node) => !this.#sent.has(doneKey(node)),
    );
    const corrections = this.#corrections
      .of(ended.totals.models, left)
      .map((call) => this.#correction(call, ended));
    return [...left.flatMap((node) => this.#send(node)), ...corrections.flat(), ...this.#session(ended)];
  }

  #send(node: SpanNode): Span[] {
    this.#sent.add(doneKey(node));
    if (node.key !== rootKey) this.#toldAt.delete(node.key);
    this.#corrections.sent(node);
    const { subject } = node;
    const message = subject.kind === 'llm_error' ? subject.error.message : undefined;
    return this.#span(
      {
        ...node,
        ...spanText(node, this.#run, this.#recorder.session.billing),
        ...(message !== undefined && { errorMessage: message }),
      },
      sessionOf(node),
    );
  }

  /** What the CLI's own totals tell of beside its calls: the sum over all LLM spans is that of the receipt. */
  #correction(call: LlmCall, { endedAt }: Ended): Span[] {
    const place = { turn: null, key: `correction|${call.model}|${call.role}` };
    const node: SpanNode = {
      ...place,
      parent: rootKey,
      startedAt: endedAt,
      endedAt,
      cutOff: false,
      isFinal: true,
      links: [],
      subject: { kind: 'llm_call', call },
    };
    const text = spanText(node, this.#run, this.#recorder.session.billing);
    setAttribute(text.attributes, 'ai_trace.call.unattributed', true);
    return this.#span({ ...node, ...text }, undefined);
  }

  #session(ended: Ended): Span[] {
    const attributes = sessionAttributes(ended, this.#run);
    setKind(attributes, 'CHAIN');
    const failed = isFailed(ended);
    const errorType = failed ? (ended.totals.errors.last?.type ?? 'unknown') : null;
    if (errorType !== null) setAttribute(attributes, 'error.type', errorType);
    return this.#span(
      {
        turn: null,
        key: rootKey,
        parent: null,
        name: `ai-trace ${this.#run.provider}`,
        isClient: false,
        startedAt: ended.startedAt,
        endedAt: ended.endedAt,
        attributes,
        links: new Turns(this.#recorder.session).list.map((turn) => ({ turn, key: rootKey })),
        errorType,
      },
      undefined,
    );
  }

  #span(draft: SpanDraft, sessionId: string | undefined): Span[] {
    const traceId = this.#ids.traceOf(draft.turn);
    if (!this.#ids.isSampled(traceId)) return [];
    this.traceIds.add(hex(traceId));
    const owner = this.#recorder.ownerOf(sessionId) ?? null;
    return [otlpSpan(draft, this.#ids, owner, this.#run.runId)];
  }
}

/** The CLI's session that a span's record was of. */
function sessionOf({ subject }: SpanNode): string | undefined {
  switch (subject.kind) {
    case 'turn':
      return subject.turn.prompt.sessionId;
    case 'llm_call':
      return subject.call.sessionId;
    case 'llm_error':
      return subject.error.sessionId;
    case 'tool_call':
      return subject.tool.sessionId;
    case 'approval_wait':
      return subject.tool?.sessionId;
    case 'subagent':
      return subject.agent.sessionId;
    case 'compaction':
      return subject.compaction.sessionId;
  }
}
