/** `ai-trace doctor` with the real CLIs: it proves the way of their telemetry, and asks no model for it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { text } from '../../src/otlp/attributes.ts';
import { startCollector } from '../support/collector.ts';
import { doctored, linkOf } from '../support/doctor.ts';
import { recordsIn } from '../support/otlp-records.ts';
import { type Rig, rig } from '../support/rig.ts';
import { runHeadless } from '../support/run.ts';
import { aiTrace } from '../support/traced.ts';

const chain = [
  'configuration',
  'files',
  'found',
  'version',
  'started',
  'received',
  'understood',
  'delivered',
];

describe.each(['codex', 'gemini', 'claude'] as const)('%s', (name) => {
  test('is proved from the program to the collector', async () => {
    const collector = await startCollector();
    const cli = await rig(name, { main: [] });
    const { code, report } = await doctored(cli, ['--provider', name, '--forward', collector.url]);
    expect(report.links.flatMap(({ problems }) => problems)).toEqual([]);
    expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true });
    expect(report.links.map(({ link }) => link)).toEqual(chain);
    expect(report.links.map(({ state }) => state)).toEqual(chain.map(() => 'ok'));
    expect(linkOf(report, 'received').text).toMatch(/^[1-9]\d* logs?, [1-9]\d* spans?, \d+ metric points?$/);
    expect(linkOf(report, 'understood').text).toMatch(/^1 prompt, /);

    const records = collector.requests.flatMap(({ request }) => recordsIn(request));
    const services = new Set(records.map(({ resource }) => text(resource, 'service.name')));
    expect(services).toEqual(new Set(['ai-trace', serviceNames[name]]));
    for (const { resource, attributes, kind } of records) {
      const id = text(resource, 'ai_trace.probe.id') ?? text(attributes, 'ai_trace.probe.id');
      if (kind !== 'metric') expect(id).toBe(report.probe_id);
    }
  });

  test('asks no model, and leaves no session behind', async () => {
    const cli = await rig(name, { main: [] });
    const { code } = await doctored(cli, ['--provider', name, '--forward', 'none']);
    expect(code).toBe(0);
    expect(cli.api.requests).toEqual([]);
    expect(existsSync(join(cli.home, '.local/state/ai-trace/sessions'))).toBe(false);
    expect(existsSync(join(cli.home, '.local/state/ai-trace/spool'))).toBe(false);
    expect(sessionsOf(cli)).toEqual([]);
    expect(namesIn(join(cli.home, 'tmp')).filter((each) => each.startsWith('ai-trace'))).toEqual([]);
    expect(namesIn(join(cli.home, 'run/ai-trace'))).toEqual([]);
  });
});

const serviceNames: Record<CliName, string> = {
  codex: 'codex',
  gemini: 'gemini-cli',
  claude: 'claude-code',
};

/** What the CLI keeps of sessions, to take them up again. */
function sessionsOf({ home, name }: Rig): string[] {
  const folders: Record<CliName, string> = {
    codex: '.codex/sessions',
    gemini: '.gemini/tmp',
    claude: '.claude/projects',
  };
  return namesIn(join(home, folders[name]));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

test('looks at every CLI that is there, and prints lines for people', async () => {
  const collector = await startCollector();
  const cli = await rig('claude', { main: [] });
  const command = [process.execPath, aiTrace, '--forward', collector.url, 'doctor'];
  const { code, stdout, stderr } = await runHeadless(command, cli);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.toString().split('\n');
  expect(lines[0]).toMatch(/^ai-trace \S+ doctor, probe [\da-f-]{36}$/);
  expect(lines).toContain('Claude Code');
  expect(lines).not.toContain('Codex CLI');
  expect(lines.filter((line) => line.startsWith('  ✓ ')).length).toBe(chain.length);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(stdout.toString()).toMatch(/\n\nNo link is broken\. [\d.]+ m?s, no tokens\.\n$/);
  expect(stdout.toString()).not.toContain('\u001b');
});

describe('settings of the user that name a model', () => {
  const elsewhere = {
    claude: (url: string) =>
      ({
        file: '.claude/settings.json',
        text: JSON.stringify({ env: { ANTHROPIC_BASE_URL: url, CLAUDE_CODE_USE_BEDROCK: '1' } }),
      }) as const,
    gemini: () => ({
      file: '.gemini/settings.json',
      text: '{ "security": { "auth": { "selectedType": "oauth-personal" } } }',
    }),
    codex: (url: string) => ({
      file: '.codex/config.toml',
      text: `model_provider = "mine"\n[model_providers.mine]\nname = "mine"\nbase_url = "${url}/v1"\nwire_api = "responses"\n`,
    }),
  };

  test.each(['codex', 'gemini', 'claude'] as const)('do not lead %s to it', async (name) => {
    const cli = await rig(name, { main: [] });
    const { file, text } = elsewhere[name](cli.api.url);
    writeFileSync(join(cli.home, file), text);
    const { code, report } = await doctored(cli, ['--provider', name, '--forward', 'none']);
    expect(linkOf(report, 'started')).toMatchObject({ state: 'ok', problems: [] });
    expect(code).toBe(0);
    expect(cli.api.requests).toEqual([]);
  });
});

describe('what the user has hung on to a session', () => {
  const left = (cli: Rig, name: string) => ({ command: 'sh', args: ['-c', `touch ${cli.home}/${name}`] });

  test('is not run by Claude Code', async () => {
    const claude = await rig('claude', { main: [] });
    const touch = (name: string) => `touch ${join(claude.home, name)}`;
    const hook = [{ hooks: [{ type: 'command', command: touch('hook') }] }];
    const settings = {
      apiKeyHelper: `${touch('helper')}; echo s3cret`,
      hooks: { SessionStart: hook, UserPromptSubmit: hook, SessionEnd: hook },
    };
    writeFileSync(join(claude.home, '.claude/settings.json'), JSON.stringify(settings));
    const file = join(claude.home, '.claude/.claude.json');
    const known = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...known, mcpServers: { mine: left(claude, 'server') } }));
    const { code } = await doctored(claude, ['--provider', 'claude', '--forward', 'none']);
    expect(code).toBe(0);
    expect(namesIn(claude.home)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/hook|helper|server/)]),
    );
  });

  test('is not run by Gemini CLI', async () => {
    const gemini = await rig('gemini', { main: [] });
    const settings = {
      mcpServers: { mine: left(gemini, 'server') },
      hooks: { SessionStart: [{ hooks: [{ type: 'command', command: `touch ${gemini.home}/hook` }] }] },
    };
    writeFileSync(join(gemini.home, '.gemini/settings.json'), JSON.stringify(settings));
    const { code } = await doctored(gemini, ['--provider', 'gemini', '--forward', 'none']);
    expect(code).toBe(0);
    expect(namesIn(gemini.home)).not.toEqual(expect.arrayContaining([expect.stringMatching(/hook|server/)]));
  });
});

describe('the words', () => {
  test.each([
    [['--provider', 'aider'], /Known: codex, gemini, claude/],
    [['--tempo', 'ftp://me:s3cret@127.0.0.1'], /--tempo is no http/],
    [['--wait', 'soon'], /Seconds, from 0 to 3600/],
    [['--forward', 'nowhere'], /neither an http/],
    [['codex'], /too many arguments/],
  ])('%j end with 2', async (words, problem) => {
    const cli = await rig('codex', { main: [] });
    const command = [process.execPath, aiTrace, 'doctor', ...words];
    const { code, stdout, stderr } = await runHeadless(command, cli);
    expect(code).toBe(2);
    expect(stdout.toString()).toBe('');
    expect(stderr).toMatch(problem);
    expect(stderr).not.toContain('s3cret');
  });
});
