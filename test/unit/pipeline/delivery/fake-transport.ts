import { decodeProtobuf } from '../../../../src/otlp/protobuf.ts';
import type { Signal } from '../../../../src/otlp/types.ts';
import type { Payload } from '../../../../src/pipeline/delivery/payload.ts';
import type { Answer, Transport } from '../../../../src/pipeline/delivery/transport/transport.ts';
import { decoded } from '../../otlp/comparable.ts';
import { namesOf } from './named-records.ts';

/** `hang`: no answer until the attempt is broken off. */
export type Reply = Answer | 'hang';

export const taken: Answer = { kind: 'taken', bytes: 1, rejected: 0, message: '' };
export const unavailable: Answer = { kind: 'unavailable', reason: 'HTTP 503', answered: true };
export const badData: Answer = { kind: 'bad_data', reason: 'HTTP 400' };
export const misdirected: Answer = { kind: 'misdirected', reason: 'HTTP 404' };
export const refused: Answer = { kind: 'refused', reason: 'HTTP 500' };

export interface Post {
  signal: Signal;
  names: string[];
  bytes: number;
}

/** A collector that answers as it is told. */
export class FakeTransport implements Transport {
  /** Of each attempt, in order. */
  readonly posts: Post[] = [];
  /** Names of records whose sender was told that they were taken, and those whose attempt was broken off. */
  readonly taken: string[] = [];
  readonly brokenOff: string[] = [];
  #underWay = 0;
  reply: (post: Post) => Reply;

  constructor(reply: (post: Post) => Reply = () => taken) {
    this.reply = reply;
  }

  async export(signal: Signal, payload: Payload, abort: AbortSignal): Promise<Answer> {
    if (this.#underWay > 0) throw new Error('two at a time');
    this.#underWay += 1;
    const body = await payload.plain();
    const post = { signal, names: namesOf(decoded(decodeProtobuf(signal, body))), bytes: body.length };
    this.posts.push(post);
    const reply = this.reply(post);
    if (reply === 'hang') await new Promise<void>((resolve) => onAbort(abort, resolve));
    this.#underWay -= 1;
    if (reply === 'hang') {
      this.brokenOff.push(...post.names);
      return { kind: 'unavailable', reason: 'no answer in time', answered: false };
    }
    if (reply.kind === 'taken') this.taken.push(...post.names);
    return reply;
  }

  async close(): Promise<void> {}
}

function onAbort(abort: AbortSignal, resolve: () => void): void {
  if (abort.aborted) resolve();
  else abort.addEventListener('abort', resolve);
}
