import { decode } from '../../src/otlp/codec.ts';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { ExportRequest } from '../../src/otlp/types.ts';
import type { Recorded } from './replay.ts';

/** The same records, each in a request of its own. */
export function singly(recording: readonly Recorded[]): Recorded[] {
  return recording.flatMap((received) => {
    const decoded = decode(received.signal, received.contentType, received.body);
    if (!decoded.ok) throw new Error(`undecodable: ${received.signal}`);
    return apart(decoded.request).map((request) => ({
      ...received,
      contentType: 'application/x-protobuf',
      body: Buffer.from(encodeProtobuf(received.signal, request)),
    }));
  });
}

function apart(request: ExportRequest): ExportRequest[] {
  if ('resourceLogs' in request) {
    return request.resourceLogs.flatMap(({ scopeLogs, ...from }) =>
      scopeLogs.flatMap(({ logRecords, ...scope }) =>
        logRecords.map((record) => ({
          resourceLogs: [{ ...from, scopeLogs: [{ ...scope, logRecords: [record] }] }],
        })),
      ),
    );
  }
  if ('resourceSpans' in request) {
    return request.resourceSpans.flatMap(({ scopeSpans, ...from }) =>
      scopeSpans.flatMap(({ spans, ...scope }) =>
        spans.map((span) => ({ resourceSpans: [{ ...from, scopeSpans: [{ ...scope, spans: [span] }] }] })),
      ),
    );
  }
  return request.resourceMetrics.flatMap(({ scopeMetrics, ...from }) =>
    scopeMetrics.flatMap(({ metrics, ...scope }) =>
      metrics.map((metric) => ({
        resourceMetrics: [{ ...from, scopeMetrics: [{ ...scope, metrics: [metric] }] }],
      })),
    ),
  );
}
