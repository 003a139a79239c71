import { describe, expect, it } from 'vitest';
import {
  byAge,
  destinationSum,
  type EntryName,
  formatEntryName,
  nameNumber,
  parseEntryName,
} from '../../../../src/pipeline/spool/entry-name.ts';
import { createOwner } from '../../../../src/pipeline/spool/owner.ts';

const now = 1_800_000_000_000;
const name: EntryName = {
  at: now,
  order: 3,
  destination: destinationSum('http://127.0.0.1:4318'),
  records: 12,
  bytes: 3456,
  id: 'abcdef012345',
  owner: null,
  state: 'whole',
};

describe('the name of an entry', () => {
  it('is read back', () => {
    const owner = createOwner(process.pid, 123);
    for (const each of [
      name,
      { ...name, owner },
      { ...name, owner, state: 'temporary' as const },
      { ...name, state: 'refused' as const },
      { ...name, at: 0, order: 0, records: 0, bytes: 0 },
      { ...name, at: nameNumber(Number.POSITIVE_INFINITY), records: nameNumber(1e300), order: 10_000_000 },
    ]) {
      expect(parseEntryName(formatEntryName(each))).toEqual(each);
    }
  });

  it('is no other name', () => {
    const text = formatEntryName(name);
    const others = ['', '.', text.slice(1), `${text}~`, `.${text}`, text.replace('.otlp', ''), `${text}\n`];
    const torn = [text.replace('abcdef', 'abcdex'), text.replace('.otlp', '.1-2.otlp'), 'notes.otlp'];
    for (const other of [...others, ...torn]) expect(parseEntryName(other)).toBeNull();
  });

  it('takes any number a clock may show', () => {
    expect([-1, Number.NaN, Number.NEGATIVE_INFINITY, 1.9, 1e300].map(nameNumber)).toEqual([
      0, 0, 0, 1, 999_999_999_999_999,
    ]);
  });
});

describe('age', () => {
  it('counts a time that lies in the future as long ago, and keeps the order within it', () => {
    const order = (ats: number[]) =>
      ats
        .map((at) => ({ ...name, at }))
        .sort(byAge(now))
        .map(({ at }) => at);
    const [future, later, soon] = [now + 1e9, now + 2e9, now + 30_000];
    expect(order([now - 5, soon, later, 0, now, future])).toEqual([future, later, 0, now - 5, now, soon]);
  });

  it('keeps the order of what was kept within one millisecond', () => {
    const names = [2, 10, 1, 0].map((each) => ({ ...name, order: each }));
    expect(names.sort(byAge(now)).map(({ order }) => order)).toEqual([0, 1, 2, 10]);
  });
});
