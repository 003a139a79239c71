import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { MockApi, RecordedRequest } from './api.ts';
import { errorBody, type OpenAiUsage, type ResponseEvent } from './openai-events.ts';
import { OpenAiModel, type ResponsesRequest } from './openai-model.ts';
import { attachWebSocket } from './openai-socket.ts';
import { eventStream, type Reply } from './play.ts';
import type { Script } from './script.ts';
import { sendJson, startServer } from './server.ts';

export interface OpenAiOptions {
  /** What `GET /v1/responses` with an upgrade gets; `refuse` answers 426, which sends Codex to HTTP. */
  webSocket?: 'accept' | 'refuse';
}

/** The OpenAI Responses API as Codex uses it, over server-sent events and over WebSocket. */
export async function startOpenAi(
  script: Script<OpenAiUsage>,
  { webSocket = 'accept' }: OpenAiOptions = {},
): Promise<MockApi> {
  const model = new OpenAiModel(script);
  const requests: RecordedRequest[] = [];
  const server = await startServer(async (request, response) => {
    requests.push(request);
    // The list of models and the cost reports are optional to Codex.
    if (request.method !== 'POST' || request.path !== '/v1/responses') return sendJson(response, 404, {});
    await model.answer(request.body as ResponsesRequest, httpReply(response), serverSentEvent);
  });
  const dropSockets = attachWebSocket(server.http, webSocket === 'accept' ? model : null, requests);
  return {
    url: server.url,
    requests,
    spent: model.spent,
    close() {
      dropSockets();
      return server.close();
    },
  };
}

function httpReply(response: ServerResponse): Reply {
  return eventStream(response, (step) => {
    const headers: Record<string, string> = { 'x-request-id': `req_${randomUUID()}`, 'cf-ray': 'mock-ray' };
    if (step.retryAfter !== undefined) headers['retry-after'] = String(step.retryAfter);
    sendJson(response, step.status, errorBody(step), headers);
  });
}

function serverSentEvent(event: ResponseEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
