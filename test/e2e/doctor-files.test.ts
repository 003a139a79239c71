/** `ai-trace doctor` on what can be wrong with ai-trace's own files, settings and surroundings. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../src/report/doctor-report.ts';
import { kindsOf, linkOf, told } from '../support/doctor.ts';
import { standin } from '../support/standin-cli.ts';

type Standin = Awaited<ReturnType<typeof standin>>;

interface Looked {
  code: number | null;
  report: DoctorReport;
}

/** A CLI that does nothing: what is wrong around it shows all the same. */
async function looked(
  prepare: (cli: Standin) => void = () => {},
  env: Readonly<Record<string, string>> = {},
): Promise<Looked & { cli: Standin }> {
  const cli = await standin('codex');
  prepare(cli);
  const words = ['doctor', '--json', '--provider', 'codex', '--forward', 'none'];
  return { cli, ...told(await cli.run({ words, env })) };
}

function write(cli: Standin, path: string, text: string): void {
  const file = join(cli.home, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text);
}

describe('the configuration', () => {
  test('without a fault', async () => {
    const { report } = await looked();
    expect(linkOf(report, 'configuration')).toMatchObject({ state: 'ok', warnings: [] });
    expect(linkOf(report, 'files')).toMatchObject({ state: 'ok', warnings: [] });
  });

  test('that is no TOML', async () => {
    const { code, report } = await looked((cli) => {
      write(cli, '.config/ai-trace/config.toml', 'forward = [\n');
    });
    expect(code).toBe(1);
    expect(linkOf(report, 'configuration').problems).toEqual([
      { kind: 'unreadable_file', text: expect.stringMatching(/config\.toml could not be read/) },
    ]);
  });

  test('with a value that is none: nothing else can be looked at', async () => {
    const { code, report } = await looked((cli) => {
      write(cli, '.config/ai-trace/config.toml', 'traces = "all"\n');
    });
    expect(code).toBe(1);
    expect(kindsOf(linkOf(report, 'configuration').problems)).toEqual(['bad_value']);
    expect(report.links).toHaveLength(1);
  });

  test('of a project, with keys that it must not set', async () => {
    const { report } = await looked((cli) => {
      write(cli, 'project/.ai-trace.toml', 'forward = ["http://attacker.example"]\n');
    });
    expect(linkOf(report, 'configuration')).toMatchObject({
      state: 'ok',
      warnings: [{ kind: 'unsafe_key', text: expect.stringMatching(/\.ai-trace\.toml: forward may not/) }],
    });
  });

  test('that switches ai-trace off', async () => {
    const { code, report } = await looked(undefined, { AI_TRACE_DISABLE: '1' });
    expect(code).toBe(1);
    expect(linkOf(report, 'configuration').problems).toEqual([
      { kind: 'disabled', text: expect.stringContaining('AI_TRACE_DISABLE') },
    ]);
  });

  test('with a proxy that takes loopback as well', async () => {
    const { report } = await looked(undefined, {
      HTTP_PROXY: 'http://me:s3cret@127.0.0.1:1',
      NO_PROXY: 'intern',
    });
    const { warnings } = linkOf(report, 'configuration');
    expect(warnings).toEqual([
      { kind: 'proxy_catches_loopback', text: expect.stringMatching(/too: HTTP_PROXY\..*NO_PROXY/) },
    ]);
    expect(JSON.stringify(report)).not.toContain('s3cret');
  });
});

describe('the folder of our own files', () => {
  test('that cannot be made', async () => {
    const { cli, code, report } = await looked((cli) => {
      write(cli, '.local/state', 'a file in the way');
    });
    expect(code).toBe(1);
    const { problems } = linkOf(report, 'files');
    expect(problems).toContainEqual({
      kind: 'folder_unusable',
      text: expect.stringContaining(`${cli.home}/.local/state: ENOTDIR`),
    });
  });

  test('that others can write to', async () => {
    const { code, report } = await looked((cli) => {
      mkdirSync(join(cli.home, '.local/state/ai-trace/spool'), { recursive: true });
      chmodSync(join(cli.home, '.local/state/ai-trace/spool'), 0o777);
    });
    expect(code).toBe(1);
    expect(linkOf(report, 'files').problems[0]?.text).toMatch(/spool: others can change it/);
  });
});

test('an alias that leads past ai-trace', async () => {
  const { report } = await looked((cli) => {
    write(cli, '.bashrc', '# mine\nalias codex="codex --key s3cret"\nalias claude="ai-trace claude"\n');
  });
  const { warnings } = linkOf(report, 'found');
  expect(warnings).toEqual([
    { kind: 'shell_alias', text: expect.stringMatching(/\.bashrc, line 2: your alias codex/) },
  ]);
  expect(JSON.stringify(report)).not.toContain('s3cret');
});
