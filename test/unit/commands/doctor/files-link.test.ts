import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesLink } from '../../../../src/commands/doctor/files-link.ts';
import type { FilePaths } from '../../../../src/files/paths.ts';
import { Spool } from '../../../../src/pipeline/spool/spool.ts';
import { entry, entryOf, living } from '../../pipeline/spool/made-up.ts';

const day = 24 * 60 * 60 * 1000;
const now = Date.parse('2026-11-21T12:00:00Z');

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ai-trace-doctor-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function paths(): FilePaths {
  return {
    configFile: join(root, 'config.toml'),
    spoolDir: join(root, 'state/spool'),
    recordsDir: join(root, 'state/config'),
    cacheDir: join(root, 'cache'),
    runtimeDir: join(root, 'run'),
    sessionsDir: (month) => join(root, 'state/sessions', month),
  };
}

/** Leaves a request of so many bytes for a later run. */
function leave(at: number, bytes: number): void {
  const spool = new Spool({ dir: paths().spoolDir, limitBytes: 1e6, owner: living });
  entryOf(spool.keep({ ...entry, at }, Buffer.alloc(bytes))).release();
}

async function kinds(limitBytes: number): Promise<string[]> {
  const { state, warnings } = await filesLink(paths(), limitBytes, now);
  expect(state).toBe('ok');
  return warnings.map(({ kind }) => kind);
}

test('what waits for less than a day is not worth a word', async () => {
  leave(now - day + 1000, 1000);
  expect(await kinds(100_000)).toEqual([]);
});

test('what waits for longer is told, with its age', async () => {
  leave(now - 3 * day, 1000);
  leave(now, 1000);
  const { warnings } = await filesLink(paths(), 100_000, now);
  expect(warnings).toEqual([
    {
      kind: 'spool_waiting',
      text: expect.stringMatching(/^6 records .* the oldest for 3 days.*ai-trace flush$/),
    },
  ]);
});

test('a spool that is nearly full is told', async () => {
  leave(now, 9500);
  expect(await kinds(10_000)).toEqual(['spool_nearly_full']);
  expect(await kinds(100_000)).toEqual([]);
});

test('nothing is looked for where nothing may be kept, and nothing is made', async () => {
  leave(now - 3 * day, 1000);
  expect(await kinds(0)).toEqual([]);
});
