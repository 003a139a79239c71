import { aroundProxy } from '../loopback.ts';
import type { Injection, InjectionConflict, InjectionContext } from '../provider.ts';
import { withRunId } from '../resource-attributes.ts';

const exporters = [
  { key: 'exporter', signal: 'logs' },
  { key: 'trace_exporter', signal: 'traces' },
  { key: 'metrics_exporter', signal: 'metrics' },
] as const;

const allKeys: readonly string[] = exporters.map(({ key }) => key);

/**
 * How much of a tool's output is sent, in bytes. Its first lines hold the exit code [6.2]: without content the
 * listener drops them when they have been read.
 */
const outputPreview = { withContent: 16_384, without: 200 };

/**
 * Codex takes our settings by `-c`, which beats its files key by key (facts/codex.md, section in brackets).
 */
export async function codexInjection(context: InjectionContext): Promise<Injection> {
  const { endpoint, runId, args, content, env, home, readFile } = context;
  const folder = env['CODEX_HOME'] || `${home}/.codex`;
  const profile = profileIn(args);
  const files = ['config.toml', ...(profile === undefined ? [] : [`${profile}.config.toml`])];
  const configs = files.map((name) => `${folder}/${name}`).map((file) => ({ file, toml: readFile(file) }));
  const { grpcKeys, conflicts } = await grpcExporters(configs, args);
  const settings = exporters
    .filter(({ key }) => !grpcKeys.includes(key))
    .map(
      ({ key, signal }) => `otel.${key}={otlp-http={endpoint="${endpoint}/v1/${signal}",protocol="binary"}}`,
    );
  settings.push(
    `otel.log_user_prompt=${content}`,
    `otel.log_agent_responses=${content}`,
    'otel.log_guardian_assessments=false',
    'otel.log_sse_deltas=false',
    `otel.tool_result={max_bytes=${content ? outputPreview.withContent : outputPreview.without}}`,
  );
  return {
    args: [...settings.flatMap((setting) => ['-c', setting]), ...args],
    conflicts,
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
  conflicts: InjectionConflict[];
}

/**
 * Tables are merged key by key: over a user's `otlp-grpc` an `otlp-http` of ours would stop Codex from
 * starting [2.4].
 */
async function grpcExporters(
  configs: readonly { file: string; toml: string | undefined }[],
  args: readonly string[],
): Promise<GrpcExporters> {
  const asked = allKeys.filter((key) => args.some((word) => asksForGrpc(word, key)));
  const found: { file: string; keys: readonly string[] }[] = [{ file: 'the command line', keys: asked }];
  const conflicts: InjectionConflict[] = [];
  for (const { file, toml } of configs) {
    const keys = toml?.includes('otel') ? await inConfig(toml) : [];
    if (keys === 'unparsable') conflicts.push({ kind: 'unparsable_config', file });
    found.push({ file, keys: keys === 'unparsable' ? allKeys : keys });
  }
  for (const { file, keys } of found) {
    const signals = exporters.filter(({ key }) => keys.includes(key)).map(({ signal }) => signal);
    const isTold = conflicts.some((conflict) => 'file' in conflict && conflict.file === file);
    if (signals.length > 0 && !isTold) conflicts.push({ kind: 'grpc_exporter', file, signals });
  }
  return { grpcKeys: found.flatMap(({ keys }) => keys), conflicts };
}

/** The user's own `-c otel.exporter.otlp-grpc.endpoint=…` or `-c 'otel.exporter={otlp-grpc=…}'`. */
function asksForGrpc(word: string, key: string): boolean {
  return new RegExp(`^(?:-c|--config=)?otel\\.${key}\\b.*otlp-grpc`).test(word);
}

/**
 * The profile that is asked for, a file of its own beside config.toml: `-p NAME`, `--profile NAME` or
 * `--profile=NAME`. Tables `[profiles.…]` are not read any more (seen on 0.169.0).
 */
function profileIn(args: readonly string[]): string | undefined {
  const at = args.findLastIndex((word) => /^(-p|--profile)(=|$)/.test(word));
  if (at < 0) return undefined;
  const word = args[at] ?? '';
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : args[at + 1];
}

/** The exporters that are `otlp-grpc` in a configuration file. */
async function inConfig(toml: string): Promise<readonly string[] | 'unparsable'> {
  const { default: TOML } = await import('@iarna/toml');
  try {
    const otel = member(TOML.parse(toml), 'otel');
    return allKeys.filter((key) => member(member(otel, key), 'otlp-grpc'));
  } catch {
    // Codex reads newer TOML than this parser: look at the text, and leave alone what may be gRPC.
    return toml.includes('otlp-grpc') ? 'unparsable' : [];
  }
}

function member(value: unknown, key: string): object | undefined {
  const found = (value as Record<string, unknown> | undefined)?.[key];
  return typeof found === 'object' && found !== null ? found : undefined;
}
