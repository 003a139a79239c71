import type { HeadersFile } from './headers-file.ts';
import type { Place } from './option.ts';
import { type OtelEnvironment, readOtelEnvironment } from './otel-environment.ts';
import { mergePairs, type Pairs } from './pairs.ts';
import type { Problem, Resolved } from './resolve.ts';
import type { Collector, Destination, TlsFiles } from './run-options.ts';
import type { Target } from './target.ts';
import type { Warning } from './warning.ts';

/** The collector that Grafana Alloy and the OpenTelemetry Collector offer by default. */
const defaultUrl = 'http://127.0.0.1:4318';

/** What was given to ai-trace itself. */
export interface DestinationSettings {
  /** null = not given. */
  forward: readonly Target[] | null;
  forwardHeaders: Pairs;
  forwardHeadersFile: HeadersFile | null;
  tls: TlsFiles;
}

/**
 * The destinations that were given, or the user's own OTLP endpoint, or the default. Headers and certificates of
 * the user's OTEL_… variables go to the user's own endpoint only, however it was given; those given to ai-trace go to every collector.
 */
export function destinationsOf(
  settings: DestinationSettings,
  env: NodeJS.ProcessEnv,
  place: Place,
): Resolved<{ destinations: Destination[]; warnings: Warning[] }> {
  const { forward, forwardHeadersFile, tls } = settings;
  const headers = mergePairs(settings.forwardHeaders, forwardHeadersFile?.headers ?? {});
  const warnings: Warning[] = [];
  if (forwardHeadersFile?.isPrivate === false) {
    warnings.push({ kind: 'readable_headers_file', file: forwardHeadersFile.file });
  }
  const resolved = (destinations: Destination[]) =>
    ({ ok: true, value: { destinations, warnings } }) as const;

  const own = readOtelEnvironment(env, place);
  const users =
    own.kind === 'found'
      ? collector(own.target, mergePairs(headers, own.headers), mergeTls(tls, own.tls))
      : null;
  if (forward !== null) {
    const given = (target: Target) => ('url' in target ? collector(target, headers, tls) : target);
    return resolved(
      forward.map((target) => (users && 'url' in target && target.url === users.url ? users : given(target))),
    );
  }
  if (own.kind === 'invalid') return { ok: false, problem: endpointProblem(own) };
  if (users === null) return resolved([collector({ kind: 'http', url: defaultUrl }, headers, tls)]);
  if (own.kind === 'found' && own.malformedHeaders) warnings.push({ kind: 'malformed_headers' });
  return resolved([users]);
}

function collector(target: Pick<Collector, 'kind' | 'url'>, headers: Pairs, tls: TlsFiles): Collector {
  const isSecure = /^(https|grpcs):/.test(target.url);
  const isGiven = Object.values(tls).some((file) => file !== null);
  return { ...target, headers, tls: isSecure && isGiven ? tls : null };
}

/** A certificate and its key come from one source. */
function mergeTls(stronger: TlsFiles, weaker: TlsFiles): TlsFiles {
  const { cert, key } = stronger.cert === null && stronger.key === null ? weaker : stronger;
  return { ca: stronger.ca ?? weaker.ca, cert, key };
}

function endpointProblem({ value, reason }: Extract<OtelEnvironment, { kind: 'invalid' }>): Problem {
  return { source: 'OTEL_EXPORTER_OTLP_ENDPOINT', key: 'forward', value, reason };
}
