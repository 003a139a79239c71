import { expect, test } from 'vitest';
import { Processes } from '../../../../src/providers/gemini/processes.ts';

const resource = (id?: string) => ({
  attributes: id === undefined ? [] : [{ key: 'session.id', value: { stringValue: id } }],
});

/** What is corrected, as `[session, is it an inner one's]`, while these records arrive. */
function told(
  processes: Processes,
  records: readonly [from: string | undefined, session: string, at: number][],
) {
  return records.map(([from, session, at]) => {
    processes.enter(resource(from));
    const events = processes.seen(session, at);
    return events.map((event) => event.kind === 'session' && [event.sessionId, event.helper]);
  });
}

test('one process is ours, whatever sessions it begins', () => {
  const corrections = told(new Processes(), [
    ['a', 'a', 10],
    ['a', 'b', 20],
    ['a', 'a', 5],
  ]);
  expect(corrections).toEqual([[], [], []]);
});

test('the one that begins later is a tool’s', () => {
  const processes = new Processes();
  const corrections = told(processes, [
    ['ours', 'ours', 10],
    ['inner', 'inner', 20],
    ['inner', 'inner', 30],
    ['ours', 'ours', 40],
  ]);
  expect(corrections).toEqual([
    [],
    [
      ['ours', false],
      ['inner', true],
    ],
    [],
    [],
  ]);
  expect(processes.isInner('inner')).toBe(true);
  expect(processes.isInner('ours')).toBe(false);
});

test('it is so when the short inner one is heard of first', () => {
  const processes = new Processes();
  const corrections = told(processes, [
    ['inner', 'inner', 20],
    ['ours', 'ours', 10],
    ['ours', 'after /clear', 50],
  ]);
  expect(corrections.at(1)).toEqual([
    ['inner', true],
    ['ours', false],
  ]);
  expect(corrections.at(2)).toContainEqual(['after /clear', false]);
  expect(processes.isInner('after /clear')).toBe(false);
});

test('where the user has named the resource all are one', () => {
  const corrections = told(new Processes(), [
    [undefined, 'a', 10],
    [undefined, 'b', 20],
  ]);
  expect(corrections).toEqual([[], []]);
});
