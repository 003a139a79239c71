import type { ErrorType } from '../../session/event.ts';

/**
 * Class of an `api_error` (facts/gemini.md §8): its own `error.type` is the JavaScript class, so by status
 * and words.
 */
export function errorType(statusCode: number | undefined, message: string, durationMs: number): ErrorType {
  if (statusCode === 429) return 'rate_limit';
  if (statusCode === 401 || statusCode === 403) return 'auth';
  if (statusCode === 400 && message.includes('API_KEY_INVALID')) return 'auth';
  if (statusCode === 503) return 'overloaded';
  if (statusCode !== undefined && statusCode >= 500) return 'server';
  if (statusCode !== undefined && statusCode >= 400) return 'validation';
  if (message.includes('AbortError')) return 'cancelled';
  if (message.includes('fetch failed')) return durationMs >= 60_000 ? 'timeout' : 'network';
  if (message.includes('terminated')) return 'network';
  return 'unknown';
}

/** The message inside the API's JSON error body, or the text itself. */
export function messageIn(raw: string): string {
  try {
    const body: unknown = JSON.parse(raw);
    const message = (body as { error?: { message?: unknown } } | null)?.error?.message;
    return typeof message === 'string' ? message : raw;
  } catch {
    return raw;
  }
}
