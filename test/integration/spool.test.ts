import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTicksOf } from '../../src/launcher/leftovers.ts';
import { orphans } from '../../src/pipeline/spool/orphans.ts';
import { createOwner, plainFacts } from '../../src/pipeline/spool/owner.ts';
import { Spool } from '../../src/pipeline/spool/spool.ts';
import { bodyOf, entryOf } from '../fixtures/spool/items.ts';

let root = '';
let dir = '';
let program = '';
const children: Child[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ai-trace-spool-'));
  program = join(root, 'child.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../fixtures/spool/child.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
});
beforeEach(() => {
  dir = mkdtempSync(join(root, 'round-'));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
  rmSync(dir, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

const self = createOwner(process.pid, startTicksOf(process.pid));
const facts = { ...plainFacts, startTicksOf };
const openSpool = () => new Spool({ dir, limitBytes: 64 * 1024 * 1024, owner: self, facts });

class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #text = '';
  #look = () => {};

  constructor(command: string, args: string[]) {
    const env = { PATH: process.env['PATH'] };
    const started = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    started.stdout.on('data', (data) => {
      this.#text += data;
      this.#look();
    });
    // A command to one that has just been killed.
    started.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => started.once('close', resolve));
    this.#process = started;
  }

  /** Whole lines that it has said so far, in words. */
  get lines(): string[][] {
    const lines = this.#text.split('\n').slice(0, -1);
    return lines.map((line) => line.split(' '));
  }

  /** Resolves when it has said the line so many times. */
  said(line: string, times = 1): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (this.lines.filter((words) => words.join(' ') === line).length >= times) resolve();
      };
      this.#look();
    });
  }

  tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  /** Number in the last line that begins with the word; -1 without one. */
  last(word: string): number {
    return Number(this.lines.filter(([first]) => first === word).at(-1)?.[1] ?? -1);
  }
}

function start(...args: string[]): Child {
  const child = new Child(process.execPath, [program, ...args]);
  children.push(child);
  return child;
}

describe('a process that is killed', () => {
  it.each(Array.from({ length: 12 }, (_, round) => [round + 1]))(
    'leaves all it has acknowledged, round %i',
    async () => {
      const child = start('write', dir);
      await child.said('appended 60');
      await sleep(Math.random() * 60);
      await child.kill();
      const [appended, settled, kept] = ['appended', 'settled', 'kept'].map((word) => child.last(word));

      const journals = orphans(dir, self, facts).map((orphan) => orphan.claim());
      expect(journals).toHaveLength(1);
      const requests = [...(journals[0]?.requests() ?? [])];
      const whole = requests.filter(({ seq, received }) => received.body.equals(bodyOf(seq)));
      expect(whole).toHaveLength(requests.length);
      const seqs = new Set(requests.map(({ seq }) => seq));
      for (let seq = (settled ?? 0) + 1; seq <= (appended ?? 0); seq++) expect(seqs).toContain(seq);
      // What is marked was settled.
      expect(requests.filter(({ seq, isSettled }) => isSettled && seq > (settled ?? 0))).toEqual([]);

      const entries = openSpool()
        .waiting()
        .map((waiting) => waiting.claim());
      const items = entries
        .filter((entry) => entry?.read()?.equals(bodyOf(entry.at)))
        .map((entry) => entry?.at);
      expect(items).toHaveLength(entries.length);
      for (let item = 0; item <= (kept ?? 0); item++) expect(items[item]).toBe(item);
      expect(readdirSync(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    },
  );
});

describe('eight processes on one folder', () => {
  const items = Array.from({ length: 200 }, (_, item) => item);
  const claimsOf = (all: Child[]) =>
    all.flatMap((child) => child.lines.filter(([word]) => word === 'claimed').map((words) => words.slice(1)));
  const inOrder = (claims: string[][]) => claims.map(([item]) => Number(item)).sort((a, b) => a - b);

  async function startEight(): Promise<Child[]> {
    const spool = openSpool();
    for (const item of items) {
      const kept = spool.keep(entryOf(item), bodyOf(item));
      if (kept.kind === 'kept') kept.entry.release();
    }
    const eight = Array.from({ length: 8 }, () => start('drain', dir));
    await Promise.all(eight.map((child) => child.said('ready')));
    return eight;
  }

  it('take each entry once', async () => {
    const eight = await startEight();
    for (const child of eight) child.tell('drain');
    await Promise.all(eight.map((child) => child.said('done')));
    expect(inOrder(claimsOf(eight))).toEqual(items);
    expect(claimsOf(eight).filter(([, isWhole]) => isWhole !== 'true')).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('take over what others had when they were killed, and not before', async () => {
    const eight = await startEight();
    const [holding, draining] = [eight.slice(0, 4), eight.slice(4)];
    for (const child of holding) child.tell('hold 5');
    await Promise.all(holding.map((child) => child.said('done')));
    for (const child of draining) child.tell('drain');
    await Promise.all(draining.map((child) => child.said('done')));
    expect(claimsOf(holding)).toHaveLength(20);
    expect(inOrder(claimsOf(eight))).toEqual(items);
    expect(readdirSync(dir)).toHaveLength(20);

    await Promise.all(holding.map((child) => child.kill()));
    for (const child of draining) child.tell('drain');
    await Promise.all(draining.map((child) => child.said('done', 2)));
    expect(inOrder(claimsOf(draining))).toEqual(items);
    expect(readdirSync(dir)).toEqual([]);
  });
});

/** Words before a command that give it mounts of its own; null where that is not allowed. */
function ownMounts(): string[] | null {
  const words = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];
  const [command = '', ...args] = words;
  try {
    execFileSync(command, [...args, 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' });
    return words;
  } catch {
    return null;
  }
}

const mounts = ownMounts();
if (!mounts) console.warn('SKIPPED: what a full and a read-only disk do, for nothing can be mounted here');

it.runIf(process.env['CI'] && process.getuid?.() === 0)('can mount a disk, being root', () => {
  expect(mounts).not.toBeNull();
});

describe.runIf(mounts)('a small disk', () => {
  /** Runs the program where `dir` is a disk of 256 KiB, which is gone when it ends. */
  function onSmallDisk(mode: string): unknown {
    const disk = join(dir, 'disk');
    mkdirSync(disk);
    const script = 'mount -t tmpfs -o size=256k,mode=0700 none "$1" && exec "$2" "$3" "$4" "$1"';
    const [command = '', ...args] = [...(mounts ?? []), 'sh', '-c', script, 'sh', disk];
    const env = { PATH: process.env['PATH'] };
    return JSON.parse(
      execFileSync(command, [...args, process.execPath, program, mode], { env, encoding: 'utf8' }),
    );
  }

  it('that is full costs nothing of what was written, and keeps no part of what was not', () => {
    expect(onSmallDisk('full')).toEqual({
      journal: { failure: 'ENOSPC', lost: 0, isEmpty: false, isWhole: true, damaged: 0 },
      late: 'ENOSPC',
      kept: { kind: 'failed', reason: 'ENOSPC' },
      left: [],
      spool: {
        report: { evictedRecords: 0, damagedEntries: 0, failure: 'ENOSPC' },
        isEmpty: false,
        lost: 0,
        names: 0,
      },
    });
  });

  it('that has become read-only is left as it is', () => {
    expect(onSmallDisk('read-only')).toEqual({
      after: { kind: 'failed', reason: 'EROFS' },
      report: { evictedRecords: 0, damagedEntries: 0, failure: 'EROFS' },
      claims: [null, null],
      journal: 'EROFS',
      isReadable: true,
      isUnchanged: true,
    });
  });
});
