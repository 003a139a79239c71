import type { ErrorType } from '../../session/event.ts';

/**
 * Classes of Codex's errors (facts/codex.md §8): by the status of a request, and by the words of a stream's
 * end.
 */
export function statusErrorType(statusCode: number | undefined): ErrorType {
  if (statusCode === undefined) return 'network';
  if (statusCode === 429) return 'rate_limit';
  if (statusCode === 401 || statusCode === 403) return 'auth';
  return statusCode >= 500 ? 'server' : 'validation';
}

/** `eventKind` of `response.failed` has the API's raw JSON as its message. */
export function streamErrorType(message: string, eventKind: string | undefined): ErrorType {
  const code = eventKind === 'response.failed' ? /"code"\s*:\s*"([a-z_]+)"/.exec(message)?.[1] : undefined;
  if (code === 'server_error') return 'server';
  if (code === 'rate_limit_exceeded') return 'rate_limit';
  if (code === 'context_length_exceeded') return 'context_length';
  const status = /last status: (\d{3})/.exec(message)?.[1];
  if (status) return statusErrorType(Number(status));
  if (message.includes('idle timeout')) return 'timeout';
  if (message.includes('stream closed before response.completed')) return 'network';
  if (message.includes('error sending request')) return 'network';
  if (message.includes('Transport error') || message.includes('network error')) return 'network';
  if (message.includes('high demand')) return 'server';
  return 'unknown';
}
