/** `ai-trace doctor` on what can be wrong with a CLI: it names the fault, and says what to do. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { type Doctored, doctored, kindsOf, linkOf, told } from '../support/doctor.ts';
import { canMount, withOwnEtc } from '../support/own-etc.ts';
import { type Rig, rig } from '../support/rig.ts';
import { runHeadless } from '../support/run.ts';
import { aiTrace, traced } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;
const system = ['/usr/bin', '/bin'];

/** A Codex whose place on PATH is taken by what is in this folder of its home. */
async function withProgram(): Promise<{ cli: Rig; file: string; env: { PATH: string } }> {
  const cli = await rig('codex', { main: [] });
  const bin = join(cli.home, 'bin');
  mkdirSync(bin);
  return { cli, file: join(bin, 'codex'), env: { PATH: [bin, ...system].join(delimiter) } };
}

const codexAlone = ['--provider', 'codex', '--forward', 'none'];

describe('a program', () => {
  test('that is not there', async () => {
    const { cli, env } = await withProgram();
    const { code, report } = await doctored(cli, codexAlone, env);
    expect(code).toBe(1);
    const found = linkOf(report, 'found', 'codex');
    expect(found).toMatchObject({ state: 'broken', problems: [{ kind: 'not_found' }] });
    expect(found.problems[0]?.text).toContain('npm install -g @openai/codex');
    for (const link of ['version', 'started', 'received', 'understood'] as const) {
      expect(linkOf(report, link, 'codex').state).toBe('skipped');
    }
  });

  test('none of which is there', async () => {
    const { cli, env } = await withProgram();
    const { code, report } = await doctored(cli, ['--forward', 'none'], env);
    expect(code).toBe(1);
    expect(kindsOf(linkOf(report, 'found').problems)).toEqual(['no_cli']);
  });

  test('that may not be started', async () => {
    const { cli, file, env } = await withProgram();
    writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });
    const { code, report } = await doctored(cli, ['--forward', 'none'], env);
    expect(code).toBe(1);
    const { problems } = linkOf(report, 'found', 'codex');
    expect(problems).toEqual([{ kind: 'not_executable', text: expect.stringContaining(`chmod +x ${file}`) }]);
  });

  test('that is ai-trace itself', async () => {
    const { cli, file, env } = await withProgram();
    symlinkSync(aiTrace, file);
    const { code, report } = await doctored(cli, codexAlone, env);
    expect(code).toBe(1);
    expect(kindsOf(linkOf(report, 'found', 'codex').problems)).toEqual(['only_ourselves']);
  });

  test('that is too old', async () => {
    const { cli, file, env } = await withProgram();
    const folder = join(cli.home, 'node_modules/@openai/codex');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "name": "@openai/codex", "version": "0.42.0" }');
    writeFileSync(join(folder, 'codex.js'), '#!/bin/sh\ntouch started\n', { mode: 0o755 });
    symlinkSync(join(folder, 'codex.js'), file);
    const { code, report } = await doctored(cli, codexAlone, env);
    expect(code).toBe(1);
    expect(linkOf(report, 'version')).toMatchObject({ text: '0.42.0', problems: [{ kind: 'too_old' }] });
    expect(linkOf(report, 'started').state).toBe('skipped');
  });

  test('that ends before it does anything, and what it says holds a secret', async () => {
    const { cli, file, env } = await withProgram();
    writeFileSync(file, '#!/bin/sh\necho "bad proxy http://me:s3cret@proxy" >&2\nexit 3\n', { mode: 0o755 });
    const { code, report, printed } = await doctored(cli, codexAlone, env);
    expect(code).toBe(1);
    const [problem] = linkOf(report, 'started').problems;
    expect(problem).toMatchObject({ kind: 'cli_failed' });
    expect(problem?.text).toMatch(/exit code 3.*bad proxy http:\/\/…@proxy/);
    expect(printed).not.toContain('s3cret');
  });

  test('that has no interpreter', async () => {
    const { cli, file, env } = await withProgram();
    writeFileSync(file, '#!/nowhere/node\n', { mode: 0o755 });
    const { code, report } = await doctored(cli, codexAlone, env);
    expect(code).toBe(1);
    expect(kindsOf(linkOf(report, 'started').problems)).toEqual(['cli_not_started']);
  });
});

describe('settings', () => {
  let authority: Authority;
  beforeAll(() => {
    authority = createAuthority();
  });
  afterAll(() => authority.remove());

  test('with which Codex does not start', async () => {
    const codex = await rig('codex', { main: [] });
    writeFileSync(join(codex.home, '.codex/config.toml'), 'approval_policy = "sometimes"\n');
    const { code, report } = await doctored(codex, codexAlone);
    expect(code).toBe(1);
    expect(linkOf(report, 'started').problems).toEqual([
      { kind: 'cli_failed', text: expect.stringMatching(/^Codex CLI ended \(exit code 1\).*sometimes/) },
    ]);
    expect(linkOf(report, 'received').state).toBe('skipped');
  });

  test('that keep a signal of Codex from us', async () => {
    const codex = await rig('codex', { main: [] });
    const { cert, key } = authority.issue();
    const tls = `{ client-certificate = "${cert}", client-private-key = "${key}" }`;
    const exporter = `{ otlp-http = { endpoint = "https://127.0.0.1:1", protocol = "json", tls = ${tls} } }`;
    writeFileSync(join(codex.home, '.codex/config.toml'), `[otel]\ntrace_exporter = ${exporter}\n`);
    const { code, report } = await doctored(codex, codexAlone);
    expect(code).toBe(1);
    const { problems } = linkOf(report, 'started');
    expect(problems).toEqual([
      { kind: 'client_certificate', text: expect.stringMatching(/^Traces go .*Take client-certificate out/) },
    ]);
    expect(linkOf(report, 'received').text).toContain(' 0 spans');
  });

  test.runIf(canMount)('of an administrator that take telemetry elsewhere', async () => {
    const claude = await rig('claude', { main: [] });
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=s3cret' };
    const { code, report, printed } = await doctoredWithEtc(claude, {
      'claude-code/managed-settings.json': { env },
    });
    expect(code).toBe(1);
    expect(linkOf(report, 'started').problems).toEqual([
      { kind: 'managed_settings', text: expect.stringContaining('OTEL_EXPORTER_OTLP_HEADERS') },
    ]);
    expect(linkOf(report, 'received').state).toBe('skipped');
    expect(printed).not.toContain('s3cret');
  });

  test.runIf(canMount)('of an administrator that name a model: it is not started', async () => {
    const claude = await rig('claude', { main: [done] });
    await traced(claude);
    const asked = claude.api.requests.length;
    const env = { ANTHROPIC_BASE_URL: claude.api.url };
    const { code, report } = await doctoredWithEtc(claude, { 'claude-code/managed-settings.json': { env } });
    expect(code).toBe(0);
    expect(linkOf(report, 'started')).toMatchObject({
      state: 'skipped',
      text: expect.stringContaining('managed-settings.json fixes ANTHROPIC_BASE_URL'),
    });
    expect(linkOf(report, 'received').text).toMatch(/^the last session \(\d{4}-.* UTC\): [1-9]\d* logs/);
    expect(linkOf(report, 'understood').state).toBe('ok');
    expect(claude.api.requests.length).toBe(asked);
  });

  test('of Gemini that would keep telemetry from us', async () => {
    const gemini = await rig('gemini', { main: [] });
    const telemetry = { outfile: join(gemini.home, 'telemetry.log'), useCliAuth: true };
    writeFileSync(join(gemini.home, '.gemini/settings.json'), JSON.stringify({ telemetry }));
    writeFileSync(join(gemini.cwd, '.env'), 'GEMINI_TELEMETRY_ENABLED=false\n');
    const { code, report } = await doctored(gemini, ['--provider', 'gemini', '--forward', 'none']);
    expect(code).toBe(0);
    expect(linkOf(report, 'received').state).toBe('ok');
    const { warnings } = linkOf(report, 'started');
    expect(kindsOf(warnings)).toEqual(['own_settings', 'own_settings']);
    expect(warnings[0]?.text).toMatch(/: telemetry\.outfile, telemetry\.useCliAuth in .*settings\.json\.$/);
    expect(warnings[1]?.text).toMatch(/: GEMINI_TELEMETRY_ENABLED in .*\/project\/\.env\.$/);
  });
});

/** Where these files, as JSON, are in `/etc`. */
async function doctoredWithEtc(cli: Rig, files: Readonly<Record<string, object>>): Promise<Doctored> {
  for (const [name, content] of Object.entries(files)) {
    const file = join(cli.home, 'etc', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  }
  const words = ['doctor', '--json', '--provider', cli.name, '--forward', 'none'];
  const command = withOwnEtc(cli.home, [process.execPath, aiTrace, ...words]);
  return told(await runHeadless(command, { env: cli.env, cwd: cli.cwd, timeoutMs: 120_000 }));
}
