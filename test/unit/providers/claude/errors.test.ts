import { expect, test } from 'vitest';
import { errorType } from '../../../../src/providers/claude/errors.ts';

/** The table of facts/claude.md §8, row by row: by the class that only spans have. */
test.each([
  ['invalid_api_key', 401, 'auth'],
  ['auth_error', 403, 'auth'],
  ['verification_required', undefined, 'auth'],
  ['rate_limit', 429, 'rate_limit'],
  ['server_error', 500, 'server'],
  ['server_overload', 529, 'overloaded'],
  ['repeated_529', 529, 'overloaded'],
  ['capacity_off_switch', 529, 'overloaded'],
  ['prompt_too_long', 400, 'context_length'],
  ['request_too_large', 400, 'validation'],
  ['tool_use_mismatch', 400, 'validation'],
  ['tool_schema_invalid', 400, 'validation'],
  ['invalid_model', 400, 'validation'],
  ['model_not_found', 404, 'validation'],
  ['pdf_too_large', 400, 'validation'],
  ['image_too_large', 400, 'validation'],
  ['image_unprocessable', 400, 'validation'],
  ['invalid_request_header', 400, 'validation'],
  ['connection_error', undefined, 'network'],
  ['api_timeout', undefined, 'timeout'],
  ['stream_idle_timeout', undefined, 'timeout'],
  ['stream_no_events', undefined, 'timeout'],
  ['aborted', undefined, 'cancelled'],
  ['hook_denied', undefined, 'unknown'],
  ['no_api_attempts_left', undefined, 'unknown'],
  ['something_new', undefined, 'unknown'],
] as const)('class %s, status %s: %s', (errorClass, status, expected) => {
  expect(errorType(errorClass, status, '')).toBe(expected);
});

/** A log has the status and the message alone. */
test.each([
  [401, '', 'auth'],
  [403, 'no permission', 'auth'],
  [429, 'rate limited', 'rate_limit'],
  [500, '', 'server'],
  [502, '', 'server'],
  [529, 'Overloaded', 'overloaded'],
  [400, 'prompt is too long: 210000 tokens > 200000 maximum', 'context_length'],
  [400, 'bad request', 'validation'],
  [404, 'model: nope', 'validation'],
  [undefined, 'Request timed out.', 'timeout'],
  [undefined, 'Connection error.', 'network'],
  [undefined, 'connect ECONNREFUSED 127.0.0.1:1', 'network'],
  [undefined, '', 'unknown'],
] as const)('status %s, message %j: %s', (status, message, expected) => {
  expect(errorType(undefined, status, message)).toBe(expected);
});

test('a class nobody knows leaves the word to the status', () => {
  expect(errorType('something_new', 429, '')).toBe('rate_limit');
});
