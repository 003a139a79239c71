import { existsSync, readFileSync, statSync } from 'node:fs';
import nodeModule from 'node:module';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fixture, standin } from '../support/standin-cli.ts';
import { aiTrace } from '../support/traced.ts';

const main = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

/** `node:child_process` and what it loads itself, what a socket takes (newer Nodes bind without asking the resolver), and `tty` for the way out. */
const needed = [
  'child_process',
  'cluster',
  'dgram',
  'module',
  'net',
  'os',
  'stream',
  'stream/promises',
  'string_decoder',
  'tty',
  ...('BoundSocket' in net ? [] : ['dns']),
];

describe.each(['codex', 'gemini', 'claude'] as const)('before %s is started', (name) => {
  test('nothing is loaded but what is needed to start it', async () => {
    const { home, run } = await standin(name);
    const file = join(home, 'loaded.json');
    const env = {
      AI_TRACE_FORWARD: 'none',
      NODE_OPTIONS: `--require=${fixture('what-loads.cjs')}`,
      LOADED: file,
    };
    const { code } = await run({ words: [name], env });
    const { builtins, files } = JSON.parse(readFileSync(file, 'utf8'));
    expect({ code, files: files.toSorted() }).toEqual({ code: 0, files: [aiTrace, main] });
    expect(builtins.filter((each: string) => !needed.includes(each))).toEqual([]);
  });
});

test('what has to be read and compiled for that is small', () => {
  expect(statSync(main).size).toBeLessThan(80_000);
});

const keepsCompiled = 'enableCompileCache' in nodeModule;

test.runIf(keepsCompiled)('what V8 has compiled is kept for this user alone', async () => {
  const { home, run } = await standin('codex');
  await run({ words: ['codex'], env: { AI_TRACE_FORWARD: 'none' } });
  const { mode } = statSync(join(home, '.cache', 'ai-trace', 'compiled'));
  expect(mode & 0o777).toBe(0o700);
});

test('where it cannot be kept, nothing is said', async () => {
  const { home, run } = await standin('codex');
  const { code, stderr } = await run({
    words: ['codex'],
    env: { AI_TRACE_FORWARD: 'none', XDG_CACHE_HOME: join(home, 'bin', 'codex') },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(existsSync(join(home, '.cache', 'ai-trace'))).toBe(false);
});
