import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { leftoversIn } from '../../../src/launcher/leftovers.ts';
import { type ProcStat, parseProcStat, readAllProcStats } from '../../../src/launcher/proc-stat.ts';
import { descendantsInGroup, listByPs, type ProcessLink } from '../../../src/launcher/tree.ts';

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

describe.runIf(process.platform !== 'win32')('listing processes', () => {
  const sources: { name: string; list: () => ProcessLink[] }[] = [{ name: 'ps', list: listByPs }];
  if (process.platform === 'linux') sources.push({ name: '/proc', list: readAllProcStats });

  it.each(sources)('by $name tells parent and group of a real child', async ({ list }) => {
    const child = spawn('sleep', ['20'], { stdio: 'ignore' });
    const listed = list();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const own = listed.find((each) => each.pid === process.pid);
    expect(listed.find((each) => each.pid === child.pid)).toMatchObject({
      ppid: process.pid,
      pgid: own?.pgid,
    });
  });
});
