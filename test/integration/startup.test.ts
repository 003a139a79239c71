import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fixture, standin } from '../support/standin-cli.ts';
import { aiTrace } from '../support/traced.ts';

const main = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
const chunks = fileURLToPath(new URL('../../dist/chunks', import.meta.url));

/** `node:child_process` and what it loads itself, what a socket takes (newer Nodes bind without asking the resolver), and `vm` to load ourselves. */
const needed = [
  'child_process',
  'cluster',
  'dgram',
  'net',
  'stream',
  'stream/promises',
  'string_decoder',
  'vm',
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
    expect({ code, files }).toEqual({ code: 0, files: [aiTrace] });
    expect(builtins.filter((each: string) => !needed.includes(each))).toEqual([]);
  });
});

test('what has to be read and compiled for that is small', () => {
  expect(statSync(main).size).toBeLessThan(80_000);
});

describe('what V8 has compiled', () => {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'gemini-cli' } }] };
  const scopeLogs = [{ logRecords: [{ body: { stringValue: 'hello' } }] }];
  const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs }] });

  /** A home in which one session was run, and more of them. */
  async function started() {
    const { home, run } = await standin('gemini', fixture('telemetry.mjs'));
    const start = async (more: Record<string, string> = {}) => {
      const env = {
        ...more,
        AI_TRACE_FORWARD: 'none',
        TELEMETRY: JSON.stringify([{ path: '/v1/logs', body }]),
      };
      const { code, stderr } = await run({ words: ['gemini'], env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    };
    await start();
    const folder = join(home, '.cache', 'ai-trace', 'compiled', `${process.version}-${process.arch}`);
    return { home, folder, file: join(folder, 'main.cjs'), start };
  }

  /** By the names of files, when each was written. */
  function writtenAt(folder: string): Record<string, bigint> {
    const names = readdirSync(folder);
    return Object.fromEntries(
      names.map((name) => [name, statSync(join(folder, name), { bigint: true }).mtimeNs]),
    );
  }

  test('is kept for this user alone, and is good for the next session', async () => {
    const { folder, file, start } = await started();
    expect([folder, file].map((each) => statSync(each).mode & 0o777)).toEqual([0o700, 0o600]);
    const before = writtenAt(folder);
    // What starts a session, and what traces and ends it.
    expect(Object.keys(before)).toEqual(['main.cjs', 'session.cjs']);
    await start();
    expect(writtenAt(folder)).toEqual(before);
  });

  test('is taken by V8, of each file that a session needs', async () => {
    const { home, folder, start } = await started();
    const file = join(home, 'taken.json');
    await start({ NODE_OPTIONS: `--require=${fixture('what-is-taken.cjs')}`, TAKEN: file });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
      Object.fromEntries(readdirSync(folder).map((name) => [name, true])),
    );
  });

  test('is nothing that describes messages: what protobufjs would make of that is written down', async () => {
    const { folder } = await started();
    const describing = readdirSync(folder).filter((name) =>
      readFileSync(join(folder, name), 'latin1').includes('Root.fromJSON'),
    );
    expect(describing).toEqual([]);
  });

  test('goes with the version that it was made of', async () => {
    const { folder, file, start } = await started();
    const old = join(folder, 'chunk-of-before.cjs');
    writeFileSync(old, '');
    writeFileSync(file, readFileSync(file).fill(' ', 100, 104));
    await start();
    expect(existsSync(old)).toBe(false);
    expect(readdirSync(folder)).toContain('session.cjs');
  });

  test.each([
    { what: 'damaged', change: (bytes: Buffer) => bytes.fill(0x55, bytes.length - 9, bytes.length - 5) },
    { what: 'cut off', change: (bytes: Buffer) => bytes.subarray(0, bytes.length / 2) },
    { what: 'empty', change: () => Buffer.alloc(0) },
    { what: 'of another ai-trace', change: (bytes: Buffer) => bytes.fill(' ', 100, 104) },
    { what: 'of another V8', change: (bytes: Buffer) => otherVersion(bytes) },
  ])('is made again when it is $what', async ({ change }) => {
    const { file, start } = await started();
    const bytes = readFileSync(file);
    const changed = change(Buffer.from(bytes));
    writeFileSync(file, changed);
    await start();
    const { length } = readFileSync(file);
    expect(length).toBeGreaterThan(statSync(main).size);
    expect(readFileSync(file).equals(changed)).toBe(false);
  });

  test('is made again of what loads beside the CLI, too', async () => {
    const { folder, start } = await started();
    const file = join(folder, 'session.cjs');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 1));
    await start();
    const made = readFileSync(file);
    const { size } = statSync(join(chunks, 'session.cjs'));
    const middle = (size + made.length) / 2;
    expect(made.subarray(size, middle).equals(made.subarray(middle))).toBe(true);
  });

  test('is not taken from a folder where others can write', async () => {
    const { folder, file, start } = await started();
    chmodSync(folder, 0o777);
    writeFileSync(file, 'theirs');
    await start();
    expect(readFileSync(file, 'utf8')).toBe('theirs');
  });

  test('is not kept of a session that has received nothing', async () => {
    const { home, run } = await standin('codex');
    await run({ words: ['codex'], env: { AI_TRACE_FORWARD: 'none' } });
    const folder = join(home, '.cache', 'ai-trace', 'compiled', `${process.version}-${process.arch}`);
    expect(readdirSync(folder)).toEqual(['main.cjs']);
  });
});

/** In both copies the second number of V8's header tells its version (src/snapshot/code-serializer.h of V8). */
function otherVersion(bytes: Buffer): Buffer {
  const from = statSync(main).size;
  const middle = (bytes.length + from) / 2;
  for (const at of [from, middle]) bytes.writeUInt8(bytes.readUInt8(at + 4) ^ 1, at + 4);
  return bytes;
}

test('where it cannot be kept, nothing is said', async () => {
  const { home, run } = await standin('codex');
  const { code, stderr } = await run({
    words: ['codex'],
    env: { AI_TRACE_FORWARD: 'none', XDG_CACHE_HOME: join(home, 'bin', 'codex') },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(existsSync(join(home, '.cache', 'ai-trace'))).toBe(false);
});
