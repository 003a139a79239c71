import { expect, test } from 'vitest';
import { errorType } from '../../../../src/providers/gemini/errors.ts';

/** The table of facts/gemini.md §8, row by row. */
test.each([
  [429, '{"quotaId":"PerDay"}', 0, 'rate_limit'],
  [401, '', 0, 'auth'],
  [403, '', 0, 'auth'],
  [400, '{"reason":"API_KEY_INVALID"}', 0, 'auth'],
  [400, 'bad argument', 0, 'validation'],
  [404, 'no such model', 0, 'validation'],
  [503, 'UNAVAILABLE', 0, 'overloaded'],
  [500, 'INTERNAL', 0, 'server'],
  [502, '', 0, 'server'],
  [504, '', 0, 'server'],
  [undefined, 'AbortError: The user aborted a request.', 0, 'cancelled'],
  [undefined, 'exception TypeError: fetch failed sending request', 50, 'network'],
  [undefined, 'exception TypeError: fetch failed sending request', 59_999, 'network'],
  [undefined, 'exception TypeError: fetch failed sending request', 60_000, 'timeout'],
  [undefined, 'terminated', 0, 'network'],
  [undefined, 'something else', 0, 'unknown'],
  [undefined, '', 0, 'unknown'],
] as const)('status %s, message %j after %s ms: %s', (status, message, durationMs, expected) => {
  expect(errorType(status, message, durationMs)).toBe(expected);
});
