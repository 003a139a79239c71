/** What goes wrong before or beside the CLI: told in one place, and never the CLI's loss. */
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { fixture, standin } from '../support/standin-cli.ts';
import { ownWords, readReceipt } from '../support/traced.ts';

const npmPackages: [CliName, string][] = [
  ['codex', '@openai/codex'],
  ['gemini', '@google/gemini-cli'],
  ['claude', '@anthropic-ai/claude-code'],
];

describe('the CLI', () => {
  test.each(npmPackages)('%s is not installed', async (name, npmPackage) => {
    const cli = await standin(name);
    rmSync(join(cli.home, 'bin', name));
    const { code, stdout, stderr } = await cli.run({ words: ['--forward', 'none', name, '--help'] });
    expect(code).toBe(127);
    expect(stdout.toString()).toBe('');
    expect(stderr).toContain(`npm install -g ${npmPackage}\n`);
  });

  test('may not be executed', async () => {
    const cli = await standin('codex');
    chmodSync(join(cli.home, 'bin', 'codex'), 0o644);
    const { code, stderr } = await cli.run({ words: ['--forward', 'none', 'codex'] });
    expect(code).toBe(126);
    expect(stderr).toContain(`${cli.home}/bin/codex is not executable`);
  });

  test('has an interpreter that is not there', async () => {
    const cli = await standin('codex');
    writeFileSync(join(cli.home, 'bin', 'codex'), '#!/no/such/interpreter\n');
    const { code, stderr } = await cli.run({ words: ['--forward', 'none', 'codex'] });
    expect(code).toBe(127);
    expect(stderr).toContain('its interpreter was not found');
  });
});

describe('a command line', () => {
  const none = ['--forward', 'none'];
  test.each([
    {
      what: 'an unknown word',
      words: ['copilot', 'hello'],
      says: "'copilot' is neither a CLI nor a command",
    },
    { what: 'no word', words: none, says: 'which CLI?' },
    { what: 'an unknown option', words: ['--frobnicate', 'codex'], says: "unknown option '--frobnicate'" },
    { what: 'an option that takes the CLI for its value', words: ['--forward', 'codex'], says: 'which CLI?' },
    { what: 'a bad value', words: ['--summary', 'often', 'codex'], says: "--summary: summary = 'often'" },
    {
      what: 'a bad destination',
      words: ['--forward', 'ftp://x', 'codex'],
      says: "--forward: forward = 'ftp://x'",
    },
  ])('with $what', async ({ words, says }) => {
    const cli = await standin('codex');
    const { code, stdout, stderr } = await cli.run({ words, steps: [{ say: 'it ran' }] });
    expect(code).toBe(2);
    expect(stdout.toString()).toBe('');
    expect(stderr).toContain(says);
  });

  test('of which nothing is told with --quiet', async () => {
    const cli = await standin('codex');
    const result = await cli.run({ words: ['--quiet', '--summary', 'often', 'codex'] });
    expect(result).toMatchObject({ code: 2, stderr: '' });
  });
});

describe('a configuration', () => {
  const file = '.config/ai-trace/config.toml';
  async function configured(text: string, path = file) {
    const cli = await standin('codex');
    mkdirSync(dirname(join(cli.home, path)), { recursive: true });
    writeFileSync(join(cli.home, path), text);
    return cli;
  }

  test.each([
    { text: 'summary = "often"', says: "config.toml: summary = 'often'" },
    { text: 'forward = 4318', says: "config.toml: forward = '4318'" },
    { text: '[prices."gpt-*"]\ninput = "cheap"\noutput = 1', says: 'config.toml: prices' },
  ])('with a bad value: $says', async ({ text, says }) => {
    const cli = await configured(text);
    const { code, stdout, stderr } = await cli.run({ words: ['codex'], steps: [{ say: 'it ran' }] });
    expect(code).toBe(2);
    expect(stdout.toString()).toBe('');
    expect(stderr).toContain(join(cli.home, file));
    expect(stderr).toContain(says);
  });

  test('with a bad value in a variable', async () => {
    const cli = await standin('codex');
    const { code, stderr } = await cli.run({ words: ['codex'], env: { AI_TRACE_FORWARD: 'x' } });
    expect(code).toBe(2);
    expect(stderr).toContain("AI_TRACE_FORWARD: forward = 'x'");
  });

  test.each([
    { what: 'is not TOML', path: file, text: 'summary = = 1', says: /config\.toml could not be read \(/ },
    { what: 'has a key that is not ours', path: file, text: 'sumary = "never"', says: /sumary is not a key/ },
    {
      what: 'is a project’s and goes too far',
      path: 'project/.ai-trace.toml',
      text: 'forward = "http://127.0.0.1:1"',
      says: /forward may not be set by a project/,
    },
  ])('that $what is a warning', async ({ path, text, says }) => {
    const cli = await configured(text, path);
    const { code, stdout } = await cli.run({
      words: [...ownWords(cli), 'codex'],
      steps: [{ say: 'it ran' }, { exit: 3 }],
    });
    expect(code).toBe(3);
    expect(stdout.toString()).toBe('it ran\n');
    expect(readReceipt(cli).warnings).toContainEqual(expect.stringMatching(says));
  });
});

describe('a session', () => {
  const metrics = JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'gemini-cli' } }] },
        scopeMetrics: [
          {
            scope: { name: 'gemini-cli' },
            metrics: [
              {
                name: 'gemini_cli.session.count',
                sum: {
                  dataPoints: [{ asInt: 1, timeUnixNano: '1795225159123842856' }],
                  aggregationTemporality: 2,
                  isMonotonic: true,
                },
              },
            ],
          },
        ],
      },
    ],
  });

  test('with requests that cannot be read', async () => {
    const cli = await standin('gemini', fixture('telemetry.mjs'));
    const requests = [
      { path: '/v1/logs', body: '{"resourceLogs":[' },
      { path: '/v1/traces', type: 'application/x-protobuf', body: 'no protobuf' },
      { path: '/v1/logs', type: 'text/plain', body: 'hello' },
      { path: '/v1/metrics', body: metrics },
    ];
    const { code, stdout } = await cli.run({
      words: [...ownWords(cli), 'gemini'],
      env: { TELEMETRY: JSON.stringify(requests) },
    });
    expect(code).toBe(0);
    expect(stdout.toString()).toBe('200\n200\n200\n200\n');
    const { telemetry, warnings } = readReceipt(cli);
    expect(telemetry.received).toMatchObject({ metric_points: 1, rejected_requests: 3 });
    expect(warnings).toEqual([expect.stringMatching(/^3 telemetry requests could not be read/)]);
  });

  test('with strangers at its listener', async () => {
    const cli = await standin('gemini', fixture('telemetry.mjs'));
    const requests = [
      { path: '/v1/metrics', body: metrics, secret: false },
      { path: '/guess/v1/metrics', body: metrics, secret: false },
      { path: '/v1/other', body: metrics },
      { path: '/v1/metrics', body: metrics },
    ];
    const { stdout } = await cli.run({
      words: [...ownWords(cli), 'gemini'],
      env: { TELEMETRY: JSON.stringify(requests) },
    });
    expect(stdout.toString()).toBe('404\n404\n404\n200\n');
    const { telemetry, warnings } = readReceipt(cli);
    expect(telemetry.received).toMatchObject({ metric_points: 1, rejected_requests: 0 });
    expect(warnings).toEqual([expect.stringMatching(/^2 connections without this run's secret/)]);
  });

  test('without a listener', async () => {
    const cli = await standin('claude');
    const { code, stdout, stderr } = await cli.run({
      words: [...ownWords(cli), 'claude', '-p', 'hello'],
      steps: [{ argv: true }, { exit: 5 }],
      env: { NODE_OPTIONS: `--require ${fixture('no-listen.cjs')}` },
    });
    expect(code).toBe(5);
    expect(JSON.parse(stdout.toString())).toEqual(['-p', 'hello']);
    expect(stderr).toBe(
      'ai-trace: cannot listen on 127.0.0.1 (listen EADDRNOTAVAIL): this session is not traced.\n',
    );
  });

  test('without a place for its private file', async () => {
    const cli = await standin('claude');
    writeFileSync(join(cli.home, 'file'), '');
    const { code, stdout, stderr } = await cli.run({
      words: [...ownWords(cli), 'claude', '-p', 'hello'],
      steps: [{ argv: true }],
      env: { XDG_RUNTIME_DIR: join(cli.home, 'file') },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout.toString())).toEqual(['-p', 'hello']);
    expect(stderr).toMatch(/^ai-trace: this session is not traced: .*ENOTDIR.*\n$/);
  });

  test('that cannot leave its receipt', async () => {
    const cli = await standin('codex');
    writeFileSync(join(cli.home, 'file'), '');
    const { code, stderr } = await cli.run({
      words: [
        '--forward',
        'none',
        '--summary-file',
        join(cli.home, 'file', 'receipt.json'),
        '--summary',
        'always',
        'codex',
      ],
      steps: [{ exit: 4 }],
    });
    expect(code).toBe(4);
    expect(stderr.replace(/\s+/g, ' ')).toContain('could not write the summary file');
  });

  test('that is told nothing of, with --quiet', async () => {
    const cli = await standin('codex');
    const result = await cli.run({
      words: ['-q', '--summary', 'always', ...ownWords(cli), 'codex'],
      steps: [{ exit: 4 }],
    });
    expect(result).toMatchObject({ code: 4, stderr: '' });
    expect(readReceipt(cli).exit.code).toBe(4);
  });

  test('that is not traced', async () => {
    const cli = await standin('codex');
    const result = await cli.run({
      words: ['--summary', 'always', ...ownWords(cli), 'codex', 'a'],
      steps: [{ argv: true }],
      env: { AI_TRACE_DISABLE: '1' },
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout.toString()).toBe('["a"]\n');
    expect(existsSync(join(cli.home, 'receipt.json'))).toBe(false);
    expect(existsSync(join(cli.home, '.local'))).toBe(false);
  });
});
