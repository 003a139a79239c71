/** The records by which Codex tells of one attempt at a model request. */
import type { Attributes } from '../records.ts';

/** The attributes of a record of conversation `c1`. */
export const record = (name: string, attributes: Attributes): Attributes => ({
  'conversation.id': 'c1',
  model: 'gpt-5.5',
  'event.name': name,
  ...attributes,
});
export const http = (status: number | undefined, change: Attributes = {}) =>
  record('codex.api_request', { endpoint: '/responses', 'http.response.status_code': status, ...change });
export const broken = (message: string, kind?: string) =>
  record('codex.sse_event', { 'error.message': message, 'event.kind': kind });
export const completed = () =>
  record('codex.sse_event', {
    'event.kind': 'response.completed',
    input_token_count: '5',
    output_token_count: '1',
  });
export const socket = (what: 'connect' | 'request', success: string, status?: number) =>
  record(`codex.websocket_${what}`, { success, 'http.response.status_code': status });
