import { describe, expect, test } from 'vitest';
import {
  type Ended,
  isTurnTold,
  outcomeOf,
  type Setting,
  toldAtEnd,
} from '../../../src/report/notification.ts';
import { session, turn } from './ended.ts';

const auto: Setting = { mode: 'auto', attended: true };
const unattended: Setting = { mode: 'auto', attended: false };
const always: Setting = { mode: 'always', attended: false };
const never: Setting = { mode: 'never', attended: true };

const long = turn({ durationMs: 30_000 });
const short = turn({ durationMs: 29_999 });

describe('the outcome', () => {
  test.each<[string, Ended]>([
    ['done', turn()],
    ['failed', turn({ failure: 'rate_limit' })],
    ['stopped', turn({ failure: 'cancelled' })],
    ['done', session()],
    ['failed', session({ exit: { code: 1, signal: null } })],
    ['failed', session({ exit: { code: null, signal: 'SIGTERM' } })],
  ])('is %s', (outcome, ended) => {
    expect(outcomeOf(ended)).toBe(outcome);
  });
});

describe('the end of a turn', () => {
  test.each<[boolean, string, Ended, Setting]>([
    [true, 'a long one', long, auto],
    [false, 'a short one', short, auto],
    [true, 'a long one that failed', turn({ durationMs: 30_000, failure: 'server' }), auto],
    [false, 'a long one that its user stopped', turn({ durationMs: 30_000, failure: 'cancelled' }), auto],
    [false, 'a long one without terminal or desktop', long, unattended],
    [true, 'a short one, always', short, always],
    [true, 'a stopped one, always', turn({ failure: 'cancelled' }), always],
    [false, 'a long one, never', long, never],
  ])('told: %s, %s', (told, _, ended, setting) => {
    expect(isTurnTold(ended, setting)).toBe(told);
  });
});

describe('the end of a session', () => {
  const minute = session({ durationMs: 60_000 });
  const failed = session({ durationMs: 60_000, exit: { code: 1, signal: null } });
  const told = (ago: number, change = {}) => ({ turn: turn({ durationMs: 30_000, ...change }), ago });

  test('is told after a minute', () => {
    expect(toldAtEnd(minute, [], null, auto)).toEqual([minute]);
    expect(toldAtEnd(session({ durationMs: 59_999 }), [], null, auto)).toEqual([]);
  });

  test('is not told right after a turn that was, unless it is worse', () => {
    expect(toldAtEnd(minute, [], told(9_999), auto)).toEqual([]);
    expect(toldAtEnd(minute, [], told(10_000), auto)).toEqual([minute]);
    expect(toldAtEnd(failed, [], told(9_999), auto)).toEqual([failed]);
    expect(toldAtEnd(failed, [], told(9_999, { failure: 'auth' }), auto)).toEqual([]);
  });

  test('stands for a long turn that ended with it, however short the session', () => {
    const brief = session({ durationMs: 31_000 });
    expect(toldAtEnd(brief, [short, long], null, auto)).toEqual([brief]);
    expect(toldAtEnd(brief, [short], null, auto)).toEqual([]);
  });

  test('comes after its last turns, always', () => {
    const brief = session({ durationMs: 10 });
    expect(toldAtEnd(brief, [short, long], told(1), always)).toEqual([short, long, brief]);
  });

  test('is not told without a terminal or a desktop, or never', () => {
    expect(toldAtEnd(minute, [long], null, unattended)).toEqual([]);
    expect(toldAtEnd(minute, [long], null, never)).toEqual([]);
  });
});
