import { describe, expect, test } from 'vitest';
import { OpenItems } from '../../../../src/session/spans/open-items.ts';
import { spanTree } from '../../../../src/session/spans/tree.ts';
import { prompt, recorded } from '../events.ts';
import { callAt, toolAt } from './trees.ts';

/** Turns of one prompt, two calls and a tool each. */
function session(turns: number) {
  return recorded(
    Array.from({ length: turns }, (_, i) => {
      const at = 10_000 * (i + 1);
      return [
        prompt({ at }),
        callAt(`a${i}`, [at + 100, at + 1000]),
        toolAt(`t${i}`, [at + 1100, at + 2000]),
        callAt(`b${i}`, [at + 2100, at + 3000]),
      ];
    }).flat(),
  );
}

const callsOf = (open: { calls: readonly { callId: string }[] }) => open.calls.map(({ callId }) => callId);

describe('what is open, part by part', () => {
  test('is all of it, as long as that is not too much', () => {
    const { open, isAll } = new OpenItems(session(2)).part(6);
    expect(isAll).toBe(true);
    expect(callsOf(open)).toEqual(['a0', 'b0', 'a1', 'b1']);
  });

  test('is whole turns otherwise, two at least, the last of them once more the next time', () => {
    const items = new OpenItems(session(4));
    const parts = Array.from({ length: 4 }, () => items.part(1));
    expect(parts.map(({ isAll }) => isAll)).toEqual([false, false, false, false]);
    expect(parts.map(({ open }) => callsOf(open))).toEqual([
      ['a0', 'b0', 'a1', 'b1'],
      ['a1', 'b1', 'a2', 'b2'],
      ['a2', 'b2', 'a3', 'b3'],
      ['a0', 'b0', 'a1', 'b1'],
    ]);
    expect(parts[0]?.open.tools.map(({ callId }) => callId)).toEqual(['t0', 't1']);
    expect(parts[0]?.open.turns.map(({ index }) => index)).toEqual([1, 2]);
  });

  test('makes the same spans as all of it, one part or the other', () => {
    const recorder = session(5);
    const whole = spanTree(new OpenItems(recorder).all(), null);
    const items = new OpenItems(recorder);
    const parts = Array.from({ length: 4 }, () => spanTree(items.part(1).open, null)).flat();
    const finals = (nodes: typeof whole) =>
      new Set(nodes.flatMap(({ key, turn, isFinal }) => (isFinal ? [`${turn?.index} ${key}`] : [])));
    expect(finals(parts)).toEqual(finals(whole));
  });

  test('begins with the oldest when the last of a part is closed', () => {
    const items = new OpenItems(session(6));
    items.part(1);
    const later = items.part(1).open;
    expect(callsOf(later)).toEqual(['a1', 'b1', 'a2', 'b2']);
    for (const { subject } of spanTree(later, null)) items.close(subject);
    expect(callsOf(items.part(1).open)).toEqual(['a0', 'b0', 'a3', 'b3']);
  });

  test('is what is left when some is closed', () => {
    const items = new OpenItems(session(3));
    for (const { subject } of spanTree(items.part(1).open, null)) items.close(subject);
    expect(items.size).toBe(3);
    expect(callsOf(items.all())).toEqual(['a2', 'b2']);
  });
});
