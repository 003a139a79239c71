import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { pidsSince, readProcStatsSince } from '../../../src/launcher/proc-stat.ts';

describe('processes since one', () => {
  test('have its number and higher ones', () => {
    expect(pidsSince(300, [1, 299, 300, 301, 400], 400)).toEqual([300, 301, 400]);
  });

  test('are all when the numbers have begun anew', () => {
    expect(pidsSince(300, [1, 20, 300, 301], 20)).toEqual([1, 20, 300, 301]);
  });

  test('are all where it is not told which number was given last', () => {
    expect(pidsSince(300, [1, 300, 301], 0)).toEqual([1, 300, 301]);
  });

  test.runIf(process.platform === 'linux')('are it and its children', () => {
    const child = spawn('sleep', ['30'], { stdio: 'ignore' });
    try {
      const found = readProcStatsSince(process.pid);
      expect(found.map(({ pid }) => pid)).toEqual(expect.arrayContaining([process.pid, child.pid]));
      expect(found.find(({ pid }) => pid === child.pid)?.ppid).toBe(process.pid);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
