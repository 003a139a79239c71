import type { LogRecord, Metric, Resource, Span } from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';

/** Turns the native records of one CLI into events; the mappers of the providers are of this shape. */
export interface RecordMapper {
  resource(resource: Resource): AgentEvent[];
  log(record: LogRecord): MappedRecord;
  span(span: Span): MappedRecord;
  metric(metric: Metric): MappedRecord;
  /** Can a span of this name tell anything? All can, where this is not said. */
  needsSpan?(name: string): boolean;
}

export interface MappedRecord {
  sessionId: string | undefined;
  events: AgentEvent[];
  /** What it lets us tell of something else: the record is not forwarded with it. */
  asides?: AgentEvent[];
  /** What a native span is, as OpenInference names it. */
  spanKind?: 'AGENT' | 'LLM' | 'TOOL';
}
