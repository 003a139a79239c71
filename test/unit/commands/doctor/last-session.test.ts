import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastSession } from '../../../../src/commands/doctor/last-session.ts';
import { filePaths } from '../../../../src/files/paths.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ai-trace-doctor-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const paths = () => filePaths({ env: {}, platform: 'linux', home, uid: 1 });

function keep(month: string, name: string, content: object | string): void {
  const dir = paths().sessionsDir(month);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
}

const receipt = (run_id: string, provider: string, ended_at: string) => ({
  schema: 1,
  run_id,
  provider,
  ended_at,
  telemetry: {},
});

test('there may be none', () => {
  expect(lastSession(paths(), 'codex')).toBeNull();
});

test("the CLI's latest, whatever else is there", () => {
  keep('2026-10', 'a.json', receipt('a', 'codex', '2026-10-30T00:00:00Z'));
  keep('2026-11', 'b.json', receipt('b', 'codex', '2026-11-20T10:00:00Z'));
  keep('2026-11', 'c.json', receipt('c', 'codex', '2026-11-20T09:00:00Z'));
  keep('2026-11', 'd.json', receipt('d', 'claude', '2026-11-21T00:00:00Z'));
  keep('2026-11', 'e.json', '{ broken');
  keep('2026-11', 'f.json', { schema: 2, provider: 'codex' });
  expect(lastSession(paths(), 'codex')?.run_id).toBe('b');
  expect(lastSession(paths(), 'claude')?.run_id).toBe('d');
  expect(lastSession(paths(), 'gemini')).toBeNull();
});

test('of an earlier month, when the CLI was not used since', () => {
  keep('2026-10', 'a.json', receipt('a', 'codex', '2026-10-30T00:00:00Z'));
  keep('2026-11', 'd.json', receipt('d', 'claude', '2026-11-21T00:00:00Z'));
  expect(lastSession(paths(), 'codex')?.run_id).toBe('a');
});
