/** Telemetry settings the user has made: ours win for the one run, theirs stay, and the CLI starts whatever they are. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { startCollector } from '../support/collector.ts';
import { expectFigures } from '../support/figures.ts';
import { claudeTools, codexTools } from '../support/mock/tool-calls.ts';
import { canMount, withOwnEtc } from '../support/own-etc.ts';
import { type Rig, rig } from '../support/rig.ts';
import { runHeadless } from '../support/run.ts';
import { readReceipt, type TracedRun, traced, tracedCommand } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;

/** Adds to a user file of the home; returns what it holds then. */
function append(cli: Rig, path: string, text: string): string {
  const file = join(cli.home, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text, { flag: 'a' });
  return readFileSync(file, 'utf8');
}

function merge(cli: Rig, path: string, settings: object): string {
  const file = join(cli.home, path);
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...settings }));
  return readFileSync(file, 'utf8');
}

/** A traced session whose `/etc` is the folder `etc` of the home. */
function tracedWithOwnEtc(cli: Rig) {
  return runHeadless(withOwnEtc(cli.home, tracedCommand(cli, 'headless', { prompt: 'Hello.' })), cli);
}

describe('codex', () => {
  test('with exporters over HTTP and headers of its own', async () => {
    const theirs = await startCollector();
    const codex = await rig('codex', { main: [done] });
    const exporter = (signal: string) =>
      `{ otlp-http = { endpoint = "${theirs.url}/v1/${signal}", protocol = "json", headers = { x-secret = "s3cret" } } }`;
    const config = append(
      codex,
      '.codex/config.toml',
      `\n[otel]\nenvironment = "dev"\nlog_user_prompt = true\nexporter = ${exporter('logs')}\ntrace_exporter = ${exporter('traces')}\nmetrics_exporter = ${exporter('metrics')}\n`,
    );
    const { code, receipt, forwarded } = await traced(codex, { prompt: 'The prompt is private.' });
    expect(code).toBe(0);
    expectFigures(receipt, codex.api.spent);
    expect(receipt.warnings).toEqual([]);
    expect(theirs.requests).toEqual([]);
    expect(forwarded).not.toContain('The prompt is private.');
    expect(forwarded).not.toContain('s3cret');
    expect(readFileSync(join(codex.home, '.codex/config.toml'), 'utf8')).toBe(config);
  });

  /** The `[otel]` table with this value for all three. */
  const allExporters = (value: string) =>
    `\n[otel]\nexporter = ${value}\ntrace_exporter = ${value}\nmetrics_exporter = ${value}\n`;
  const authority = createAuthority();
  afterAll(() => authority.remove());
  const theirTls = `tls = { ca-certificate = "${authority.ca}" }`;
  const theirGrpc = `{ otlp-grpc = { endpoint = "https://127.0.0.1:1", headers = { x-secret = "s3cret" }, ${theirTls} } }`;

  function expectAllSignals(receipt: TracedRun['receipt']): void {
    const { logs, spans, metric_points: points } = receipt.telemetry.received;
    expect(Math.min(logs, spans, points)).toBeGreaterThan(0);
    expect(receipt.warnings).toEqual([]);
  }

  test('with exporters over gRPC, and headers and a certificate for them', async () => {
    const codex = await rig('codex', { main: [done] });
    append(codex, '.codex/config.toml', allExporters(theirGrpc));
    const { code, stdout, receipt, forwarded } = await traced(codex, { prompt: 'The prompt is private.' });
    expect(code).toBe(0);
    expect(stdout.toString()).toBe('All done.\n');
    expectFigures(receipt, codex.api.spent);
    expectAllSignals(receipt);
    expect(forwarded).not.toContain('The prompt is private.');
    expect(forwarded).not.toContain('s3cret');
  });

  test('with one exporter over gRPC, in the file of a profile', async () => {
    const codex = await rig('codex', { main: [done] });
    const toml = '[otel]\nexporter = { otlp-grpc = { endpoint = "http://127.0.0.1:1" } }\n';
    writeFileSync(join(codex.home, '.codex/work.config.toml'), toml);
    const { code, receipt } = await traced(codex, { words: (words) => ['-pwork', ...words] });
    expect(code).toBe(0);
    expectFigures(receipt, codex.api.spent);
    expectAllSignals(receipt);
  });

  test.each<{ how: string; toml?: string; project?: string; env?: Record<string, string>; words?: string[] }>(
    [
      { how: 'exporters that are none', toml: allExporters('"none"') },
      { how: '--ignore-user-config', toml: allExporters(theirGrpc), words: ['--ignore-user-config'] },
      { how: '--strict-config', words: ['--strict-config'] },
      { how: 'exporters in a trusted project', project: allExporters(theirGrpc) },
      {
        how: 'a certificate authority of its own over HTTP',
        toml: allExporters(
          `{ otlp-http = { endpoint = "https://127.0.0.1:1", protocol = "json", ${theirTls} } }`,
        ),
      },
      { how: 'compression in the environment', env: { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } },
      { how: 'a sampler in the environment', env: { OTEL_TRACES_SAMPLER: 'always_off' } },
      {
        how: 'headers in the environment',
        env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-a=b', OTEL_EXPORTER_OTLP_LOGS_HEADERS: '' },
      },
    ],
  )('with $how', async ({ toml = '', project, env = {}, words: added = [] }) => {
    const codex = await rig('codex', { main: [done] });
    append(codex, '.codex/config.toml', toml);
    if (project !== undefined) append(codex, 'project/.codex/config.toml', project);
    const { code, receipt } = await traced(codex, { env, words: (words) => [...words, ...added] });
    expect(code).toBe(0);
    expectFigures(receipt, codex.api.spent);
    expectAllSignals(receipt);
  });

  test.each([
    ['-c', 'otel.exporter.otlp-grpc.endpoint="http://127.0.0.1:1"'],
    ['-c', 'otel.exporter={otlp-http={endpoint="http://127.0.0.1:1",protocol="json"}}'],
    ['-c', 'otel.exporter="none"'],
  ])('with an exporter of its own in the command line: %s %s', async (...own) => {
    const codex = await rig('codex', { main: [done] });
    const { code, receipt } = await traced(codex, { words: (words) => [...own, ...words] });
    expect(code).toBe(0);
    expect(receipt.warnings).toContainEqual(
      expect.stringMatching(/^your command line says itself where logs/),
    );
    expect(receipt.telemetry.received.logs).toBe(0);
    expect(receipt.telemetry.received.spans).toBeGreaterThan(0);
  });

  test('with a client certificate over HTTP', async () => {
    const codex = await rig('codex', { main: [done] });
    const { cert, key } = authority.issue();
    const tls = `{ client-certificate = "${cert}", client-private-key = "${key}" }`;
    const exporter = `{ otlp-http = { endpoint = "https://127.0.0.1:1", protocol = "json", tls = ${tls} } }`;
    append(codex, '.codex/config.toml', `\n[otel]\ntrace_exporter = ${exporter}\n`);
    const { code, receipt } = await traced(codex);
    expect(code).toBe(0);
    expectFigures(receipt, codex.api.spent);
    expect(receipt.warnings).toEqual([
      expect.stringMatching(/^traces go by otlp-http with a client certificate/),
    ]);
    expect(receipt.telemetry.received).toMatchObject({ spans: 0 });
  });

  test.runIf(canMount)('with exporters over gRPC in the file of the machine', async () => {
    const codex = await rig('codex', { main: [done] });
    append(codex, 'etc/codex/config.toml', allExporters(theirGrpc));
    const { code } = await tracedWithOwnEtc(codex);
    expect(code).toBe(0);
    expectFigures(readReceipt(codex), codex.api.spent);
    expectAllSignals(readReceipt(codex));
  });

  test.runIf(canMount).each(['managed_config.toml', 'requirements.toml'])(
    'with managed settings in %s',
    async (name) => {
      const codex = await rig('codex', { main: [done] });
      const toml = '[otel]\nexporter = { otlp-grpc = { endpoint = "http://127.0.0.1:1" } }\n';
      append(codex, `etc/codex/${name}`, toml);
      const { code } = await tracedWithOwnEtc(codex);
      expect(code).toBe(0);
      const { warnings, telemetry } = readReceipt(codex);
      expect(warnings).toContainEqual(expect.stringContaining(`/etc/codex/${name} fixes otel.exporter`));
      expect(telemetry.received.logs).toBe(0);
      expect(telemetry.received.spans).toBeGreaterThan(0);
    },
  );

  test.runIf(process.platform === 'linux')('shows the secret in no command line', async () => {
    // What runs the tool is Codex itself.
    const call = codexTools.execCommand(
      'cat /proc/$PPID/cmdline > seen; cat /proc/$PPID/environ > variables',
    );
    const codex = await rig('codex', { main: [{ kind: 'tool', calls: [call] }, done] });
    await traced(codex);
    const words = (file: string) => readFileSync(join(codex.cwd, file), 'utf8').split('\0').join(' ');
    const secret = /x-ai-trace-token=([\w-]+)/.exec(words('variables'))?.[1] ?? '';
    expect(secret).toHaveLength(32);
    expect(words('seen')).toMatch(/otel\.exporter=/);
    expect(words('seen')).not.toContain(secret);
  });
});

describe('gemini', () => {
  const obstacles = Object.entries({
    GEMINI_TELEMETRY_ENABLED: 'false',
    GEMINI_TELEMETRY_TARGET: 'gcp',
    GEMINI_TELEMETRY_OTLP_PROTOCOL: 'grpc',
    GEMINI_TELEMETRY_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    GEMINI_TELEMETRY_OUTFILE: 'telemetry.log',
    GEMINI_TELEMETRY_USE_CLI_AUTH: 'true',
    GEMINI_TELEMETRY_LOG_PROMPTS: 'true',
    OTEL_SDK_DISABLED: 'true',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-a=b',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_TRACES_SAMPLER: 'always_off',
    OTEL_LOG_LEVEL: 'debug',
  });

  test.each(['project/.gemini/.env', '.gemini/.env', '.env', 'project/.env'])(
    'with everything against it in %s',
    async (file) => {
      const gemini = await rig('gemini', { main: [done] });
      append(gemini, file, obstacles.map(([name, value]) => `${name}=${value}\n`).join(''));
      const { code, stderr, receipt, forwarded } = await traced(gemini, { prompt: 'The prompt is private.' });
      expect(code).toBe(0);
      expect(stderr).not.toMatch(/DiagAPI|logger/);
      expectFigures(receipt, gemini.api.spent);
      expect(receipt.warnings).toEqual([]);
      expect(receipt.telemetry.received.spans).toBeGreaterThan(0);
      expect(forwarded).not.toContain('The prompt is private.');
    },
  );
});

test.each([
  { how: 'a file', telemetry: { enabled: true, outfile: 'telemetry.log' } },
  { how: 'Google Cloud', telemetry: { enabled: true, target: 'gcp', useCliAuth: true } },
  { how: 'nowhere', telemetry: { enabled: false, otlpProtocol: 'grpc', logPrompts: true } },
])('gemini with telemetry to $how', async ({ telemetry }) => {
  const gemini = await rig('gemini', { main: [done] });
  const settings = merge(gemini, '.gemini/settings.json', { telemetry });
  const { code, receipt, forwarded } = await traced(gemini, { prompt: 'The prompt is private.' });
  expect(code).toBe(0);
  expectFigures(receipt, gemini.api.spent);
  expect(receipt.warnings).toEqual([]);
  expect(forwarded).not.toContain('The prompt is private.');
  expect(readFileSync(join(gemini.home, '.gemini/settings.json'), 'utf8')).toBe(settings);
});

describe('claude', () => {
  test('with telemetry switched off, and logs to a collector of its own', async () => {
    const theirs = await startCollector();
    const claude = await rig('claude', { main: [done] });
    const env = {
      CLAUDE_CODE_ENABLE_TELEMETRY: '0',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${theirs.url}/v1/logs`,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${theirs.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${theirs.url}/v1/metrics`,
      OTEL_METRICS_INCLUDE_SESSION_ID: 'false',
      OTEL_LOG_USER_PROMPTS: '1',
    };
    append(claude, '.claude/settings.json', JSON.stringify({ env }));
    const { code, receipt, forwarded } = await traced(claude, { prompt: 'The prompt is private.' });
    expect(code).toBe(0);
    expectFigures(receipt, claude.api.spent);
    expect(receipt.warnings).toEqual([]);
    expect(theirs.requests).toEqual([]);
    expect(forwarded).not.toContain('The prompt is private.');
  });

  const settings = JSON.stringify({
    env: { FROM_USER: 'kept', OTEL_RESOURCE_ATTRIBUTES: 'team=red' },
    permissions: { deny: ['Write'] },
  });
  test.each(['as JSON', 'as JSON after an equals sign', 'as a file'])('with --settings %s', async (how) => {
    const claude = await rig('claude', {
      main: [
        { kind: 'tool', calls: [claudeTools.bash('echo "$FROM_USER" > seen'), claudeTools.write('no', 'x')] },
        done,
      ],
    });
    writeFileSync(join(claude.cwd, 'mine.json'), settings);
    const given: Record<string, string[]> = {
      'as JSON': ['--settings', settings],
      'as JSON after an equals sign': [`--settings=${settings}`],
      'as a file': ['--settings', 'mine.json'],
    };
    const { code, receipt, forwarded } = await traced(claude, {
      words: (words) => [...(given[how] ?? []), ...words],
    });
    expect(code).toBe(0);
    expectFigures(receipt, claude.api.spent);
    expect(readFileSync(join(claude.cwd, 'seen'), 'utf8')).toBe('kept\n');
    // Their rule still holds: it is no tool at all then.
    expect(receipt.tools).toMatchObject([{ name: 'Bash', calls: 1, failures: 0 }]);
    expect(forwarded).toContain('"team"');
  });

  test.each([
    [
      'two --settings',
      (words: readonly string[]) => ['--settings', '{"env":{"A":"1"}}', '--settings', settings, ...words],
    ],
    ['--setting-sources of none', (words: readonly string[]) => ['--setting-sources', '', ...words]],
  ])('with %s', async (_, words) => {
    const claude = await rig('claude', { main: [done] });
    const { code, receipt } = await traced(claude, { words });
    expect(code).toBe(0);
    expectFigures(receipt, claude.api.spent);
    expect(receipt.warnings).toEqual([]);
  });

  const against = {
    CLAUDE_CODE_ENABLE_TELEMETRY: '0',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-a=b',
    OTEL_SDK_DISABLED: 'true',
    OTEL_TRACES_SAMPLER: 'always_off',
    DISABLE_TELEMETRY: '1',
    DO_NOT_TRACK: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
  test.each([
    ['the user', '.claude/settings.json'],
    ['the project', 'project/.claude/settings.json'],
    ['the project, local', 'project/.claude/settings.local.json'],
  ])('with everything against it in the settings of %s', async (_, file) => {
    const claude = await rig('claude', { main: [done] });
    append(claude, file, JSON.stringify({ env: against }));
    const { code, receipt } = await traced(claude);
    expect(code).toBe(0);
    expectFigures(receipt, claude.api.spent);
    expect(receipt.telemetry.received.spans).toBeGreaterThan(0);
    expect(receipt.warnings).toEqual([]);
  });

  test('with a program that makes headers', async () => {
    const claude = await rig('claude', { main: [done] });
    const helper = join(claude.home, 'headers.sh');
    writeFileSync(helper, '#!/bin/sh\necho \'{"x-secret":"s3cret"}\'\n', { mode: 0o755 });
    append(claude, '.claude/settings.json', JSON.stringify({ otelHeadersHelper: helper }));
    const { code, receipt, forwarded } = await traced(claude);
    expect(code).toBe(0);
    expectFigures(receipt, claude.api.spent);
    expect(receipt.warnings).toEqual([]);
    expect(forwarded).not.toContain('s3cret');
  });

  test.runIf(canMount).each([
    [
      'headers alone',
      'managed-settings.json',
      { OTEL_EXPORTER_OTLP_HEADERS: 'a=b' },
      /sends no telemetry at all/,
    ],
    [
      'an endpoint in a drop-in',
      'managed-settings.d/10-otel.json',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
      /telemetry may go elsewhere/,
    ],
  ])('with managed settings that fix %s', async (_, name, env, warning) => {
    const claude = await rig('claude', { main: [done] });
    append(claude, `etc/claude-code/${name}`, JSON.stringify({ env }));
    const { code } = await tracedWithOwnEtc(claude);
    expect(code).toBe(0);
    expect(readReceipt(claude).warnings).toContainEqual(expect.stringMatching(warning));
    expect(readReceipt(claude).telemetry.received.logs).toBe(0);
  });

  test('with --settings that cannot be read', async () => {
    const claude = await rig('claude', { main: [done] });
    const { code, stdout, receipt } = await traced(claude, {
      words: (words) => ['--settings', 'missing.json', ...words],
    });
    expect(code).not.toBe(0);
    expect(stdout.toString()).not.toContain('All done.');
    expect(receipt.warnings).toContainEqual(
      expect.stringMatching(/^--settings missing\.json could not be read/),
    );
  });
});
