import { definitions } from './definitions.ts';
import { type MessageType, typesOf } from './message-type.ts';
import type { Signal } from './types.ts';

const typeNamed = typesOf(definitions);

export const requestTypes: Readonly<Record<Signal, MessageType>> = {
  logs: collectorType('logs.v1.ExportLogsServiceRequest'),
  traces: collectorType('trace.v1.ExportTraceServiceRequest'),
  metrics: collectorType('metrics.v1.ExportMetricsServiceRequest'),
};

export const responseTypes: Readonly<Record<Signal, MessageType>> = {
  logs: collectorType('logs.v1.ExportLogsServiceResponse'),
  traces: collectorType('trace.v1.ExportTraceServiceResponse'),
  metrics: collectorType('metrics.v1.ExportMetricsServiceResponse'),
};

function collectorType(name: string): MessageType {
  return typeNamed(`.opentelemetry.proto.collector.${name}`);
}
