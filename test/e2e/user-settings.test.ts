/** Telemetry settings the user has made: ours win for the one run, theirs stay, and the CLI starts whatever they are. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { expectFigures } from '../support/figures.ts';
import { claudeTools } from '../support/mock/tool-calls.ts';
import { type Rig, rig } from '../support/rig.ts';
import { traced } from '../support/traced.ts';

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

  const overGrpc = 'exporter = { otlp-grpc = { endpoint = "http://127.0.0.1:1" } }';

  test('with an exporter over gRPC', async () => {
    const codex = await rig('codex', { main: [done] });
    append(codex, '.codex/config.toml', `\n[otel]\n${overGrpc}\n`);
    const { code, stdout, receipt } = await traced(codex);
    expect(code).toBe(0);
    expect(stdout.toString()).toBe('All done.\n');
    expect(receipt.warnings).toContainEqual(expect.stringMatching(/config\.toml sends logs by otlp-grpc/));
    // Spans and metrics still come.
    expect(receipt.telemetry.received).toMatchObject({ logs: 0 });
    expect(receipt.telemetry.received.spans).toBeGreaterThan(0);
  });

  test('with an exporter over gRPC in the file of a profile', async () => {
    const codex = await rig('codex', { main: [done] });
    writeFileSync(join(codex.home, '.codex/work.config.toml'), `[otel]\n${overGrpc}\n`);
    const { code, stdout, receipt } = await traced(codex, { words: (words) => ['-p', 'work', ...words] });
    expect(code).toBe(0);
    expect(stdout.toString()).toBe('All done.\n');
    expect(receipt.warnings).toContainEqual(
      expect.stringMatching(/work\.config\.toml sends logs by otlp-grpc/),
    );
  });
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
