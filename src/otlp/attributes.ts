import { hex } from './hex.ts';
import { toNumber } from './int64.ts';
import type { AnyValue, KeyValue } from './types.ts';

/** What can be written: `int` must be a safe integer. */
export type AttributeInput =
  | string
  | boolean
  | { int: number }
  | { double: number }
  | { strings: readonly string[] };

type Attributes = readonly KeyValue[] | undefined;

/** A string attribute. Where a key stands twice, the first one is read, here and below. */
export function text(attributes: Attributes, key: string): string | undefined {
  return find(attributes, key)?.stringValue;
}

/** A finite number: an int, a double or a string of one; CLIs mix the three. */
export function num(attributes: Attributes, key: string): number | undefined {
  const value = find(attributes, key);
  if (value?.intValue !== undefined) return toNumber(value.intValue);
  const number = value?.doubleValue ?? numberIn(value?.stringValue);
  return Number.isFinite(number) ? number : undefined;
}

/** A boolean, or the string `true` or `false`. */
export function flag(attributes: Attributes, key: string): boolean | undefined {
  const value = find(attributes, key);
  if (value?.boolValue !== undefined) return value.boolValue;
  if (value?.stringValue === 'true') return true;
  if (value?.stringValue === 'false') return false;
  return undefined;
}

/**
 * Sets a key in place: its first occurrence gets the value, any other one is removed; a new key goes to the
 * end.
 */
export function setAttribute(attributes: KeyValue[], key: string, input: AttributeInput): void {
  const attribute = { key, value: anyValue(input) };
  const index = attributes.findIndex((candidate) => candidate.key === key);
  if (index === -1) {
    attributes.push(attribute);
    return;
  }
  removeAttributes(attributes, (candidate) => candidate === key);
  attributes.splice(index, 0, attribute);
}

/** Removes in place all attributes whose key fits. */
export function removeAttributes(attributes: KeyValue[], fits: (key: string) => boolean): void {
  let kept = 0;
  for (const attribute of attributes) {
    if (fits(attribute.key ?? '')) continue;
    attributes[kept] = attribute;
    kept += 1;
  }
  attributes.length = kept;
}

/**
 * The same string for the same attributes in any order, and for no others: the identity of a metric's series.
 */
export function attributeKey(attributes: readonly KeyValue[]): string {
  return JSON.stringify(sortedEntries(attributes));
}

function anyValue(input: AttributeInput): AnyValue {
  if (typeof input === 'string') return { stringValue: input };
  if (typeof input === 'boolean') return { boolValue: input };
  if ('int' in input) return { intValue: input.int };
  if ('double' in input) return { doubleValue: input.double };
  return { arrayValue: { values: input.strings.map((stringValue) => ({ stringValue })) } };
}

function find(attributes: Attributes, key: string): AnyValue | undefined {
  if (attributes === undefined) return undefined;
  for (const attribute of attributes) if (attribute.key === key) return attribute.value;
  return undefined;
}

function numberIn(value: string | undefined): number | undefined {
  // Number('') is 0.
  return value === undefined || value.trim() === '' ? undefined : Number(value);
}

function sortedEntries(attributes: readonly KeyValue[]): unknown[] {
  return attributes
    .map(({ key = '', value = {} }) => [key, comparable(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function comparable(value: AnyValue): unknown {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.intValue !== undefined) return { int: String(value.intValue) };
  if (value.doubleValue !== undefined) return { double: String(value.doubleValue) };
  if (value.bytesValue !== undefined) return { bytes: hex(value.bytesValue) };
  if (value.arrayValue !== undefined) return { array: value.arrayValue.values.map(comparable) };
  if (value.kvlistValue !== undefined) return { map: sortedEntries(value.kvlistValue.values) };
  return null;
}
