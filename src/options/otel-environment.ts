import type { Place } from './option.ts';
import { isHeaderName, isHeaderValue, type Pairs } from './pairs.ts';
import { parseTarget } from './target.ts';

/** The user's own exporter settings. `grpc` is a collector this version cannot speak to. */
export type OtelEnvironment =
  | { kind: 'absent' }
  | { kind: 'grpc'; endpoint: string }
  | { kind: 'invalid'; value: string; reason: string }
  | { kind: 'found'; url: string; headers: Pairs; malformedHeaders: boolean };

/**
 * Reads OTEL_EXPORTER_OTLP_ENDPOINT, _PROTOCOL and _HEADERS, as "OpenTelemetry Protocol Exporter" of the
 * OpenTelemetry specification defines them. The variables of one signal (…_TRACES_ENDPOINT) are not looked
 * at: all signals go one way.
 */
export function readOtelEnvironment(env: NodeJS.ProcessEnv, place: Place): OtelEnvironment {
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim() ?? '';
  if (endpoint === '') return { kind: 'absent' };
  if (env['OTEL_EXPORTER_OTLP_PROTOCOL']?.trim() === 'grpc') return { kind: 'grpc', endpoint };

  const target = parseTarget(endpoint, place);
  if (!target.ok) return { kind: 'invalid', value: target.value, reason: target.reason };
  if (target.value.kind !== 'http') return { kind: 'invalid', value: endpoint, reason: 'not an http URL' };
  const parts = (env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '').split(',').filter((part) => part.trim() !== '');
  const headers = parts.map(parseHeader).filter((header) => header !== null);
  return {
    kind: 'found',
    url: target.value.url,
    headers: Object.fromEntries(headers),
    malformedHeaders: headers.length < parts.length,
  };
}

/** `key=value` as in W3C Baggage: values are percent-encoded. null when it is no header. */
function parseHeader(part: string): [name: string, value: string] | null {
  const split = part.indexOf('=');
  const name = part.slice(0, split).trim().toLowerCase();
  const value = percentDecoded(part.slice(split + 1).trim());
  if (split < 0 || value === null || !isHeaderName(name) || !isHeaderValue(value)) return null;
  return [name, value];
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
