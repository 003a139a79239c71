import type { Parsed, Place } from './option.ts';
import { headerProblem, type Pairs } from './pairs.ts';
import { resolvePath } from './path-value.ts';
import type { Collector, TlsFiles } from './run-options.ts';
import { parseTarget } from './target.ts';

/** The user's own exporter settings. */
export type OtelEnvironment =
  | { kind: 'absent' }
  | { kind: 'invalid'; value: string; reason: string }
  | { kind: 'found'; target: OtelTarget; headers: Pairs; malformedHeaders: boolean; tls: TlsFiles };

type OtelTarget = Pick<Collector, 'kind' | 'url'>;

/**
 * Reads OTEL_EXPORTER_OTLP_ENDPOINT, _PROTOCOL, _INSECURE, _HEADERS, _CERTIFICATE, _CLIENT_CERTIFICATE and
 * _CLIENT_KEY, as "OpenTelemetry Protocol Exporter" of the OpenTelemetry specification defines them. The
 * variables of one signal (…_TRACES_ENDPOINT) are not looked at: all signals go one way.
 */
export function readOtelEnvironment(env: NodeJS.ProcessEnv, place: Place): OtelEnvironment {
  const read = (name: string) => env[`OTEL_EXPORTER_OTLP_${name}`]?.trim() ?? '';
  const endpoint = read('ENDPOINT');
  if (endpoint === '') return { kind: 'absent' };
  const isInsecure = read('INSECURE').toLowerCase() === 'true';
  const target =
    read('PROTOCOL') === 'grpc' ? grpcTarget(endpoint, isInsecure, place) : collectorTarget(endpoint, place);
  if (!target.ok) return { kind: 'invalid', value: target.value, reason: target.reason };

  const file = (name: string) => (read(name) === '' ? null : resolvePath(read(name), place));
  const parts = read('HEADERS')
    .split(',')
    .filter((part) => part.trim() !== '');
  const headers = parts.map(parseHeader).filter((header) => header !== null);
  return {
    kind: 'found',
    target: target.value,
    headers: Object.fromEntries(headers),
    malformedHeaders: headers.length < parts.length,
    tls: { ca: file('CERTIFICATE'), cert: file('CLIENT_CERTIFICATE'), key: file('CLIENT_KEY') },
  };
}

/**
 * With gRPC the scheme tells whether it is TLS, and without a scheme INSECURE does; the port may be left out, and
 * a path says nothing.
 */
function grpcTarget(endpoint: string, isInsecure: boolean, place: Place): Parsed<OtelTarget> {
  const [, scheme = isInsecure ? 'http' : 'https', rest = ''] =
    /^(?:(https?|grpcs?):\/\/)?(.*)$/i.exec(endpoint) ?? [];
  const isSecure = /^(https|grpcs)$/i.test(scheme);
  const authority = rest.replace(/\/.*$/, '');
  const port = /:\d+$/.test(authority) ? '' : isSecure ? ':443' : ':80';
  return collectorTarget(`${isSecure ? 'grpcs' : 'grpc'}://${authority}${port}`, place);
}

function collectorTarget(endpoint: string, place: Place): Parsed<OtelTarget> {
  const target = parseTarget(endpoint, place);
  if (!target.ok) return target;
  if ('url' in target.value) return { ok: true, value: target.value };
  return { ok: false, value: endpoint, reason: 'not the URL of a collector' };
}

/** `key=value` as in W3C Baggage: values are percent-encoded. null when it is no header. */
function parseHeader(part: string): [name: string, value: string] | null {
  const split = part.indexOf('=');
  const name = part.slice(0, split).trim().toLowerCase();
  const value = percentDecoded(part.slice(split + 1).trim());
  if (split < 0 || value === null || headerProblem(name, value) !== null) return null;
  return [name, value];
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
