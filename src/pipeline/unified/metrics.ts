import { dataPointsOf } from '../../otlp/data-points.ts';
import { nanosFromMs } from '../../otlp/nanos.ts';
import type { Metric } from '../../otlp/types.ts';
import type { Billing } from '../../session/event.ts';
import { OpenList } from '../../session/open-list.ts';
import { reconcile } from '../../session/reconcile.ts';
import type { Recorder } from '../../session/recorder.ts';
import type { Hold, Item } from '../../session/retirement.ts';
import { type ModelRow, rowsOf } from '../../session/rows.ts';
import type { ItemKind, LlmCall, LlmError, ToolCall } from '../../session/session.ts';
import { spanKeys } from '../../session/spans/span.ts';
import { CumulativeMetrics } from '../cumulative.ts';
import type { RunAttributes } from '../enrich.ts';
import { type Counted, Exemplars } from './exemplars.ts';
import { createInstruments } from './instruments.ts';
import type { Labels } from './series.ts';
import type { Ended } from './session-span.ts';
import type { UnifiedIds } from './span-ids.ts';
import { tokensByType } from './token-types.ts';

/** What does not change is told again after this time, or a store takes it for gone. ms */
const repeatMs = 60_000;

/**
 * The metrics of one run that are the same for all CLIs. Tokens and cost are those of the receipt, read anew each time; they
 * never fall: where a later record takes something back (Codex tells a lower price of a turn, Claude's totals move tokens to
 * another role), the series stays at its highest. Calls, failures and tools are counted once, when nothing more can be told of
 * them.
 */
export class UnifiedMetrics {
  readonly #recorder: Recorder;
  readonly #run: RunAttributes;
  readonly #startedAt: number;
  readonly #exemplars: Exemplars;
  readonly #metrics = createInstruments();
  /** Puts a 0 before the first value of each series. */
  readonly #cumulative = new CumulativeMetrics();
  /** What each cost series was paid by when it began: with another label it would be another series. */
  readonly #billing = new Map<string, Billing>();
  readonly #hold: Hold;
  /** Ids of what is not counted yet, in long sessions the least part. */
  readonly #open: Readonly<Record<ItemKind, OpenList<string>>>;
  /** Those that are not looked at yet, since they were all looked at last. */
  #unseen: Iterator<Item> | null = null;
  /** Keys of calls and errors that are counted but for their time, which is not known yet. */
  readonly #begun = new Set<string>();
  /** When all series were told last. Unix ms. */
  #allToldAt = 0;

  /**
   * @param ids null where no unified spans are sent: then there are no exemplars
   * @param startedAt Unix ms
   */
  constructor(recorder: Recorder, ids: UnifiedIds | null, run: RunAttributes, startedAt: number) {
    this.#recorder = recorder;
    this.#run = run;
    this.#startedAt = startedAt;
    this.#exemplars = new Exemplars(recorder.turns, ids);
    this.#hold = recorder.hold();
    const { news } = this.#hold;
    this.#open = {
      llm_call: new OpenList(news.llm_call),
      llm_error: new OpenList(news.llm_error),
      tool_call: new OpenList(news.tool_call),
    };
  }

  /**
   * Counts calls, failures and tools that have settled.
   * @param settleMs how long after something ended its last record comes: a span may take the wait for approval out of a tool's time,
   *   or add to a call the attempts before it
   * @param hasTime asked before each of them; the rest the next time
   * @returns whether that was all
   */
  count(now: number, settleMs: number, hasTime: () => boolean): boolean {
    if (this.#unseen === null) this.#raise(this.#rows());
    this.#unseen ??= this.#items();
    while (hasTime()) {
      const { done, value } = this.#unseen.next();
      if (done) {
        this.#unseen = null;
        return true;
      }
      this.#look(value, now - settleMs);
    }
    return false;
  }

  /**
   * The series that have changed since the last time, or all of them when they are due again. To be counted first.
   * @param now Unix ms
   */
  collect(now: number): Metric[] {
    this.#raise(this.#rows());
    return this.#take(now, now - this.#allToldAt >= repeatMs);
  }

  /** All series, with the figures of the receipt. */
  close({ totals, endedAt }: Ended): Metric[] {
    this.#raise(totals.models);
    for (const item of this.#items()) this.#look(item, Number.POSITIVE_INFINITY);
    return this.#take(endedAt, true);
  }

  /** Brings the totals up to date. */
  #raise(rows: readonly ModelRow[]): void {
    this.#metrics.sessions.raise(this.#labels({}), 1);
    for (const row of rows) this.#row(row);
  }

  /** All that is not counted. */
  *#items(): Generator<Item> {
    for (const kind of ['llm_call', 'llm_error', 'tool_call'] as const) {
      for (const id of this.#open[kind].items) yield { kind, id };
    }
  }

  /** Counts it if it ended by then. Unix ms */
  #look({ kind, id }: Item, settledAt: number): void {
    const { llmCalls, errors, tools } = this.#recorder.session;
    const call = kind === 'llm_call' && llmCalls.get(id);
    const error = kind === 'llm_error' && errors.get(id);
    const tool = kind === 'tool_call' && tools.get(id);
    if (call && call.endedAt <= settledAt) this.#call(call);
    if (error && error.at <= settledAt) this.#error(error);
    if (tool && tool.endedAt <= settledAt) this.#tool(tool);
  }

  #rows(): ModelRow[] {
    const { session } = this.#recorder;
    return reconcile(rowsOf(session), session);
  }

  /** It is counted, and needed no more. */
  #done(item: Item): void {
    this.#open[item.kind].close(item.id);
    this.#hold.release(item);
  }

  #row(row: ModelRow): void {
    const labels = this.#modelLabels(row);
    for (const [type, tokens] of Object.entries(tokensByType(row.usage))) {
      this.#metrics.tokens.raise({ ...labels, 'gen_ai.token.type': type }, Math.round(tokens));
    }
    if (row.cost.usd > 0) this.#metrics.cost.raise(this.#costLabels(row), row.cost.usd);
  }

  #call(call: LlmCall): void {
    const { endedAt, durationMs, cost } = call;
    const counted = { origin: call, key: spanKeys.llmCall(call.callId), placedAt: endedAt, endedAt };
    if (cost.usd > 0 && this.#isFirst(counted)) {
      this.#metrics.cost.exemplify(this.#costLabels(call), this.#exemplars.of(counted, cost.usd));
    }
    if (durationMs === undefined) return;
    this.#took(counted, this.#modelLabels(call), durationMs);
    this.#done({ kind: 'llm_call', id: call.callId });
  }

  #error(error: LlmError): void {
    const { at, durationMs, type } = error;
    const counted = { origin: error, key: spanKeys.llmError(error.errorId), placedAt: at, endedAt: at };
    const labels = { ...this.#modelLabels(error), 'error.type': type };
    if (this.#isFirst(counted)) this.#metrics.errors.add(labels, this.#exemplars.of(counted, 1));
    if (durationMs === undefined) return;
    this.#took(counted, labels, durationMs);
    this.#done({ kind: 'llm_error', id: error.errorId });
  }

  #took(counted: Counted, labels: Labels, durationMs: number): void {
    const seconds = durationMs / 1000;
    this.#metrics.llmDuration.record(labels, seconds, this.#exemplars.of(counted, seconds));
    this.#begun.delete(counted.key);
  }

  /** One that was not allowed did not run. */
  #tool(tool: ToolCall): void {
    const { endedAt, durationMs, decidedAt = endedAt } = tool;
    if (!tool.finished || durationMs === undefined) return;
    this.#done({ kind: 'tool_call', id: tool.callId });
    if (tool.rejected) return;
    const counted = { origin: tool, key: spanKeys.tool(tool.callId), placedAt: decidedAt, endedAt };
    const labels = this.#labels({
      'gen_ai.tool.name': tool.name,
      'error.type': tool.success === false ? 'tool_error' : undefined,
    });
    const seconds = durationMs / 1000;
    this.#metrics.toolDuration.record(labels, seconds, this.#exemplars.of(counted, seconds));
  }

  #isFirst({ key }: Counted): boolean {
    const isFirst = !this.#begun.has(key);
    this.#begun.add(key);
    return isFirst;
  }

  #labels(more: Labels): Labels {
    return { 'gen_ai.provider.name': this.#run.genAiProvider, ...more };
  }

  #modelLabels({ model, role }: { model?: string; role: ModelRow['role'] }): Labels {
    return this.#labels({ 'gen_ai.request.model': model, 'ai_trace.call.role': role });
  }

  #costLabels(of: Pick<ModelRow, 'model' | 'role'>): Labels {
    const key = `${of.model}\0${of.role}`;
    const billing = this.#billing.get(key) ?? this.#recorder.session.billing;
    this.#billing.set(key, billing);
    return { ...this.#modelLabels(of), 'ai_trace.cost.billing': billing };
  }

  #take(now: number, isAll: boolean): Metric[] {
    const convert = this.#cumulative.at(nanosFromMs(now));
    const start = nanosFromMs(this.#startedAt);
    const metrics = Object.values(this.#metrics)
      .map((each) => each.take(isAll, start))
      .filter((metric) => dataPointsOf(metric).length > 0);
    for (const metric of metrics) convert(metric);
    if (isAll) this.#allToldAt = now;
    return metrics;
  }
}
