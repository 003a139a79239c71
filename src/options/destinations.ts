import type { Place } from './option.ts';
import { readOtelEnvironment } from './otel-environment.ts';
import { mergePairs } from './pairs.ts';
import type { Problem, Resolved } from './resolve.ts';
import type { Destination } from './run-options.ts';
import type { Settings } from './table.ts';
import type { Warning } from './warning.ts';

/** The collector that Grafana Alloy and the OpenTelemetry Collector offer by default. */
const defaultUrl = 'http://127.0.0.1:4318';

/**
 * The destinations that were given, or the user's own OTLP endpoint, or the default. The headers of the
 * user's OTEL_… variables go to the user's own endpoint only; headers given to ai-trace go to every
 * destination.
 */
export function destinationsOf(
  { forward, forwardHeaders }: Pick<Settings, 'forward' | 'forwardHeaders'>,
  env: NodeJS.ProcessEnv,
  place: Place,
): Resolved<{ destinations: Destination[]; warnings: Warning[] }> {
  if (forward !== null) {
    const destinations = forward.map((target) =>
      target.kind === 'http' ? { ...target, headers: forwardHeaders } : target,
    );
    return { ok: true, value: { destinations, warnings: [] } };
  }

  const own = readOtelEnvironment(env, place);
  if (own.kind === 'invalid') return { ok: false, problem: endpointProblem(own) };
  if (own.kind === 'found') {
    const headers = mergePairs(forwardHeaders, own.headers);
    const warnings: Warning[] = own.malformedHeaders ? [{ kind: 'malformed_headers' }] : [];
    return { ok: true, value: { destinations: [{ kind: 'http', url: own.url, headers }], warnings } };
  }
  const fallback: Destination = { kind: 'http', url: defaultUrl, headers: forwardHeaders };
  const warnings: Warning[] = own.kind === 'grpc' ? [{ kind: 'grpc_endpoint', endpoint: own.endpoint }] : [];
  return { ok: true, value: { destinations: [fallback], warnings } };
}

function endpointProblem({ value, reason }: { value: string; reason: string }): Problem {
  return { source: 'OTEL_EXPORTER_OTLP_ENDPOINT', key: 'forward', value, reason };
}
