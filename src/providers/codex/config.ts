import { aroundProxy } from '../loopback.ts';
import type { Injection, InjectionContext, Variables } from '../provider.ts';
import { type ExporterPlan, exporters, planExporters } from './exporters.ts';
import { toolSettings } from './tool-variables.ts';

/**
 * How much of a tool's output is sent, in bytes. Its first lines hold the exit code [6.2]: without content the
 * listener drops them when they have been read.
 */
const outputPreview = { withContent: 16_384, without: 200 };

/**
 * Codex takes our settings by `-c`, which beats its files key by key (facts/codex.md, section in brackets). The
 * command line can be read by everybody, so the secret is in the environment: Codex sends the headers it finds
 * there with every signal, by HTTP and by gRPC, before those of its files (measured on 0.169.0). The tools that
 * it runs do not see them (tool-variables.ts).
 */
export async function codexInjection(context: InjectionContext): Promise<Injection> {
  const { args, content, env } = context;
  const { variants, toolPolicy, conflicts } = await planExporters(context);
  const variables: Variables = {
    // A failing run exits without a flush: only what has left by then arrives [3].
    OTEL_BLRP_SCHEDULE_DELAY: '10',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
    ...headers(variants, context),
    ...withoutObstacles(env),
  };
  const settings = [
    ...(await exporterSettings(variants, context)),
    `otel.log_user_prompt=${content}`,
    `otel.log_agent_responses=${content}`,
    'otel.log_guardian_assessments=false',
    'otel.log_sse_deltas=false',
    `otel.tool_result={max_bytes=${content ? outputPreview.withContent : outputPreview.without}}`,
    ...toolSettings(variables, env, toolPolicy),
  ];
  return {
    args: [...settings.flatMap((setting) => ['-c', setting]), ...args],
    conflicts,
    env: { ...variables, ...aroundProxy(env) },
  };
}

async function exporterSettings(
  variants: ExporterPlan['variants'],
  { origin, grpcEndpoint }: InjectionContext,
): Promise<string[]> {
  const settings: string[] = [];
  for (const { key, signal } of exporters) {
    const variant = variants[key];
    if (variant === 'otlp-http') {
      settings.push(`otel.${key}={otlp-http={endpoint="${origin}/v1/${signal}",protocol="binary"}}`);
    }
    // The user's `tls` table stays beside it, and does nothing for an address that begins with http:.
    if (variant === 'otlp-grpc')
      settings.push(`otel.${key}={otlp-grpc={endpoint="${await grpcEndpoint()}"}}`);
  }
  return settings;
}

const perSignal = ['LOGS', 'TRACES', 'METRICS'];

/**
 * A variable for one signal hides the general one from it. So the user's own keeps its meaning for the tools that Codex runs, and
 * for a signal that goes elsewhere; and its credentials do not come here.
 */
function headers(
  variants: ExporterPlan['variants'],
  { secretHeader: { name, value } }: InjectionContext,
): Record<string, string> {
  const ours = exporters.filter(({ key }) => variants[key] !== undefined);
  return Object.fromEntries(
    ours.map(({ signal }) => [`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`, `${name}=${value}`]),
  );
}

/** Variables with which Codex 0.169.0 sends nothing (compression, whatever its value) or no spans (sampler). */
function withoutObstacles(env: InjectionContext['env']): Record<string, undefined> {
  const names = ['OTEL_TRACES_SAMPLER', 'OTEL_EXPORTER_OTLP_COMPRESSION'];
  names.push(...perSignal.map((signal) => `OTEL_EXPORTER_OTLP_${signal}_COMPRESSION`));
  return Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, undefined]));
}
