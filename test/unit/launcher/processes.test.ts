import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { leftoversIn } from '../../../src/launcher/leftovers.ts';
import { type ProcStat, parseProcStat } from '../../../src/launcher/proc-stat.ts';
import { processesOf } from '../../../src/launcher/processes.ts';
import { parsePs } from '../../../src/launcher/ps.ts';
import { descendantsInGroup } from '../../../src/launcher/tree.ts';

describe('parseProcStat', () => {
  const tail = '0 20 0 1 0 98765 1000 10';

  it('reads the fields, whatever the program is called', () => {
    const line = `42 (a) R (b c) S 7 40 30 34816 41 4194560 1 2 3 4 5 6 7 ${tail}`;
    expect(parseProcStat(line)).toEqual({
      pid: 42,
      state: 'S',
      ppid: 7,
      pgid: 40,
      terminalPgid: 41,
      startTicks: 98765,
    });
  });

  it('is null for anything else', () => {
    expect(parseProcStat('')).toBeNull();
    expect(parseProcStat('42 (x) S 7 40')).toBeNull();
  });
});

describe('descendantsInGroup', () => {
  const link = (pid: number, ppid: number, pgid = 10) => ({ pid, ppid, pgid });

  it('finds children of children, parents first', () => {
    const processes = [link(14, 13), link(10, 1), link(13, 12), link(12, 10), link(15, 12)];
    expect(descendantsInGroup(12, processes)).toEqual([13, 15, 14]);
  });

  it('leaves out siblings, other groups and what only descends through them', () => {
    const processes = [
      link(10, 1),
      link(12, 10),
      link(20, 10),
      link(30, 12, 30),
      link(31, 30, 30),
      link(21, 20),
    ];
    expect(descendantsInGroup(12, processes)).toEqual([]);
  });

  it('is empty for a process that has ended', () => {
    expect(descendantsInGroup(99, [link(10, 1), link(12, 10)])).toEqual([]);
  });
});

describe('leftoversIn', () => {
  const stat = (pid: number, ppid: number, startTicks: number, more: Partial<ProcStat> = {}): ProcStat => ({
    pid,
    ppid,
    pgid: 10,
    state: 'S',
    terminalPgid: 10,
    startTicks,
    ...more,
  });
  const self = stat(10, 1, 100);
  const leftovers = (...others: ProcStat[]) => leftoversIn([self, ...others], 110, 10);

  it('are orphans in our group that started with or after the CLI', () => {
    expect(leftovers(stat(20, 1, 115), stat(21, 20, 110))).toEqual([20, 21]);
  });

  it.each([
    ['the rest of a pipeline, started before the CLI', stat(11, 1, 101)],
    ['a zombie', stat(20, 1, 115, { state: 'Z' })],
    ['a child of our own', stat(20, 10, 115)],
    ['a process of another group', stat(20, 1, 115, { pgid: 20 })],
  ])('are not: %s', (_, other) => {
    expect(leftovers(other)).toEqual([]);
  });
});

describe('parsePs', () => {
  it('reads the columns as macOS prints them, whatever stands behind the state', () => {
    const text = [
      '  501     1   501     0 Ss  ',
      ' 9313  9120  9313  9313 T+  ',
      '88001  9313  9313  9313 R+N',
      '',
    ];
    expect(parsePs(text.join('\n'))).toEqual([
      { pid: 501, ppid: 1, pgid: 501, terminalPgid: 0, state: 'S' },
      { pid: 9313, ppid: 9120, pgid: 9313, terminalPgid: 9313, state: 'T' },
      { pid: 88001, ppid: 9313, pgid: 9313, terminalPgid: 9313, state: 'R' },
    ]);
  });

  it('passes over lines that are cut, and no lines', () => {
    expect(parsePs(' 9313  9120\n')).toEqual([]);
    expect(parsePs('')).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('asked for processes', () => {
  // The `ps` of Linux, asked as on macOS.
  it.each(['linux', 'darwin'] as const)(
    'as on %s, a real child is told, also when it is stopped',
    async (platform) => {
      const processes = processesOf(platform);
      const child = spawn('sleep', ['20'], { stdio: 'ignore' });
      const pid = child.pid ?? 0;
      child.kill('SIGSTOP');
      await expect.poll(() => processes.one(pid)?.state).toBe('T');
      const [one, all] = [processes.one(pid), processes.all()];
      child.kill('SIGKILL');
      await once(child, 'exit');

      const own = processes.one(process.pid);
      expect(one).toMatchObject({ pid, ppid: process.pid, pgid: own?.pgid, state: 'T' });
      expect(one?.terminalPgid).toBe(own?.terminalPgid);
      expect(all.find((each) => each.pid === pid)).toEqual(one);
      expect(processes.one(pid)).toBeNull();
    },
  );

  it('as on Windows, nothing is told', () => {
    const processes = processesOf('win32');
    expect([processes.one(process.pid), processes.all()]).toEqual([null, []]);
  });
});
