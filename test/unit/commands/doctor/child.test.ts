import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runChild } from '../../../../src/commands/doctor/child.ts';
import { readProcStat } from '../../../../src/launcher/proc-stat.ts';

function node(script: string, limitMs = 60_000) {
  const options = { file: process.execPath, args: ['-e', script], env: process.env, cwd: tmpdir() };
  return runChild({ ...options, limitMs, onInterrupt: () => {} });
}

test('tells how it ended and what it said last', async () => {
  expect(await node('console.log("out"); console.error("err"); process.exitCode = 3')).toEqual({
    kind: 'ended',
    status: { code: 3, signal: null },
    said: 'err',
  });
  expect(await node('console.log("out")')).toMatchObject({ said: 'out' });
});

test('tells why it did not start', async () => {
  const missing = {
    file: '/nowhere',
    args: [],
    env: {},
    cwd: tmpdir(),
    limitMs: 1000,
    onInterrupt: () => {},
  };
  expect(await runChild(missing)).toEqual({ kind: 'not_started', reason: 'ENOENT' });
});

test.runIf(process.platform === 'linux')(
  'ends it when the time is up, with what it has started, whatever signals they ignore',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ai-trace-doctor-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'pid');
    const stubborn = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
    const launcher = `
      const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}]);
      require('node:fs').writeFileSync(${JSON.stringify(file)}, String(pid));
      ${stubborn}`;
    expect(await node(launcher, 3000)).toEqual({ kind: 'timeout' });
    const pid = Number(readFileSync(file, 'utf8'));
    await expect.poll(() => readProcStat(pid)?.state ?? 'gone').toMatch(/^(Z|gone)$/);
  },
);
