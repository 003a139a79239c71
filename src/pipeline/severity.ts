import type { LogRecord } from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';

/** SeverityNumber and its short name (opentelemetry-proto, logs.proto; log data model, "Displaying Severity"). */
const info = { number: 9, text: 'INFO' };
const warn = { number: 13, text: 'WARN' };
const error = { number: 17, text: 'ERROR' };

/**
 * A failed LLM call is an error and a failed or refused tool a warning, whatever the CLI thinks of them. For the rest the CLI's
 * own word stands; where it has none, it is information.
 */
export function setSeverity(record: LogRecord, events: readonly AgentEvent[]): void {
  const { severityNumber = 0 } = record;
  const least = Math.max(...events.map((event) => severityOf(event).number), severityNumber || info.number);
  if (least === severityNumber) return;
  const severity = [info, warn, error].find(({ number }) => number === least);
  record.severityNumber = least;
  if (severity) record.severityText = severity.text;
}

function severityOf(event: AgentEvent): typeof info {
  if (event.kind === 'llm_error') return error;
  if (event.kind === 'tool_call' && event.success === false) return warn;
  if (event.kind === 'tool_decision' && !event.accepted) return warn;
  return { number: 0, text: '' };
}
