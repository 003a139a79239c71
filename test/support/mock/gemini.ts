import type { ServerResponse } from 'node:http';
import type { MockApi, RecordedRequest, Spent } from './api.ts';
import {
  chunks,
  errorBody,
  type GeminiUsage,
  geminiUsage,
  toUsage,
  utilityUsage,
  response as whole,
} from './gemini-events.ts';
import { type Call, eventStream, play, type Reply } from './play.ts';
import { type Script, Steps } from './script.ts';
import { sendJson, startServer } from './server.ts';

/** The parts of a request the mock looks at. */
interface GenerateRequest {
  generationConfig?: { responseJsonSchema?: { properties?: Record<string, unknown> } };
  tools?: { functionDeclarations?: { name: string }[] }[];
}

/** The Gemini API as Gemini CLI uses it: the conversation streamed, helper calls in one piece. */
export async function startGemini(script: Script<GeminiUsage>): Promise<MockApi> {
  const spent: Spent[] = [];
  const requests: RecordedRequest[] = [];
  const main = new Steps(script.main);
  const subagent = new Steps(script.subagent);
  const server = await startServer(async (request, response) => {
    requests.push(request);
    const [, model = '', verb] = /\/models\/([^/:]+):(\w+)/.exec(request.path) ?? [];
    const body = request.body as GenerateRequest;
    if (verb === 'countTokens') return sendJson(response, 200, { totalTokens: 321 });
    if (verb === 'generateContent') {
      spent.push({ kind: 'answered', model, role: 'utility', usage: toUsage(utilityUsage) });
      return sendJson(response, 200, whole(utilityAnswer(body), utilityUsage, model));
    }
    if (verb !== 'streamGenerateContent') return sendJson(response, 404, {});
    const role = isSubagent(body) ? 'subagent' : 'main';
    const step = (role === 'main' ? main : subagent).take();
    const call = {
      model,
      role,
      defaultUsage: geminiUsage,
      toUsage,
      events: (answer, usage) => chunks(answer, usage, model).map(frame),
    } satisfies Call<GeminiUsage>;
    await play(step, call, httpReply(response), spent);
  });
  return { url: server.url, requests, spent, close: server.close };
}

/** What the schema of the question asks for: a route, the next speaker; plain text is a summary. */
function utilityAnswer({ generationConfig }: GenerateRequest): string {
  const wanted = generationConfig?.responseJsonSchema?.properties ?? {};
  if ('complexity_score' in wanted)
    return JSON.stringify({ complexity_reasoning: 'mock', complexity_score: 20 });
  if ('model_choice' in wanted) return JSON.stringify({ reasoning: 'mock', model_choice: 'flash' });
  if ('next_speaker' in wanted) return JSON.stringify({ reasoning: 'mock', next_speaker: 'user' });
  return 'A mock summary.';
}

/** Only a sub-agent has a tool to report that it is done. */
function isSubagent({ tools = [] }: GenerateRequest): boolean {
  return tools.some(({ functionDeclarations = [] }) =>
    functionDeclarations.some(({ name }) => name === 'complete_task'),
  );
}

function httpReply(response: ServerResponse): Reply {
  return eventStream(response, (step) => sendJson(response, step.status, errorBody(step)));
}

function frame(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}
