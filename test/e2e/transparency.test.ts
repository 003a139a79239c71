/** Nothing of the CLI changes: its output, its arguments, its files. */
import { describe, expect, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { type CliCase, cliCases } from '../support/cli-cases.ts';
import { changedFiles, fileTree } from '../support/file-tree.ts';
import { type Rig, rig } from '../support/rig.ts';
import { traced, untraced } from '../support/traced.ts';

/** The same story twice: for a run without ai-trace, and for one with it. */
function twice({ name, command }: CliCase): Promise<Rig> {
  const story = [
    { kind: 'tool', calls: [command('echo out; touch ran')] },
    { kind: 'text', text: 'All done. — Ünïcödé\ttoo' },
  ] as const;
  return rig(name, { main: [...story, ...story] });
}

describe.each(cliCases)('$name', (its) => {
  test('prints the same, to the byte', async () => {
    const cli = await twice(its);
    const plain = await untraced(cli);
    const wrapped = await traced(cli, { own: ['--summary', 'never'] });
    expect(wrapped.stdout).toEqual(plain.stdout);
    expect(stable(its.name, wrapped.stderr)).toBe(stable(its.name, plain.stderr));
    expect(wrapped.code).toBe(plain.code);
  });

  test('prints the same JSON', async () => {
    const cli = await twice(its);
    const plain = await untraced(cli, { json: true });
    const wrapped = await traced(cli, { json: true });
    expect(fixed(wrapped.stdout.toString())).toEqual(fixed(plain.stdout.toString()));
  });

  test.each(['--help', '--version'])('%s is its own', async (word) => {
    const cli = await rig(its.name, { main: [] });
    const words = () => [word];
    const plain = await untraced(cli, { words });
    const wrapped = await traced(cli, { words, own: ['--summary', 'always'] });
    expect(wrapped).toMatchObject({ code: plain.code, stdout: plain.stdout, stderr: plain.stderr });
    expect(wrapped.receipt.llm_calls).toBe(0);
  });

  test('changes no file, and leaves its own only', async () => {
    const cli = await twice(its);
    await untraced(cli);
    const before = fileTree(cli.home);
    const { receipt } = await traced(cli);
    // The private files of the run are gone: they held the secret of its listener.
    const changed = changedFiles(before, fileTree(cli.home));
    const month = receipt.started_at.slice(0, 7);
    // What V8 has compiled is kept for the next start; newer Nodes keep more there.
    const isCompiled = (path: string) => path.startsWith('.cache/ai-trace/compiled/');
    expect(changed.some(isCompiled)).toBe(true);
    expect(changed.filter((path) => !isCliOwn(path) && !isCompiled(path))).toEqual([
      `.local/state/ai-trace/sessions/${month}/${receipt.run_id}.json`,
      'receipt.json',
      'sent.jsonl',
    ]);
    expect(changed).not.toContain('.codex/config.toml');
    expect(changed).not.toContain('.gemini/settings.json');
    expect(changed).not.toContain('.claude/settings.json');
    expect(changed).not.toContain('.claude/.claude.json');
  });
});

/** What a CLI says on stderr, without what differs from run to run or comes with its telemetry. */
function stable(name: CliName, stderr: string): string {
  const random: Record<CliName, RegExp> = {
    // Its session's id, and how long a command took by its own clock.
    codex: /^session id: .*\n|(?<=^ succeeded) in \d+ms(?=:$)/gm,
    // It marks the phases of its start-up by the clock; the first is told as soon as telemetry is on, whoever switches it on.
    gemini: /^(The 'metricReader' option is deprecated\..*|\[STARTUP\].*)\n/gm,
    claude: /^$/g,
  };
  return stderr.replace(random[name], '');
}

/** JSON, or lines of it, without the ids and clock times that differ from run to run. */
function fixed(stdout: string): unknown[] {
  const documents = stdout.startsWith('{\n') ? [stdout] : stdout.trim().split('\n');
  const random = /^(thread_id|session_id|uuid|.*_ms|.*Ms)$/;
  return documents.map((text) => JSON.parse(text, (key, value) => (random.test(key) ? 'random' : value)));
}

/** Sessions, logs, caches: the CLI's, with or without us. */
function isCliOwn(path: string): boolean {
  return /^(\.codex|\.gemini|\.claude|tmp)\//.test(path);
}
