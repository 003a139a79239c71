import { setAttribute } from '../../otlp/attributes.ts';
import { nanosFromMs } from '../../otlp/nanos.ts';
import type { KeyValue, Span } from '../../otlp/types.ts';
import type { SpanPlace } from '../../session/spans/span.ts';
import type { UnifiedIds } from './span-ids.ts';

/** All that a span of ours says, before it has its ids. Times are Unix ms. */
export interface SpanDraft extends SpanPlace {
  /** Key of the parent in the same turn or session; null for the turn's or session's own span. */
  parent: string | null;
  name: string;
  isClient: boolean;
  startedAt: number;
  endedAt: number;
  attributes: KeyValue[];
  links: readonly SpanPlace[];
  errorType: string | null;
  /** What went wrong, in the words of the CLI or the vendor: content. */
  errorMessage?: string;
}

/** SpanKind (opentelemetry-proto, trace.proto). */
const internal = 1;
const client = 3;
/** StatusCode. */
const error = 2;
/** SpanFlags: sampled; it is known whether the parent is remote; it is. */
const sampled = 0x01;
const hasIsRemote = 0x100;
const isRemote = 0x200;

/**
 * @param sessionId of the CLI; null when it never named one: then the run stands for it
 */
export function otlpSpan(draft: SpanDraft, ids: UnifiedIds, sessionId: string | null, runId: string): Span {
  const { turn, parent, name, startedAt, endedAt, attributes, errorType, errorMessage } = draft;
  const above = parent === null ? ids.above(turn) : ids.of({ turn, key: parent });
  const remote = parent === null && ids.isRemoteBelow(turn);
  setAttribute(attributes, 'session.id', sessionId ?? runId);
  if (sessionId !== null) setAttribute(attributes, 'gen_ai.conversation.id', sessionId);
  return {
    ...ids.of(draft),
    ...(above && { parentSpanId: above.spanId }),
    name,
    kind: draft.isClient ? client : internal,
    startTimeUnixNano: nanosFromMs(startedAt),
    endTimeUnixNano: nanosFromMs(Math.max(startedAt, endedAt)),
    attributes,
    // What another trace decided: a link to a span that is not sent leads nowhere.
    links: draft.links
      .map((place) => ids.of(place))
      .filter(({ traceId }) => ids.isSampled(traceId))
      .map((place) => ({ ...place, attributes: [], flags: sampled | hasIsRemote })),
    events: errorMessage === undefined ? [] : [exception(errorType ?? 'unknown', errorMessage, endedAt)],
    flags: sampled | hasIsRemote | (remote ? isRemote : 0),
    ...(errorType !== null && { status: { code: error } }),
  };
}

/** OpenTelemetry semantic conventions for exceptions on spans. */
function exception(type: string, message: string, at: number) {
  const attributes: KeyValue[] = [];
  setAttribute(attributes, 'exception.type', type);
  if (message !== '') setAttribute(attributes, 'exception.message', message);
  return { timeUnixNano: nanosFromMs(at), name: 'exception', attributes };
}
