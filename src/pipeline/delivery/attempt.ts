import type { Signal } from '../../otlp/types.ts';
import type { Payload } from './payload.ts';
import type { Answer, Transport } from './transport/transport.ts';

/**
 * One attempt, which ends with the abort at the latest. The transport is told to stop as well, but HTTP and gRPC
 * clients may not heed it while they connect, and the user is not to wait for that.
 */
export function attempt(
  transport: Transport,
  signal: Signal,
  payload: Payload,
  abort: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const breakOff = () => resolve({ kind: 'unavailable', reason: 'no answer in time', answered: false });
    if (abort.aborted) return breakOff();
    abort.addEventListener('abort', breakOff);
    const answer = transport.export(signal, payload, abort).catch(faultOf);
    void answer.then(resolve).finally(() => abort.removeEventListener('abort', breakOff));
  });
}

/** A transport never rejects; a fault of ours in one must not end the user's session either. */
function faultOf(error: unknown): Answer {
  return { kind: 'unavailable', reason: String(error), answered: false };
}
