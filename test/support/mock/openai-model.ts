import type { Role, Spent } from './api.ts';
import {
  type OpenAiUsage,
  openAiUsage,
  outputItems,
  type ResponseEvent,
  responseEvents,
  titleUsage,
  toUsage,
} from './openai-events.ts';
import { type Call, play, type Reply } from './play.ts';
import { type RefusalStep, type Script, type Step, Steps } from './script.ts';

/** The parts of a Responses API request the mock looks at. */
export interface ResponsesRequest {
  model: string;
  text?: { format?: { type?: string } };
  /** Codex: of a sub-agent, `x-codex-parent-thread-id` names the thread that spawned it. */
  client_metadata?: Record<string, unknown>;
}

/** The scripted model behind both transports. A /compact of Codex is a step of the conversation like any other. */
export class OpenAiModel {
  readonly spent: Spent[] = [];
  readonly #main: Steps<OpenAiUsage>;
  readonly #subagent: Steps<OpenAiUsage>;

  constructor(script: Script<OpenAiUsage>) {
    this.#main = new Steps(script.main);
    this.#subagent = new Steps(script.subagent);
  }

  /** A bad key is refused before a WebSocket opens: takes the next step if it is such a refusal. */
  refuseHandshake(): RefusalStep | null {
    const step = this.#main.peek();
    if (step.kind !== 'error' || (step.status !== 401 && step.status !== 403)) return null;
    this.#main.take();
    // The handshake does not say which model will be asked.
    this.spent.push({ kind: 'refused', model: '', role: 'main', status: step.status });
    return step;
  }

  async answer(
    request: ResponsesRequest,
    reply: Reply,
    frame: (event: ResponseEvent) => string,
  ): Promise<void> {
    const role = roleOf(request);
    const call: Call<OpenAiUsage> = {
      model: request.model,
      role,
      defaultUsage: role === 'utility' ? titleUsage : openAiUsage,
      toUsage,
      events: (step, usage) => responseEvents(outputItems(step), usage).map(frame),
    };
    await play(this.#stepFor(role), call, reply, this.spent);
  }

  #stepFor(role: Role): Step<OpenAiUsage> {
    if (role === 'utility') return titleStep;
    return role === 'subagent' ? this.#subagent.take() : this.#main.take();
  }
}

const titleStep: Step<OpenAiUsage> = { kind: 'text', text: JSON.stringify({ title: 'A mock title' }) };

function roleOf({ text, client_metadata }: ResponsesRequest): Role {
  // Codex names a session in a hidden thread of its own, and wants the answer as a JSON object.
  if (text?.format?.type === 'json_schema') return 'utility';
  return client_metadata?.['x-codex-parent-thread-id'] === undefined ? 'main' : 'subagent';
}
