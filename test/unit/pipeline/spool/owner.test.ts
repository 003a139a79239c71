import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  createOwner,
  isDead,
  ownerText,
  type ProcessFacts,
  parseOwner,
  plainFacts,
  rememberFacts,
} from '../../../../src/pipeline/spool/owner.ts';

const hour = 3_600_000;
const now = 1_800_000_000_000;
const self = { pid: 10, startTicks: 500, pidNamespace: '4026531836', host: '0a0b0c0d' };
const other = { ...self, pid: 20, startTicks: 700 };

const never = () => {
  throw new Error('asked for the age of the file');
};

function facts(told: {
  presence?: ReturnType<ProcessFacts['presenceOf']>;
  ticks?: Record<number, number>;
}): ProcessFacts {
  return {
    startTicksOf: (pid) => told.ticks?.[pid] ?? null,
    presenceOf: () => told.presence ?? 'ours',
    now: () => now,
  };
}

describe('the text of an owner', () => {
  it('is read back', () => {
    for (const owner of [
      self,
      createOwner(process.pid, null),
      createOwner(1, 12),
      { ...self, pidNamespace: null },
    ]) {
      expect(parseOwner(ownerText(owner))).toEqual(owner);
      expect(ownerText(owner)).toMatch(/^[0-9a-z-]+$/);
    }
  });

  it.each([
    '',
    '1-2-3',
    'a-1-1-00000000',
    '1-1-1-0000000g',
    '1-1-1-00000000-1',
    '1-1-1-00000000\n',
    '-1-1-1-00000000',
  ])('is not %j', (text) => {
    expect(parseOwner(text)).toBeNull();
  });

  it.runIf(process.platform === 'linux')('tells the pid namespace', () => {
    expect(createOwner(1, 1).pidNamespace).toMatch(/^\d+$/);
  });
});

describe('an owner', () => {
  it('is dead when there is no such process', () => {
    expect(isDead(other, self, facts({ presence: 'none' }), never)).toBe(true);
  });

  it('lives when the process started when it did', () => {
    expect(isDead(other, self, facts({ ticks: { 10: 500, 20: 700 } }), never)).toBe(false);
    expect(isDead(self, self, facts({ ticks: { 10: 500 } }), never)).toBe(false);
  });

  it('is dead when its pid is used again', () => {
    expect(isDead(other, self, facts({ ticks: { 10: 500, 20: 701 } }), never)).toBe(true);
    expect(isDead(other, self, facts({ presence: 'foreign', ticks: { 20: 701 } }), never)).toBe(true);
  });

  it('is dead when nothing can be read of it (a zombie), while it can be of ourselves', () => {
    expect(isDead(other, self, facts({ ticks: { 10: 500 } }), never)).toBe(true);
    expect(isDead(other, self, facts({ ticks: {} }), never)).toBe(false);
    // Another user's may be hidden.
    expect(isDead(other, self, facts({ presence: 'foreign', ticks: { 10: 500 } }), never)).toBe(false);
  });

  it('lives as long as its pid where start ticks are not told', () => {
    const elsewhere = { ...other, startTicks: null };
    expect(isDead(elsewhere, self, facts({ ticks: { 10: 500, 20: 1 } }), never)).toBe(false);
    expect(isDead(elsewhere, self, facts({ presence: 'none' }), never)).toBe(true);
  });

  it.each([
    ['another pid namespace', { ...other, pidNamespace: '4026532000' }],
    ['no pid namespace', { ...other, pidNamespace: null }],
    ['another host', { ...other, host: '00000000' }],
  ])('of %s is dead when its file is a day old', (_, owner) => {
    const nobody = facts({ presence: 'none' });
    expect(isDead(owner, self, nobody, () => now - 25 * hour)).toBe(true);
    expect(isDead(owner, self, nobody, () => now - 23 * hour)).toBe(false);
    expect(isDead(owner, self, nobody, () => now + 100 * hour)).toBe(false);
  });

  it('is looked for among the real processes', () => {
    const { pid = 0 } = spawnSync(process.execPath, ['--version']);
    const us = createOwner(process.pid, null);
    expect(isDead(createOwner(pid, null), us, plainFacts, never)).toBe(true);
    expect(isDead(us, us, plainFacts, never)).toBe(false);
  });
});

it('asks after a process once', () => {
  const asked: string[] = [];
  const remembering = rememberFacts({
    startTicksOf: (pid) => {
      asked.push(`ticks ${pid}`);
      return null;
    },
    presenceOf: (pid) => {
      asked.push(`presence ${pid}`);
      return 'ours';
    },
    now: () => now,
  });
  for (const pid of [1, 2, 1, 2]) remembering.startTicksOf(pid);
  for (const pid of [1, 1]) expect(remembering.presenceOf(pid)).toBe('ours');
  expect(asked).toEqual(['ticks 1', 'ticks 2', 'presence 1']);
});
