import { type Int64, toNumber } from './int64.ts';

/**
 * Unix nanoseconds to ms, right to the microsecond; `undefined` for absent and for 0, which is how OTLP says
 * "not known".
 */
export function msFromNanos(nanos: Int64 | undefined): number | undefined {
  if (nanos === undefined) return undefined;
  const value = toNumber(nanos);
  return value === 0 ? undefined : value / 1e6;
}
