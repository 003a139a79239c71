import { randomBytes } from 'node:crypto';
import { bytesFromHex } from '../../otlp/hex.ts';
import { nanosFromMs } from '../../otlp/nanos.ts';
import type { ExportRequests, KeyValue } from '../../otlp/types.ts';

export interface ProbeIdentity {
  /** A UUID. */
  id: string;
  /** Of ai-trace. */
  version: string;
  /** The user's own, of every record. */
  tags: Readonly<Record<string, string>>;
}

/** The key under which the probe's own records, and those of the CLIs it started, have its id. */
export const probeIdKey = 'ai_trace.probe.id';
const name = 'ai_trace.probe';

/** SeverityNumber INFO, SPAN_KIND_INTERNAL, STATUS_CODE_OK, AGGREGATION_TEMPORALITY_CUMULATIVE (opentelemetry-proto). */
const info = 9;
const internal = 1;
const okay = 1;
const cumulative = 2;

/** The id of the probe's trace: a UUID is as long as the id of a trace. Hex. */
export function probeTraceId(id: string): string {
  return id.replaceAll('-', '');
}

/**
 * One record of each signal that is the probe's own, so that stores can be asked for it whatever CLIs there are.
 * @param from @param to Unix ms
 */
export function probeTelemetry(identity: ProbeIdentity, from: number, to: number): ExportRequests {
  const { id, version } = identity;
  const resource = () => ({ attributes: resourceAttributes(identity) });
  const scope = () => ({ name: 'ai-trace', version, attributes: [] });
  const attributes = () => [attribute(probeIdKey, id)];
  const traceId = bytesFromHex(probeTraceId(id)) ?? randomBytes(16);
  const spanId = randomBytes(8);
  const [begun, ended] = [nanosFromMs(from), nanosFromMs(to)];

  const span = {
    traceId,
    spanId,
    name: 'ai-trace doctor',
    kind: internal,
    startTimeUnixNano: begun,
    endTimeUnixNano: ended,
    attributes: [...attributes(), attribute('openinference.span.kind', 'CHAIN')],
    events: [],
    links: [],
    status: { code: okay },
  };
  const log = {
    timeUnixNano: ended,
    observedTimeUnixNano: ended,
    severityNumber: info,
    severityText: 'INFO',
    // Found by its text also where attributes are not kept.
    body: { stringValue: `${name} ${id}` },
    eventName: name,
    attributes: attributes(),
    traceId,
    spanId,
  };
  const point = { startTimeUnixNano: begun, timeUnixNano: ended, asDouble: 1, attributes: attributes() };
  const sum = {
    dataPoints: [{ ...point, exemplars: [] }],
    aggregationTemporality: cumulative,
    isMonotonic: true,
  };
  const metric = { name, description: 'Probes of ai-trace doctor', metadata: [], sum };
  return {
    traces: { resourceSpans: [{ resource: resource(), scopeSpans: [{ scope: scope(), spans: [span] }] }] },
    logs: { resourceLogs: [{ resource: resource(), scopeLogs: [{ scope: scope(), logRecords: [log] }] }] },
    metrics: {
      resourceMetrics: [{ resource: resource(), scopeMetrics: [{ scope: scope(), metrics: [metric] }] }],
    },
  };
}

function resourceAttributes({ id, version, tags }: ProbeIdentity): KeyValue[] {
  return [
    attribute('service.name', 'ai-trace'),
    attribute('service.namespace', 'ai-trace'),
    attribute('service.version', version),
    // What has it is left as it is by the templates.
    attribute('ai_trace.run.id', id),
    ...Object.entries(tags).map(([key, value]) => attribute(key, value)),
  ];
}

function attribute(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } };
}
