/**
 * What a mock model answers. A script is played step by step, one step for each call of the conversation it belongs to;
 * helper calls (titles, routers, classifiers) never take a step. `U` is the dialect's own usage, in the API's field names.
 */
export interface Script<U> {
  /** The user's conversation. After the last step every call is answered with a plain text. */
  main: readonly Step<U>[];
  /** Conversations the CLI's sub-agents hold, all of them in one order. */
  subagent?: readonly Step<U>[];
}

export type Step<U> = AnswerStep<U> | RefusalStep | BrokenStep;

export type AnswerStep<U> = TextStep<U> | ToolStep<U>;

interface Answer<U> {
  usage?: Partial<U>;
  /** Wait before the first byte. */
  delayMs?: number;
}

interface TextStep<U> extends Answer<U> {
  kind: 'text';
  text: string;
}

interface ToolStep<U> extends Answer<U> {
  kind: 'tool';
  calls: readonly ToolCall[];
}

export interface RefusalStep {
  kind: 'error';
  /** HTTP status, 400 and up. */
  status: number;
  /** How many calls in a row get it; default 1, `Infinity` = the rest of the run. */
  times?: number;
  /** Seconds, as the `retry-after` header. */
  retryAfter?: number;
  /** The dialect's error code, where the one that goes with the status does not do. */
  code?: string;
  message?: string;
}

/** A stream that begins well, then `stall` sends nothing for ever and `cut` drops the connection. */
export type BrokenStep = { kind: 'stall'; afterEvents: number } | { kind: 'cut'; afterEvents: number };

export interface ToolCall {
  /** OpenAI groups some tools. */
  namespace?: string;
  name: string;
  /** A string is the free-form input of an OpenAI custom tool. */
  input: Readonly<Record<string, unknown>> | string;
}

const lastWords = 'Nothing left to do.';

/** Hands out the steps of one conversation. */
export class Steps<U> {
  readonly #steps: readonly Step<U>[];
  #next = 0;
  /** How often the step at `#next` was taken. */
  #taken = 0;

  constructor(steps: readonly Step<U>[] = []) {
    this.#steps = steps;
  }

  peek(): Step<U> {
    return this.#steps[this.#next] ?? { kind: 'text', text: lastWords };
  }

  take(): Step<U> {
    const step = this.peek();
    this.#taken += 1;
    if (step.kind !== 'error' || this.#taken >= (step.times ?? 1)) {
      this.#next += 1;
      this.#taken = 0;
    }
    return step;
  }
}
