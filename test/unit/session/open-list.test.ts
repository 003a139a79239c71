import { describe, expect, test } from 'vitest';
import { Arrivals } from '../../../src/session/arrivals.ts';
import { OpenList } from '../../../src/session/open-list.ts';

describe('an open list', () => {
  test('has what is added to a map or an array later, in order', () => {
    const map = new Map([['a', 1]]);
    const array = ['a'];
    const lists = [
      new OpenList(new Arrivals(map.keys(), () => map.size)),
      new OpenList(new Arrivals(array, () => array.length)),
    ];
    for (const list of lists) expect([...list.items]).toEqual(['a']);
    // An iterator that had been asked for more would have ended here.
    for (const list of lists) expect([...list.items]).toEqual(['a']);
    for (const key of ['b', 'c']) {
      map.set(key, 2);
      array.push(key);
    }
    for (const list of lists) expect([...list.items]).toEqual(['a', 'b', 'c']);
  });

  test('has what is closed no more, though its value changes', () => {
    const map = new Map([
      ['a', 1],
      ['b', 1],
    ]);
    const list = new OpenList(new Arrivals(map.keys(), () => map.size));
    for (const key of list.items) if (key === 'a') list.close(key);
    map.set('a', 2);
    expect([...list.items]).toEqual(['b']);
  });

  test('reads each item of its collection once, however often it is looked at', () => {
    const reads: number[] = [];
    const items = (function* () {
      for (let i = 0; ; i += 1) {
        reads.push(i);
        yield i;
      }
    })();
    let count = 0;
    const list = new OpenList(new Arrivals(items, () => count));
    for (count = 1; count <= 50; count += 1) for (const item of list.items) list.close(item);
    expect(reads).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});
