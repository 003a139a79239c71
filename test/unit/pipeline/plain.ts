import { Long } from '../../../src/otlp/long.ts';
import type { AnyValue, KeyValue } from '../../../src/otlp/types.ts';

/** Attributes as a plain object; integers and doubles are told apart. */
export function plain(attributes: readonly KeyValue[]): Record<string, unknown> {
  const keys = attributes.map(({ key }) => key ?? '');
  if (new Set(keys).size < keys.length) throw new Error(`a key stands twice: ${keys}`);
  return Object.fromEntries(attributes.map(({ key = '', value = {} }) => [key, scalar(value)]));
}

function scalar({ stringValue, boolValue, intValue, doubleValue }: AnyValue): unknown {
  if (stringValue !== undefined) return stringValue;
  if (boolValue !== undefined) return boolValue;
  if (intValue !== undefined) return `int ${Long.isLong(intValue) ? intValue.toString() : intValue}`;
  return doubleValue === undefined ? null : `double ${doubleValue}`;
}
