import type { Long } from './long.ts';

/** A decoded message holds a `Long`; a message built here may hold a safe integer as well. */
export type Int64 = Long | number;

/**
 * The nearest double: exact up to 2^53. No codec is loaded for it: providers read attributes before the CLI
 * is started.
 */
export function toNumber(value: Int64): number {
  return typeof value === 'number' ? value : value.toNumber();
}
