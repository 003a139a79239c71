import { setAttribute } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { Span } from '../../otlp/types.ts';
import type { AgentEvent } from '../../session/event.ts';
import { groupBy } from '../../session/group-by.ts';
import type { Recorder } from '../../session/recorder.ts';
import type { LlmCall } from '../../session/session.ts';
import { OpenItems } from '../../session/spans/open-items.ts';
import { doneKey, rootKey, type SpanNode, spanKeyOf } from '../../session/spans/span.ts';
import { spanTree } from '../../session/spans/tree.ts';
import type { PromptedTurn } from '../../session/turns.ts';
import type { RunAttributes } from '../enrich.ts';
import { Corrections } from './corrections.ts';
import { otlpSpan, type SpanDraft } from './otlp-span.ts';
import { type Ended, isFailed, sessionAttributes } from './session-span.ts';
import { setKind, spanText } from './span-attributes.ts';
import type { UnifiedIds } from './span-ids.ts';

interface Taken {
  spans: Span[];
  /** When the next one may leave, ms: 0 when there are more of them now; null when all that are final have left. */
  waitMs: number | null;
  /** Share of what was looked at last that will be looked at again. */
  inVain: number;
  /** False where that was not all that is open: the rest is to be looked at soon. */
  isAll: boolean;
}

/** Calls and tools that are looked at in one go: a few ms. No session of a person has as many open at once. */
const lookLimit = 100;

/**
 * The unified spans of one run. Each leaves once, as soon as nothing can change it any more: all its records are here, who asked
 * for it and who read it is known, or its turn has ended.
 */
export class UnifiedTraces {
  readonly #recorder: Recorder;
  readonly #ids: UnifiedIds;
  readonly #run: RunAttributes;
  /** When something was told of a span last, Unix ms; by its `doneKey`. */
  readonly #toldAt = new Map<string, number>();
  readonly #open: OpenItems;
  #lastLook: Omit<Taken, 'spans'> = { waitMs: null, inVain: 0, isAll: true };
  /** Those that leave next. */
  readonly #ready: SpanNode[] = [];
  /** `doneKey`s of what has left or leaves next. */
  readonly #sent = new Set<string>();
  readonly #corrections = new Corrections();
  /** Traces that were sent, hex, oldest first. */
  readonly traceIds = new Set<string>();

  constructor(recorder: Recorder, ids: UnifiedIds, run: RunAttributes) {
    this.#recorder = recorder;
    this.#open = new OpenItems(recorder);
    this.#ids = ids;
    this.#run = run;
  }

  /** Spans of calls and tools that have not left, about. */
  get left(): number {
    return this.#open.size + this.#ready.length;
  }

  /** Something more was told of a span: it waits anew for the rest of its records. */
  onEvent(event: AgentEvent, now: number): void {
    const key = spanKeyOf(event);
    if (key === null) return;
    const turn = key === rootKey ? this.#turnOf(event) : null;
    this.#toldAt.set(doneKey({ turn, key }), now);
  }

  /** The turn that its prompt or its end tells of. */
  #turnOf(event: AgentEvent): PromptedTurn | null {
    if (event.kind === 'prompt') return this.#recorder.turns.of(event, event.at);
    return event.kind === 'turn_end' ? this.#recorder.turns.of(event, event.endedAt) : null;
  }

  /**
   * The spans that may leave now.
   * @param settleMs how long nothing must have been told of a span: its records come on several ways
   * @param limit how many at once; only when they all have left, it is looked for others
   */
  take(now: number, settleMs: number, limit = Number.POSITIVE_INFINITY): Taken {
    if (this.#ready.length === 0) this.#lastLook = this.#look(now, settleMs);
    const spans = this.#ready.splice(0, limit).flatMap((node) => this.#send(node));
    if (this.#ready.length > 0) return { ...this.#lastLook, spans, waitMs: 0 };
    return { ...this.#lastLook, spans };
  }

  /** Finds those that may leave. */
  #look(now: number, settleMs: number): Omit<Taken, 'spans'> {
    const waits: number[] = [];
    const { open, isAll } = this.#open.part(lookLimit);
    const nodes = spanTree(open, null);
    for (const node of nodes) {
      const key = doneKey(node);
      if (!node.isFinal || this.#sent.has(key)) continue;
      const waitMs = (this.#toldAt.get(key) ?? 0) + settleMs - now;
      if (waitMs <= 0) this.#leave(node);
      else waits.push(waitMs);
    }
    const closed = this.#ready.length > 0 ? this.#forget(nodes) : 0;
    const inVain = nodes.length > 0 ? 1 - closed / nodes.length : 0;
    if (!isAll) return { waitMs: 1, inVain, isAll };
    return { waitMs: waits.length > 0 ? Math.min(...waits) : null, inVain, isAll };
  }

  /** From now on it is as it is, and it may be that it leaves a little later. */
  #leave(node: SpanNode): void {
    const key = doneKey(node);
    this.#ready.push(node);
    this.#sent.add(key);
    this.#toldAt.delete(key);
  }

  /** A turn of which all has left is not looked at again. @returns how many spans that are */
  #forget(nodes: readonly SpanNode[]): number {
    const turns = [...groupBy(nodes, ({ turn }) => turn).values()];
    const done = turns.filter((group) => group.every((node) => this.#sent.has(doneKey(node)))).flat();
    for (const node of done) this.#close(node);
    return done.length;
  }

  #close(node: SpanNode): void {
    const key = doneKey(node);
    const { subject } = node;
    const { kind } = subject;
    this.#open.close(subject);
    this.#toldAt.delete(key);
    // Another wait or compaction may have the same key; everything else comes but once.
    if (kind !== 'approval_wait' && kind !== 'compaction') this.#sent.delete(key);
  }

  /** All that is left, and the session's own span. */
  close(ended: Ended): Span[] {
    for (const node of spanTree(this.#open.all(), ended.endedAt)) {
      if (!this.#sent.has(doneKey(node))) this.#leave(node);
    }
    const left = this.#ready.splice(0).flatMap((node) => this.#send(node));
    const corrections = this.#corrections
      .of(ended.totals.models)
      .map((call) => this.#correction(call, ended));
    return [...left, ...corrections.flat(), ...this.#session(ended)];
  }

  #send(node: SpanNode): Span[] {
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
        links: this.#recorder.turns.list.map((turn) => ({ turn, key: rootKey })),
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
