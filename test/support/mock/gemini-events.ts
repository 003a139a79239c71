import { randomUUID } from 'node:crypto';
import type { Usage } from '../../../src/session/usage.ts';
import type { AnswerStep, RefusalStep } from './script.ts';

/** `usageMetadata` without its total. */
export interface GeminiUsage {
  /** Includes the cached ones. */
  promptTokenCount: number;
  cachedContentTokenCount: number;
  /** Without thoughts. */
  candidatesTokenCount: number;
  thoughtsTokenCount: number;
  /** Not in the prompt count. */
  toolUsePromptTokenCount: number;
}

/** What a call costs unless its step says otherwise. */
export const geminiUsage: Readonly<GeminiUsage> = {
  promptTokenCount: 1000,
  cachedContentTokenCount: 400,
  candidatesTokenCount: 25,
  thoughtsTokenCount: 60,
  toolUsePromptTokenCount: 7,
};

/** What a routing call or a summary costs. */
export const utilityUsage: Readonly<GeminiUsage> = {
  promptTokenCount: 211,
  cachedContentTokenCount: 0,
  candidatesTokenCount: 13,
  thoughtsTokenCount: 0,
  toolUsePromptTokenCount: 0,
};

/** The chunks of a streamed answer: a thought, the parts, and the end with the usage. */
export function chunks(step: AnswerStep<GeminiUsage>, usage: GeminiUsage, model: string): object[] {
  const responseId = randomUUID();
  const chunk = (parts: object[], end: object = {}) => ({
    candidates: [{ content: { role: 'model', parts }, index: 0, ...end }],
    modelVersion: model,
    responseId,
  });
  return [
    chunk([{ text: '**Thinking** about it', thought: true }]),
    chunk(partsOf(step)),
    { ...chunk([{ text: '' }], { finishReason: 'STOP' }), usageMetadata: wireUsage(usage) },
  ];
}

/** A whole answer in one piece. */
export function response(text: string, usage: GeminiUsage, model: string): object {
  return {
    candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: wireUsage(usage),
    modelVersion: model,
    responseId: randomUUID(),
  };
}

function partsOf(step: AnswerStep<GeminiUsage>): object[] {
  if (step.kind === 'text') return [{ text: step.text }];
  return step.calls.map(({ name, input }) => ({ functionCall: { name, args: input } }));
}

function wireUsage(usage: GeminiUsage) {
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, toolUsePromptTokenCount } = usage;
  const totalTokenCount =
    promptTokenCount + candidatesTokenCount + thoughtsTokenCount + toolUsePromptTokenCount;
  return { ...usage, totalTokenCount };
}

/** `code` is the reason a program looks at, as in `API_KEY_INVALID`. */
export function errorBody({ status, code, message, retryAfter }: RefusalStep) {
  const details: object[] = [];
  if (code) details.push({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: code });
  if (retryAfter !== undefined) {
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` });
  }
  const name = statusNames[status] ?? 'UNKNOWN';
  return { error: { code: status, message: message ?? `mock refusal: ${name}`, status: name, details } };
}

const statusNames: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** In our convention: the tool's prompt tokens are input, thoughts are output. */
export function toUsage(usage: GeminiUsage): Usage {
  return {
    inputTokens: usage.promptTokenCount + usage.toolUsePromptTokenCount,
    outputTokens: usage.candidatesTokenCount + usage.thoughtsTokenCount,
    cacheReadTokens: usage.cachedContentTokenCount,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: null,
    reasoningTokens: usage.thoughtsTokenCount,
  };
}
