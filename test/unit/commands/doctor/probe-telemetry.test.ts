import { expect, test } from 'vitest';
import { probeTelemetry, probeTraceId } from '../../../../src/commands/doctor/probe-telemetry.ts';
import { text } from '../../../../src/otlp/attributes.ts';
import { decode } from '../../../../src/otlp/codec.ts';
import { hex } from '../../../../src/otlp/hex.ts';
import { encodeProtobuf } from '../../../../src/otlp/protobuf.ts';

const id = '322300fa-349c-44d6-97c5-1d003a676d6a';
const requests = probeTelemetry({ id, version: '1.2.3', tags: { team: 'a' } }, 1_000, 3_000);

test('its trace has the digits of its id', () => {
  expect(probeTraceId(id)).toBe('322300fa349c44d697c51d003a676d6a');
  const [span] = requests.traces.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  expect(hex(span?.traceId)).toBe(probeTraceId(id));
  expect(String(span?.startTimeUnixNano)).toBe('1000000000');
  expect(String(span?.endTimeUnixNano)).toBe('3000000000');
});

test('every record has its id, the resource who sent it and the tags', () => {
  const [span] = requests.traces.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  const [log] = requests.logs.resourceLogs[0]?.scopeLogs[0]?.logRecords ?? [];
  const [metric] = requests.metrics.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
  for (const record of [span, log, metric?.sum?.dataPoints[0]]) {
    expect(text(record?.attributes, 'ai_trace.probe.id')).toBe(id);
  }
  expect(log?.body?.stringValue).toContain(id);
  const { resource } = requests.logs.resourceLogs[0] ?? {};
  expect(text(resource?.attributes, 'service.name')).toBe('ai-trace');
  expect(text(resource?.attributes, 'team')).toBe('a');
});

test.each(['logs', 'traces', 'metrics'] as const)('its %s can be read by who knows OTLP', (signal) => {
  const bytes = encodeProtobuf(signal, requests[signal] as never);
  expect(decode(signal, 'application/x-protobuf', Buffer.from(bytes)).ok).toBe(true);
});
