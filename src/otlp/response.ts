import { toNumber } from './int64.ts';
import { parseMessage } from './json.ts';
import { encodingOf } from './media.ts';
import { responseTypes } from './schema.ts';
import type { ExportResponse, Signal } from './types.ts';

/**
 * `rejected` records were not taken, for the reason `message`; 0 with a message is a warning, 0 without one
 * full success.
 */
export interface ExportOutcome {
  rejected: number;
  message: string;
}

/**
 * Reads the body of a 2xx answer. Servers differ (`{}`, `{"partialSuccess":{}}`, `{"partialSuccess":null}`,
 * nothing at all, an HTML page of a proxy), so what cannot be read counts as full success: the status has
 * already said so.
 */
export function readResponse(
  signal: Signal,
  contentType: string | undefined,
  body: Uint8Array,
): ExportOutcome {
  const partial = responseOf(signal, contentType, body).partialSuccess ?? {};
  const rejected = partial.rejectedLogRecords ?? partial.rejectedSpans ?? partial.rejectedDataPoints ?? 0;
  return { rejected: toNumber(rejected), message: partial.errorMessage ?? '' };
}

function responseOf(signal: Signal, contentType: string | undefined, body: Uint8Array): ExportResponse {
  const type = responseTypes[signal];
  switch (encodingOf(contentType)) {
    case 'json': {
      const parsed = parseMessage(type, new TextDecoder().decode(body));
      return parsed.ok ? parsed.message : {};
    }
    case 'protobuf':
      try {
        return type.decode(body) as ExportResponse;
      } catch {
        return {};
      }
    case undefined:
      return {};
  }
}
