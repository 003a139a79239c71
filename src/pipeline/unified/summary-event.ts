import { setAttribute } from '../../otlp/attributes.ts';
import { nanosFromMs } from '../../otlp/nanos.ts';
import type { LogRecord } from '../../otlp/types.ts';
import { rootKey } from '../../session/spans/span.ts';
import type { RunAttributes } from '../enrich.ts';
import { type Ended, isFailed, sessionAttributes } from './session-span.ts';
import type { UnifiedIds } from './span-ids.ts';

const name = 'ai_trace.session.summary';

/** SeverityNumber INFO and ERROR (opentelemetry-proto, logs.proto). */
const info = 9;
const error = 17;

/**
 * The last log record of a session, with the figures of the receipt. @param ids null where no unified spans are sent
 */
export function summaryEvent(
  ended: Ended,
  run: RunAttributes,
  sessionId: string,
  ids: UnifiedIds | null,
): LogRecord {
  const attributes = sessionAttributes(ended, run);
  setAttribute(attributes, 'session.id', sessionId);
  setAttribute(attributes, 'event.name', name);
  setAttribute(attributes, 'ai_trace.event.name', 'session_summary');
  const failed = isFailed(ended);
  const time = nanosFromMs(ended.endedAt);
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: failed ? error : info,
    severityText: failed ? 'ERROR' : 'INFO',
    body: { stringValue: name },
    eventName: name,
    attributes,
    ...ids?.of({ turn: null, key: rootKey }),
  };
}
