import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  type AnthropicUsage,
  anthropicUsage,
  errorBody,
  type MessageEvent,
  message,
  messageEvents,
  toUsage,
  utilityUsage,
} from './anthropic-events.ts';
import type { MockApi, RecordedRequest, Role, Spent } from './api.ts';
import { type Call, eventStream, play, type Reply } from './play.ts';
import { type Script, type Step, Steps } from './script.ts';
import { sendJson, startServer } from './server.ts';

/** The parts of a request the mock looks at. */
interface MessagesRequest {
  model: string;
  stream?: boolean;
  messages: { content: unknown }[];
  tools?: object[];
  stop_sequences?: string[];
}

/** The Messages API as Claude Code uses it. */
export async function startAnthropic(script: Script<AnthropicUsage>): Promise<MockApi> {
  const spent: Spent[] = [];
  const requests: RecordedRequest[] = [];
  const main = new Steps(script.main);
  const subagent = new Steps(script.subagent);
  const nextStep = (body: MessagesRequest, role: Role): Step<AnthropicUsage> => {
    if (role === 'utility') return { kind: 'text', text: helperAnswer(body) ?? '' };
    return (role === 'main' ? main : subagent).take();
  };
  const server = await startServer(async (request, response) => {
    requests.push(request);
    const route = `${request.method} ${request.path.split('?')[0]}`;
    if (route === 'HEAD /api/hello') return void response.writeHead(200).end();
    if (route === 'POST /v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 1201 });
    if (route !== 'POST /v1/messages')
      return sendJson(response, 404, errorBody({ kind: 'error', status: 404 }, 'req'));
    const body = request.body as MessagesRequest;
    const role = roleOf(request);
    await play(nextStep(body, role), callOf(body, role), httpReply(response, body.stream === true), spent);
  });
  return { url: server.url, requests, spent, close: server.close };
}

function roleOf({ headers, body }: RecordedRequest): Role {
  if (headers['x-claude-code-agent-id']) return 'subagent';
  return helperAnswer(body as MessagesRequest) === null ? 'main' : 'utility';
}

/** The answer a helper call wants; null for a call that is part of a conversation. */
function helperAnswer({ tools = [], stop_sequences = [], messages }: MessagesRequest): string | null {
  // /compact asks in the conversation itself, tools included.
  const last = messages.at(-1)?.content;
  if (typeof last === 'string' && last.startsWith('CRITICAL: Respond with TEXT ONLY')) {
    return '<analysis>None.</analysis>\n<summary>A mock summary.</summary>';
  }
  if (tools.length > 0) return null;
  // The check of auto mode stops at its closing tag; here it lets everything pass.
  if (stop_sequences.includes('</block>')) return '<block>no</block>';
  return JSON.stringify({ title: 'A mock title' });
}

function callOf({ model, stream }: MessagesRequest, role: Role): Call<AnthropicUsage> {
  return {
    model,
    role,
    defaultUsage: role === 'utility' ? utilityUsage : anthropicUsage,
    toUsage,
    events: (step, usage) =>
      stream ? messageEvents(step, usage, model).map(frame) : [JSON.stringify(message(step, usage, model))],
  };
}

function httpReply(response: ServerResponse, stream: boolean): Reply {
  const requestId = `req_${randomUUID()}`;
  const headers = {
    'request-id': requestId,
    'content-type': stream ? 'text/event-stream' : 'application/json',
  };
  return eventStream(
    response,
    (step) => {
      const retry = step.retryAfter === undefined ? undefined : { 'retry-after': String(step.retryAfter) };
      sendJson(response, step.status, errorBody(step, requestId), { 'request-id': requestId, ...retry });
    },
    headers,
  );
}

function frame(event: MessageEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
