import type { ErrorType } from '../../session/event.ts';

/** `error_class` is on spans only; a log has the status and the message (facts/claude.md §8). */
export function errorType(
  errorClass: string | undefined,
  statusCode: number | undefined,
  message: string,
): ErrorType {
  const named = errorClass === undefined ? undefined : errorClasses[errorClass];
  if (named) return named;
  if (statusCode === 401 || statusCode === 403) return 'auth';
  if (statusCode === 429) return 'rate_limit';
  if (statusCode === 529) return 'overloaded';
  if (statusCode !== undefined && statusCode >= 500) return 'server';
  if (statusCode === 400 && /prompt is too long/i.test(message)) return 'context_length';
  if (statusCode !== undefined && statusCode >= 400) return 'validation';
  if (/timed? ?out/i.test(message)) return 'timeout';
  if (/connection|ECONN|socket|network/i.test(message)) return 'network';
  return 'unknown';
}

const errorClasses: Readonly<Record<string, ErrorType>> = {
  invalid_api_key: 'auth',
  auth_error: 'auth',
  verification_required: 'auth',
  rate_limit: 'rate_limit',
  server_error: 'server',
  server_overload: 'overloaded',
  repeated_529: 'overloaded',
  capacity_off_switch: 'overloaded',
  prompt_too_long: 'context_length',
  request_too_large: 'validation',
  tool_use_mismatch: 'validation',
  tool_schema_invalid: 'validation',
  invalid_model: 'validation',
  model_not_found: 'validation',
  pdf_too_large: 'validation',
  image_too_large: 'validation',
  image_unprocessable: 'validation',
  invalid_request_header: 'validation',
  connection_error: 'network',
  api_timeout: 'timeout',
  stream_idle_timeout: 'timeout',
  stream_no_events: 'timeout',
  aborted: 'cancelled',
};
