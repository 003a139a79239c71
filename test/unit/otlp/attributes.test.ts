import { describe, expect, test } from 'vitest';
import {
  attributeKey,
  flag,
  num,
  removeAttributes,
  setAttribute,
  text,
} from '../../../src/otlp/attributes.ts';
import { Long } from '../../../src/otlp/long.ts';
import type { AnyValue, KeyValue } from '../../../src/otlp/types.ts';
import { comparable } from './comparable.ts';

function attributes(values: Record<string, AnyValue>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

describe('reading', () => {
  const some = attributes({
    text: { stringValue: 'x' },
    nothing: { stringValue: '' },
    blank: { stringValue: ' ' },
    digits: { stringValue: '12.5' },
    int: { intValue: Long.fromNumber(12) },
    plain: { intValue: 13 },
    double: { doubleValue: 0.5 },
    zero: { doubleValue: 0 },
    nan: { doubleValue: Number.NaN },
    yes: { boolValue: true },
    no: { stringValue: 'false' },
    empty: {},
  });

  test.each([
    ['text', 'x'],
    ['nothing', ''],
    ['int', undefined],
    ['empty', undefined],
    ['absent', undefined],
  ])('text of %s', (key, value) => {
    expect(text(some, key)).toBe(value);
  });

  test.each([
    ['int', 12],
    ['plain', 13],
    ['double', 0.5],
    ['zero', 0],
    ['digits', 12.5],
    ['text', undefined],
    ['nothing', undefined],
    ['blank', undefined],
    ['nan', undefined],
    ['yes', undefined],
    ['empty', undefined],
    ['absent', undefined],
  ])('num of %s', (key, value) => {
    expect(num(some, key)).toBe(value);
  });

  test.each([
    ['yes', true],
    ['no', false],
    ['text', undefined],
    ['int', undefined],
    ['absent', undefined],
  ])('flag of %s', (key, value) => {
    expect(flag(some, key)).toBe(value);
  });

  test('the first of two, and a key without a value', () => {
    const twice: KeyValue[] = [
      { key: 'a', value: { stringValue: '1' } },
      { key: 'a', value: { stringValue: '2' } },
      { key: 'b' },
    ];
    expect(text(twice, 'a')).toBe('1');
    expect(text(twice, 'b')).toBeUndefined();
  });

  test('no attributes at all', () => {
    expect(text(undefined, 'a')).toBeUndefined();
    expect(num(undefined, 'a')).toBeUndefined();
    expect(flag(undefined, 'a')).toBeUndefined();
  });
});

describe('writing', () => {
  test('a new key goes to the end', () => {
    const list = attributes({ a: { stringValue: '1' } });
    setAttribute(list, 'b', 'x');
    setAttribute(list, 'c', true);
    setAttribute(list, 'd', { int: 3 });
    setAttribute(list, 'e', { double: 3 });
    expect(comparable(list)).toEqual(
      comparable(
        attributes({
          a: { stringValue: '1' },
          b: { stringValue: 'x' },
          c: { boolValue: true },
          d: { intValue: 3 },
          e: { doubleValue: 3 },
        }),
      ),
    );
  });

  test('the first occurrence is replaced, others are removed', () => {
    const list: KeyValue[] = ['a', 'b', 'a', 'c', 'a'].map((key, index) => ({
      key,
      value: { intValue: index },
    }));
    setAttribute(list, 'a', 'new');
    expect(list).toEqual([
      { key: 'a', value: { stringValue: 'new' } },
      { key: 'b', value: { intValue: 1 } },
      { key: 'c', value: { intValue: 3 } },
    ]);
  });

  test('removing keeps the list and the order of the rest', () => {
    const list: KeyValue[] = [{ key: 'a' }, { key: 'x.1' }, {}, { key: 'b' }, { key: 'x.2' }];
    removeAttributes(list, (key) => key.startsWith('x.') || key === '');
    expect(list).toEqual([{ key: 'a' }, { key: 'b' }]);
  });
});

describe('the key of a series', () => {
  test('does not depend on the order, also inside maps', () => {
    const one = attributes({
      a: { stringValue: '1' },
      b: { kvlistValue: { values: attributes({ c: {}, d: {} }) } },
    });
    const other = attributes({
      b: { kvlistValue: { values: attributes({ d: {}, c: {} }) } },
      a: { stringValue: '1' },
    });
    expect(attributeKey(one)).toBe(attributeKey(other));
  });

  test('is the same for an integer in either form', () => {
    expect(attributeKey(attributes({ a: { intValue: 1 } }))).toBe(
      attributeKey(attributes({ a: { intValue: Long.ONE } })),
    );
  });

  test('tells values, types and shapes apart', () => {
    const values: AnyValue[] = [
      {},
      { stringValue: '' },
      { stringValue: '1' },
      { stringValue: 'true' },
      { boolValue: true },
      { intValue: 1 },
      { doubleValue: 1 },
      { doubleValue: Number.NaN },
      { bytesValue: Uint8Array.of(1) },
      { arrayValue: { values: [] } },
      { arrayValue: { values: [{ stringValue: '1' }] } },
      { kvlistValue: { values: [] } },
      { kvlistValue: { values: [{ key: '1' }] } },
    ];
    const keys = values.map((value) => attributeKey([{ key: 'a', value }]));
    expect(new Set(keys).size).toBe(values.length);
  });

  test('cannot be confused by separators in the texts', () => {
    expect(attributeKey(attributes({ a: { stringValue: '1","b' } }))).not.toBe(
      attributeKey(attributes({ a: { stringValue: '1' }, b: {} })),
    );
  });
});
