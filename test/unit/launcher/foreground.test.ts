import { describe, expect, it } from 'vitest';
import { isForeground } from '../../../src/launcher/foreground.ts';
import type { ProcessEntry } from '../../../src/launcher/process-entry.ts';

const entry = (pgid: number, terminalPgid: number): ProcessEntry => ({
  pid: 12,
  ppid: 1,
  pgid,
  terminalPgid,
  state: 'S',
});

const tell = (own: ProcessEntry | null) =>
  isForeground({ one: (pid) => (pid === 12 ? own : null), all: () => [], startsProcesses: false }, 12);

describe('isForeground', () => {
  it('is true for the group that owns the terminal', () => {
    expect(tell(entry(10, 10))).toBe(true);
  });

  it.each([
    ['for a background job', entry(10, 20)],
    ['without a terminal on Linux', entry(10, -1)],
    ['without a terminal on macOS', entry(10, 0)],
    ['where processes cannot be asked for', null],
  ])('is false %s', (_, own) => {
    expect(tell(own)).toBe(false);
  });
});
