import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.ts';

/** What came of reading a body; `gone`: its sender went away in the middle of it. */
export type Body = { kind: 'whole'; bytes: Buffer } | { kind: 'too_large' } | { kind: 'gone' };

/**
 * Reads to the end, even what is too large and not kept: a sender that is cut off while it writes sees a broken
 * connection instead of its answer.
 */
export function readBody(request: IncomingMessage, limitBytes: number, budget: BodyBudget): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  let kept = 0;
  let isTooLarge = declaredSize(request) > limitBytes;
  const drop = () => {
    chunks.length = 0;
    budget.release(kept);
    kept = 0;
  };
  return new Promise((resolve) => {
    const finish = (body: Body) => {
      drop();
      budget.leave(request);
      resolve(body);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      isTooLarge ||= size > limitBytes;
      if (isTooLarge) {
        drop();
        return;
      }
      chunks.push(chunk);
      kept = size;
      budget.take(chunk.length);
    });
    request.once('end', () => finish(isTooLarge ? { kind: 'too_large' } : whole(chunks)));
    request.once('close', () => finish({ kind: 'gone' }));
    budget.enter(request);
  });
}

/** Bytes; 0 where the sender does not say: Gemini sends in chunks. */
export function declaredSize({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

/** Most bodies come in one piece. */
function whole(chunks: readonly Buffer[]): Body {
  const [first] = chunks;
  return { kind: 'whole', bytes: first && chunks.length === 1 ? first : Buffer.concat(chunks) };
}
