import { aroundProxy } from './loopback.ts';
import type { Injection, InjectionConflict, InjectionContext } from './provider.ts';
import { withRunId } from './resource-attributes.ts';

const exporters = [
  { key: 'exporter', signal: 'logs' },
  { key: 'trace_exporter', signal: 'traces' },
  { key: 'metrics_exporter', signal: 'metrics' },
] as const;

/** The first lines of a tool's output hold its exit code; the listener drops the rest [6.2]. Bytes. */
const outputPreview = 200;

/**
 * Codex takes our settings by `-c`, which beats its files key by key (facts/codex.md, section in brackets).
 */
export async function codexInjection(context: InjectionContext): Promise<Injection> {
  const { endpoint, runId, args, env, home, readFile } = context;
  const configFile = `${env['CODEX_HOME'] || `${home}/.codex`}/config.toml`;
  const { grpcKeys, conflict } = await grpcExporters(configFile, readFile(configFile), args);
  const settings = exporters
    .filter(({ key }) => !grpcKeys.includes(key))
    .map(
      ({ key, signal }) => `otel.${key}={otlp-http={endpoint="${endpoint}/v1/${signal}",protocol="binary"}}`,
    );
  settings.push(
    'otel.log_user_prompt=false',
    'otel.log_sse_deltas=false',
    `otel.tool_result={max_bytes=${outputPreview}}`,
  );
  return {
    args: [...settings.flatMap((setting) => ['-c', setting]), ...args],
    conflicts: conflict ? [conflict] : [],
    env: {
      // A failing run exits without a flush: only what has left by then arrives [3].
      OTEL_BLRP_SCHEDULE_DELAY: '10',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_RESOURCE_ATTRIBUTES: withRunId(env['OTEL_RESOURCE_ATTRIBUTES'], runId),
      ...aroundProxy(env),
    },
  };
}

interface GrpcExporters {
  /** Those that are to be left alone. */
  grpcKeys: readonly string[];
  conflict?: InjectionConflict;
}

/**
 * Tables are merged key by key: over a user's `otlp-grpc` an `otlp-http` of ours would stop Codex from
 * starting [2.4].
 */
async function grpcExporters(
  file: string,
  toml: string | undefined,
  args: readonly string[],
): Promise<GrpcExporters> {
  const asked = exporters.filter(({ key }) => args.some((word) => asksForGrpc(word, key)));
  const configured = toml?.includes('otel') ? await inConfig(toml, profileIn(args)) : [];
  if (configured === 'unparsable') {
    return { grpcKeys: exporters.map(({ key }) => key), conflict: { kind: 'unparsable_config', file } };
  }
  const found = exporters.filter(({ key }) => configured.includes(key));
  const left = exporters.filter((each) => asked.includes(each) || found.includes(each));
  if (left.length === 0) return { grpcKeys: [] };
  const signals = left.map(({ signal }) => signal);
  const place = found.length > 0 ? file : 'the command line';
  return {
    grpcKeys: left.map(({ key }) => key),
    conflict: { kind: 'grpc_exporter', file: place, signals },
  };
}

/** The user's own `-c otel.exporter.otlp-grpc.endpoint=…` or `-c 'otel.exporter={otlp-grpc=…}'`. */
function asksForGrpc(word: string, key: string): boolean {
  return new RegExp(`^(?:-c|--config=)?otel\\.${key}\\b.*otlp-grpc`).test(word);
}

/** `-p NAME`, `--profile NAME` or `--profile=NAME`. */
function profileIn(args: readonly string[]): string | undefined {
  const at = args.findLastIndex((word) => /^(-p|--profile)(=|$)/.test(word));
  if (at < 0) return undefined;
  const word = args[at] ?? '';
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : args[at + 1];
}

/** The exporters that are `otlp-grpc` in the file or in the profile of it that is used. */
async function inConfig(
  toml: string,
  profile: string | undefined,
): Promise<readonly string[] | 'unparsable'> {
  const { default: TOML } = await import('@iarna/toml');
  let config: unknown;
  try {
    config = TOML.parse(toml);
  } catch {
    // Codex reads newer TOML than this parser: look at the text, and leave alone what may be gRPC.
    return toml.includes('otlp-grpc') ? 'unparsable' : [];
  }
  const used = profile ?? (config as { profile?: unknown }).profile;
  const tables = [config, member(member(config, 'profiles'), String(used))];
  const keys = exporters.map(({ key }) => key);
  return keys.filter((key) =>
    tables.some((table) => member(member(member(table, 'otel'), key), 'otlp-grpc')),
  );
}

function member(value: unknown, key: string): object | undefined {
  const found = (value as Record<string, unknown> | undefined)?.[key];
  return typeof found === 'object' && found !== null ? found : undefined;
}
