import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliName } from '../../scripts/clis.mjs';
import { listFolder, readText } from '../../src/commands/private-files.ts';
import { clis } from '../../src/providers/clis.ts';
import type { Receipt } from '../../src/report/receipt.ts';
import { cliArgs } from '../../test/support/cli-args.ts';
import { startAnthropic } from '../../test/support/mock/anthropic.ts';
import type { MockApi } from '../../test/support/mock/api.ts';
import { startGemini } from '../../test/support/mock/gemini.ts';
import { startOpenAi } from '../../test/support/mock/openai.ts';
import type { ToolCall } from '../../test/support/mock/script.ts';
import { claudeTools, codexTools, geminiTools } from '../../test/support/mock/tool-calls.ts';
import { runHeadless } from '../../test/support/run.ts';
import { cliEnv, createSandbox, type Sandbox } from '../../test/support/sandbox.ts';

export { startFaultyCollector } from '../../test/support/faults/collector.ts';
export { idleAfterTurn, idleWithoutTelemetry } from './idle.ts';

/** Who sends the telemetry of a session, and where to. */
export type Way =
  | { kind: 'no telemetry' }
  /** The CLI itself, by its own settings. */
  | { kind: 'native'; url: string }
  /** The CLI itself, with the settings that ai-trace would give it, but without ai-trace. */
  | { kind: 'injected'; url: string }
  /** As behind an alias, without words of its own. @param command Node, its words and the built program */
  | { kind: 'ai-trace'; command: readonly string[]; forward: string };

export interface Session {
  /** From the start to the end of the outermost program. ms */
  ms: number;
  /**
   * How long ai-trace went on after the CLI's end, ms: from `ended_at` of the receipt, the clock's ms at which it saw the end, to when its
   * own end was seen here. null where it did not run.
   */
  afterMs: number | null;
  receipt: Receipt | null;
}

const models: Record<CliName, (modelMs: number) => Promise<MockApi>> = {
  codex: (modelMs) => startOpenAi({ main: answers(codexTools.execCommand('echo hi'), modelMs) }),
  gemini: (modelMs) => startGemini({ main: answers(geminiTools.runShellCommand('echo hi'), modelMs) }),
  claude: (modelMs) => startAnthropic({ main: answers(claudeTools.bash('echo hi'), modelMs) }),
};

interface SessionOptions {
  /** Beside what the CLI needs. */
  env?: Readonly<Record<string, string>>;
  /** How long the model takes until the first byte of each of its two answers. ms */
  modelMs?: number;
}

/** One prompt of the real CLI against a mock of its model, with one tool, in an empty home. @throws {Error} when it fails */
export async function runSession(
  name: CliName,
  executable: string,
  way: Way,
  { env = {}, modelMs = 0 }: SessionOptions = {},
): Promise<Session> {
  const api = await models[name](modelMs);
  const sandbox = await createSandbox();
  try {
    const args = cliArgs(name, 'headless', 'Say hello to me.', { apiUrl: api.url });
    const own = { ...cliEnv(name, { apiUrl: api.url, executable, sandbox }), ...env };
    const started = await settingsOf(name, way, args, own, sandbox);
    const file = join(sandbox.home, 'receipt.json');
    const isTraced = way.kind === 'ai-trace';
    const command = isTraced ? [...way.command, name, ...started.args] : [executable, ...started.args];
    const options = isTraced ? { AI_TRACE_FORWARD: way.forward, AI_TRACE_SUMMARY_FILE: file } : {};
    const { code, ms, stderr } = await runHeadless(command, {
      env: { ...started.env, ...options },
      cwd: sandbox.cwd,
      timeoutMs: 120_000,
    });
    const endedAt = Date.now();
    if (code !== 0) throw new Error(`${name} (${way.kind}) ended with ${code}: ${stderr}`);
    if (!isTraced) return { ms, afterMs: null, receipt: null };
    const receipt: Receipt = JSON.parse(await readFile(file, 'utf8'));
    return { ms, afterMs: endedAt - Date.parse(receipt.ended_at), receipt };
  } finally {
    await api.close();
    await sandbox.remove();
  }
}

function answers(call: ToolCall, delayMs: number) {
  return [
    { kind: 'tool', calls: [call], delayMs },
    { kind: 'text', text: 'All done.', delayMs },
  ] as const;
}

interface Settings {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** What the outermost program gets: the CLI's own words and environment, and what makes it send. */
async function settingsOf(
  name: CliName,
  way: Way,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  sandbox: Sandbox,
): Promise<Settings> {
  if (way.kind === 'native') {
    const native = nativeSettings[name](way.url);
    return { args: [...native.args, ...args], env: { ...env, ...native.env } };
  }
  return way.kind === 'injected' ? injected(name, way.url, args, env, sandbox) : { args, env };
}

async function injected(
  name: CliName,
  url: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { home, cwd }: Sandbox,
): Promise<Settings> {
  const injection = await clis[name].inject({
    endpoint: url,
    origin: url,
    secretHeader: { name: 'x-secret', value: 'none' },
    grpcEndpoint: () => Promise.reject(new Error('the empty home asks for no gRPC')),
    args,
    content: false,
    env,
    home,
    cwd,
    platform: process.platform,
    readFile: readText,
    listFolder,
    writePrivate: (file, text) => {
      const path = join(home, file);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    },
  });
  const entries = Object.entries({ ...env, ...injection.env });
  const defined = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { args: injection.args, env: Object.fromEntries(defined) };
}

/** As the documentation of each tells to send to a collector over HTTP, and nothing else changed (facts of each CLI, §2). */
const nativeSettings: Record<CliName, (url: string) => Settings> = {
  codex: (url) => ({
    args: Object.entries({ exporter: 'logs', trace_exporter: 'traces', metrics_exporter: 'metrics' }).flatMap(
      ([key, signal]) => ['-c', `otel.${key}={otlp-http={endpoint="${url}/v1/${signal}",protocol="binary"}}`],
    ),
    env: {},
  }),
  gemini: (url) => ({
    args: [],
    env: {
      GEMINI_TELEMETRY_ENABLED: 'true',
      GEMINI_TELEMETRY_TARGET: 'local',
      GEMINI_TELEMETRY_OTLP_PROTOCOL: 'http',
      GEMINI_TELEMETRY_OTLP_ENDPOINT: url,
    },
  }),
  claude: (url) => ({
    args: [],
    env: {
      CLAUDE_CODE_ENABLE_TELEMETRY: '1',
      CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
    },
  }),
};
