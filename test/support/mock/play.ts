import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Usage } from '../../../src/session/usage.ts';
import type { Role, Spent } from './api.ts';
import type { AnswerStep, RefusalStep, Step } from './script.ts';

/** One call as its dialect sees it. */
export interface Call<U> {
  model: string;
  role: Role;
  /** What the step's own numbers are laid over. */
  defaultUsage: Readonly<U>;
  toUsage(usage: U): Usage;
  /** The events of a whole answer, framed as they go out. */
  events(answer: AnswerStep<U>, usage: U): string[];
}

/** The way back to the client: an HTTP response or a WebSocket. */
export interface Reply {
  /** False once the client has gone. */
  readonly open: boolean;
  send(event: string): void;
  end(): void;
  /** Drops the connection. */
  cut(): void;
  refuse(step: RefusalStep): void;
}

/** Does what the step says, and writes down what it cost. */
export async function play<U>(step: Step<U>, call: Call<U>, reply: Reply, spent: Spent[]): Promise<void> {
  const { model, role } = call;
  if (step.kind === 'error') {
    spent.push({ kind: 'refused', model, role, status: step.status });
    reply.refuse(step);
    return;
  }
  if (step.kind === 'stall' || step.kind === 'cut') {
    spent.push({ kind: 'unfinished', model, role });
    const events = call.events({ kind: 'text', text: 'This answer never ends.' }, call.defaultUsage);
    for (const event of events.slice(0, step.afterEvents)) reply.send(event);
    if (step.kind === 'cut') {
      // What was sent must reach the client before the end of the connection does.
      await sleep(50);
      reply.cut();
    }
    return;
  }
  if (step.delayMs) await sleep(step.delayMs);
  if (!reply.open) {
    spent.push({ kind: 'unfinished', model, role });
    return;
  }
  const usage = { ...call.defaultUsage, ...step.usage };
  spent.push({ kind: 'answered', model, role, usage: call.toUsage(usage) });
  for (const event of call.events(step, usage)) reply.send(event);
  reply.end();
}

/** Server-sent events; the headers go out with the first one. */
export function eventStream(
  response: ServerResponse,
  refuse: (step: RefusalStep) => void,
  headers: Record<string, string> = {},
): Reply {
  return {
    get open() {
      return !response.destroyed;
    },
    send(event) {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
      response.write(event);
    },
    end: () => response.end(),
    cut: () => response.destroy(),
    refuse,
  };
}
