import Long from 'long';
import { removeAttributes } from '../../../src/otlp/attributes.ts';
import { decode } from '../../../src/otlp/codec.ts';
import { encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import type { ExportRequest, Resource } from '../../../src/otlp/types.ts';
import { readRecording } from '../replay.ts';

/**
 * Sends a recording as the CLI would by itself: as of now, and without what ai-trace had told it to say of the run.
 * @throws {Error} when a request is refused
 */
export async function sendNative(url: string, dir: string): Promise<void> {
  const recorded = readRecording(dir);
  const later = Long.fromNumber(Date.now() - (recorded.at(-1)?.at ?? 0)).multiply(1_000_000);
  for (const { signal, contentType, body } of recorded) {
    const decoded = decode(signal, contentType, body);
    if (!decoded.ok) throw new Error(`${dir}: ${decoded.reason}`);
    const { request } = decoded;
    for (const resource of resourcesOf(request)) {
      removeAttributes(resource.attributes, (key) => key === 'ai_trace.run.id');
    }
    moveTimes(request, later);
    const response = await fetch(`${url}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: encodeProtobuf(signal, request as never),
    });
    if (!response.ok) throw new Error(`${signal} of ${dir}: ${response.status} ${await response.text()}`);
  }
}

function resourcesOf(request: ExportRequest): Resource[] {
  const parts =
    'resourceLogs' in request
      ? request.resourceLogs
      : 'resourceSpans' in request
        ? request.resourceSpans
        : request.resourceMetrics;
  return parts.flatMap(({ resource }) => resource ?? []);
}

/** Adds ns to every time below; 0 is none. */
function moveTimes(message: object, later: Long): void {
  for (const [key, value] of Object.entries(message)) {
    if (key.endsWith('UnixNano') && Long.isLong(value) && !value.isZero()) {
      Object.assign(message, { [key]: value.add(later) });
    } else if (
      typeof value === 'object' &&
      value !== null &&
      !Long.isLong(value) &&
      !ArrayBuffer.isView(value)
    ) {
      moveTimes(value, later);
    }
  }
}
