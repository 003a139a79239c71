import { text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { LogRecord, Span } from '../../otlp/types.ts';
import type { AgentEvent, Origin, UnixMs } from '../../session/event.ts';
import { intervalOf } from './records.ts';
import {
  type RanTool,
  type RejectedTool,
  rejectionOf,
  runOf,
  type ToolSpan,
  toolLogOf,
  toolSpanOf,
} from './tools.ts';

/** The tools of one answer, run side by side or in turn. */
interface Schedule {
  /** Logs that wait for what the spans tell. */
  ran: RanTool[];
  rejected: RejectedTool[];
  /** Spans that wait for their log. */
  spans: ToolSpan[];
  /** How many logs have come. */
  logs: number;
  /** Its own span is over, and all that are in it have arrived. */
  isOver: boolean;
  /** Known once it is over. */
  startedAt: UnixMs | undefined;
}

/** What records together tell; `callId` and `spanId` of the tool call where it ran. */
export interface Joined {
  events: AgentEvent[];
  callId?: string;
  spanId?: string;
}

/**
 * Joins the log and the span of each tool call by the span around both, `schedule_tool_calls`. Of the tools of
 * one name in it the logs and the beginnings of the spans are in the order in which they were asked for, the
 * ends of the spans are not [6.3]: so they are joined when all spans are there.
 */
export class Schedules {
  readonly #schedules = new Map<string, Schedule>();
  /** Those whose logs are on their way. */
  readonly #waiting = new Set<Schedule>();
  /** Tools that were stopped while they ran: their logs are written outside of any span. */
  readonly #stopped: RanTool[] = [];
  /** Tool logs have no call id, and several may be alike to the millisecond. */
  #toolCalls = 0;

  /** Has a tool been told by its span whose log is still on its way? */
  get owesLogs(): boolean {
    return [...this.#waiting].some(({ spans, ran, logs }) => spans.length > ran.length || logs === 0);
  }

  log(record: LogRecord, of: Origin & { askedBy?: string }): Joined[] {
    const name = text(record.attributes, 'function_name') ?? 'unknown';
    this.#toolCalls += 1;
    const log = toolLogOf(record, { ...of, callId: `${name}#${this.#toolCalls}`, name });
    const spanId = hex(record.spanId);
    const schedule = this.#schedule(spanId);
    schedule.logs += 1;
    if (log.kind === 'rejected') schedule.rejected.push(log);
    else if (log.kind === 'ran') (spanId === '' ? this.#stopped : schedule.ran).push(log);
    const candidates = spanId === '' ? [...this.#waiting] : [schedule];
    return [
      { events: [log.event] },
      ...candidates.filter(({ isOver }) => isOver).flatMap((s) => this.#join(s)),
    ];
  }

  span(span: Span): void {
    const tool = toolSpanOf(span);
    if (tool === undefined) return;
    const schedule = this.#schedule(hex(span.parentSpanId));
    schedule.spans.push(tool);
    this.#waiting.add(schedule);
  }

  /** The span around has ended. */
  over(span: Span): Joined[] {
    const schedule = this.#schedule(hex(span.spanId));
    this.#waiting.add(schedule);
    schedule.isOver = true;
    schedule.startedAt = intervalOf(span)?.startedAt;
    return this.#join(schedule);
  }

  /** Joins what is left, though not everything has arrived. */
  finish(): Joined[] {
    return [...this.#schedules.values()].flatMap((schedule) => this.#join(schedule));
  }

  #schedule(spanId: string): Schedule {
    const known = this.#schedules.get(spanId);
    if (known) return known;
    const schedule: Schedule = {
      ran: [],
      rejected: [],
      spans: [],
      logs: 0,
      isOver: false,
      startedAt: undefined,
    };
    this.#schedules.set(spanId, schedule);
    return schedule;
  }

  #join(schedule: Schedule): Joined[] {
    const { ran, rejected, spans, startedAt } = schedule;
    const inOrder = spans.splice(0).sort((a, b) => a.startedAt - b.startedAt || a.number - b.number);
    const joined: Joined[] = [];
    for (const span of inOrder) {
      const log =
        takeFirst(ran, (tool) => isOf(tool, span)) ??
        takeFirst(this.#stopped, (tool) => isStopped(tool, span));
      if (log) joined.push({ events: runOf(log, span), callId: log.event.callId, spanId: span.spanId });
      else spans.push(span);
    }
    if (spans.length === 0 && schedule.logs > 0) this.#waiting.delete(schedule);
    return [...joined, ...rejected.splice(0).map((tool) => ({ events: rejectionOf(tool, startedAt) }))];
  }
}

function isOf({ event }: RanTool, span: ToolSpan): boolean {
  return event.name === span.name;
}

/** Its log was written while it ran. */
function isStopped(tool: RanTool, span: ToolSpan): boolean {
  const at = tool.event.endedAt;
  return isOf(tool, span) && span.startedAt <= at && at <= span.endedAt;
}

function takeFirst<T>(list: T[], fits: (item: T) => boolean): T | undefined {
  const index = list.findIndex(fits);
  return index === -1 ? undefined : list.splice(index, 1)[0];
}
