/** `ai-trace config`: what it writes is taken by the real CLIs, does what it says, and is gone again to the byte. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProviderId } from '../../src/providers/provider.ts';
import { type Collector, startCollector } from '../support/collector.ts';
import { configFixtures } from '../support/config-fixtures.ts';
import { expectFigures } from '../support/figures.ts';
import { type Rig, rig } from '../support/rig.ts';
import { type RunResult, runHeadless } from '../support/run.ts';
import { aiTrace, traced, untraced } from '../support/traced.ts';

const files: Record<ProviderId, string> = {
  codex: '.codex/config.toml',
  gemini: '.gemini/settings.json',
  claude: '.claude/settings.json',
};

const done = { kind: 'text', text: 'All done.' } as const;

function fileOf(cli: Rig): string {
  return join(cli.home, files[cli.name]);
}

/** Runs `ai-trace config` for this CLI, which has to do what it is told. */
async function config(cli: Rig, ...words: string[]): Promise<string> {
  const command = [process.execPath, aiTrace, 'config', '--provider', cli.name, ...words];
  const { code, stdout, stderr } = await runHeadless(command, cli);
  expect(code, `${stdout}${stderr}`).toBe(0);
  return stdout.toString();
}

function run(cli: Rig, ...words: string[]): Promise<RunResult> {
  return runHeadless([cli.executable, ...words], cli);
}

/** Claude moves an answer of its first start from a file of its own into its settings: not here. */
function keepOut(cli: Rig): void {
  const file = join(cli.home, '.claude/.claude.json');
  const { bypassPermissionsModeAccepted: _, ...config } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(config));
}

/** What a CLI says of settings that it does not take, by the cheapest words that make it look; '' for nothing. */
const complaint: Record<ProviderId, (cli: Rig) => Promise<string>> = {
  async codex(cli) {
    const { code, stderr } = await run(cli, 'mcp', 'list');
    return code === 0 ? '' : stderr;
  },
  async gemini(cli) {
    const { code, stderr } = await run(cli, 'mcp', 'list');
    return code === 0 ? '' : stderr;
  },
  // It goes on without settings that it does not take.
  async claude(cli) {
    const { code, stderr } = await run(cli, ...cli.args('headless', 'Hello.', { approval: 'ask' }));
    return code === 0 && !stderr.includes('did not load') ? '' : stderr;
  },
};

const allSignals = ['logs', 'metrics', 'traces'];

function signalsOf({ requests }: Collector): string[] {
  return [...new Set(requests.map(({ signal }) => signal))].sort();
}

describe.each(['codex', 'gemini', 'claude'] as const)('%s', (name) => {
  test.each(configFixtures(name))('takes $name when it is written, and has it back', async (fixture) => {
    const theirs = await startCollector();
    const cli = await rig(name, { main: [done] });
    keepOut(cli);
    const file = fileOf(cli);
    writeFileSync(file, fixture.text);
    await config(cli, '--write', '--endpoint', theirs.url, ...(fixture.isForeign ? ['--force'] : []));
    expect(readFileSync(file, 'utf8')).toContain(theirs.url);
    await config(cli, '--check', '--endpoint', theirs.url);
    expect(await complaint[name](cli)).toBe('');
    if (fixture.isForeign) {
      await untraced(cli, { approval: 'ask' });
      expect(signalsOf(theirs)).toEqual(allSignals);
    }
    await config(cli, '--undo');
    expect(readFileSync(file)).toEqual(Buffer.from(fixture.text));
  });
});

test.each([
  ['codex', '[otel]\nexporter = "otlp-http"\n', /invalid type/],
  ['gemini', '{ "telemetry": {}, }', /Expected double-quoted property name/],
  ['claude', '{ "env": {} // no\n}', /did not load/],
] as const)('%s complains of what it does not take', async (name, text, problem) => {
  const cli = await rig(name, { main: [done] });
  writeFileSync(fileOf(cli), text);
  expect(await complaint[name](cli)).toMatch(problem);
});

describe.each(['codex', 'gemini', 'claude'] as const)('%s with its settings written', (name) => {
  async function written(): Promise<{ cli: Rig; theirs: Collector }> {
    const theirs = await startCollector();
    const cli = await rig(name, { main: [done] });
    await config(cli, '--write', '--endpoint', theirs.url);
    return { cli, theirs };
  }

  test('sends all three signals there, without a wrapper and without content', async () => {
    const { cli, theirs } = await written();
    const prompt = 'The prompt is private.';
    const { code } = await untraced(cli, { prompt });
    expect(code).toBe(0);
    expect(signalsOf(theirs)).toEqual(allSignals);
    const told = theirs.requests.map(({ body }) => body.toString()).join('');
    // Gemini's resource has its command line, and nothing in its settings takes it out.
    expect(told.replaceAll(/"process\.command_args".*?\]/g, '')).not.toContain(prompt);
    expect(told).not.toContain('All done.');
  });

  test('sends to ai-trace alone when it runs behind it', async () => {
    const { cli, theirs } = await written();
    const { code, receipt } = await traced(cli);
    expect(code).toBe(0);
    expectFigures(receipt, cli.api.spent);
    expect(receipt.warnings).toEqual([]);
    expect(theirs.requests).toEqual([]);
  });
});

describe('after the CLI has edited its file itself', () => {
  const before: Partial<Record<ProviderId, string>> = { claude: '{\n  "cleanupPeriodDays": 30\n}\n' };
  const edits = [
    { name: 'codex', words: ['mcp', 'add', 'docs', '--', 'docs-server', '[otel]'] },
    { name: 'gemini', words: ['mcp', 'add', '--scope', 'user', 'docs', 'docs-server'] },
    { name: 'claude', words: ['-p', 'Hello.'] },
  ] as const;

  test.each(edits)('$name has what it would have without us', async ({ name, words }) => {
    const [withUs, without] = [await rig(name, { main: [done] }), await rig(name, { main: [done] })];
    const text = before[name] ?? readFileSync(fileOf(withUs), 'utf8');
    for (const cli of [withUs, without]) writeFileSync(fileOf(cli), text);
    await config(withUs, '--write');
    for (const cli of [withUs, without]) expect((await run(cli, ...words)).code).toBe(0);
    expect(readFileSync(fileOf(withUs), 'utf8')).toContain('4318');
    await config(withUs, '--check');
    await config(withUs, '--undo');
    expect(readFileSync(fileOf(withUs), 'utf8')).toBe(readFileSync(fileOf(without), 'utf8'));
  });
});

describe('the exit code', () => {
  const configOf = (cli: Rig, words: readonly string[]) =>
    runHeadless([process.execPath, aiTrace, 'config', ...words], cli);

  test.each([
    [[], /which CLI\?/],
    [['--provider', 'aider'], /Known: codex, gemini, claude/],
    [['--all', '--write', '--undo'], /--write and --undo do not go together/],
    [['--all', '--endpoint', 'grpc://127.0.0.1:4317'], /not an http/],
    [['--all', '--endpoint', 'http://me:s3cret@127.0.0.1'], /http:\/\/…@127\.0\.0\.1/],
    [['--all', 'codex'], /too many arguments/],
  ])('is 2 for %j', async (words, problem) => {
    const { code, stdout, stderr } = await configOf(await rig('codex', { main: [] }), words);
    expect(code).toBe(2);
    expect(stdout.toString()).toBe('');
    expect(stderr).toMatch(problem);
    expect(stderr).not.toContain('s3cret');
  });

  test('is 0 for a change that is only shown, and the file stays', async () => {
    const cli = await rig('codex', { main: [] });
    const before = readFileSync(fileOf(cli), 'utf8');
    const { code, stdout, stderr } = await configOf(cli, ['--provider', 'codex']);
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/^--- .*\n\+\+\+ .*\n@@ [\s\S]*\n\+\[otel\]\n/);
    expect(stdout.toString()).not.toContain('\u001b');
    expect(stderr).toMatch(/Write it with --write\.\n$/);
    expect(readFileSync(fileOf(cli), 'utf8')).toBe(before);
  });

  test('is 1 for what is refused or not so, and the file stays', async () => {
    const cli = await rig('codex', { main: [] });
    writeFileSync(fileOf(cli), '[otel]\nenvironment = "dev"\n');
    for (const mode of [[], ['--write'], ['--check']]) {
      const { code } = await configOf(cli, ['--provider', 'codex', ...mode]);
      expect(code, mode.join()).toBe(1);
    }
    expect(readFileSync(fileOf(cli), 'utf8')).toBe('[otel]\nenvironment = "dev"\n');
  });

  test('is 1 for settings that something wins over', async () => {
    const cli = await rig('gemini', { main: [] });
    await config(cli, '--write');
    writeFileSync(join(cli.cwd, '.env'), 'GEMINI_TELEMETRY_ENABLED=false\n');
    const { code, stdout } = await configOf(cli, ['--provider', 'gemini', '--check']);
    expect(code).toBe(1);
    expect(stdout.toString()).toContain(`${cli.cwd}/.env wins: GEMINI_TELEMETRY_ENABLED`);
  });

  test('is 0 for a snippet, which is printed alone', async () => {
    const { code, stdout, stderr } = await configOf(await rig('gemini', { main: [] }), [
      ...['--provider', 'gemini', '--print', '--endpoint', 'http://alloy:4318/'],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout.toString())).toMatchObject({ telemetry: { otlpEndpoint: 'http://alloy:4318' } });
  });
});

describe('--all', () => {
  test('leaves out what is not there, and says so', async () => {
    const cli = await rig('codex', { main: [done] });
    const env = { ...cli.env, PATH: dirname(process.execPath), GEMINI_CLI_HOME: join(cli.home, 'none') };
    const command = [process.execPath, aiTrace, 'config', '--all'];
    const { code, stdout, stderr } = await runHeadless(command, { env, cwd: cli.cwd });
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/config\.toml[\s\S]*settings\.json/);
    expect(stderr).toMatch(/^Gemini CLI: skipped, it is not installed/m);
  });
});
