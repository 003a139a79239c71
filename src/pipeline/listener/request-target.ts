import type { IncomingMessage } from 'node:http';
import type { Signal } from '../../otlp/types.ts';

/** Carries the secret for a CLI whose address others can read: arguments are in `ps`. */
export const secretHeader = 'x-ai-trace-token';

/** `stranger` does not know the secret; who does is told what is wrong. */
export type Target =
  | { kind: 'signal'; signal: Signal }
  | { kind: 'stranger' }
  | { kind: 'no_such_path' }
  | { kind: 'wrong_method' };

const signals: ReadonlyMap<string, Signal> = new Map([
  ['/v1/logs', 'logs'],
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
]);

/**
 * Who asks, and for what. The secret is the first segment of the path, or in its header, or both. Only a
 * browser sends `Origin`, and no page has business here, even one that has got hold of the secret. `Host` is
 * not looked at: what keeps out a page that rebinds a name to this address is the secret.
 */
export function targetOf(
  { url = '', method, headers }: IncomingMessage,
  isSecret: (guess: string) => boolean,
): Target {
  const path = url.split('?', 1)[0] ?? '';
  const end = path.indexOf('/', 1);
  const inPath = isSecret(path.slice(1, end < 0 ? undefined : end));
  const inHeader = isSecret(String(headers[secretHeader] ?? ''));
  if ((!inPath && !inHeader) || headers.origin !== undefined) return { kind: 'stranger' };
  const signal = signals.get(inPath ? path.slice(end) : path);
  if (signal === undefined) return { kind: 'no_such_path' };
  return method === 'POST' ? { kind: 'signal', signal } : { kind: 'wrong_method' };
}
