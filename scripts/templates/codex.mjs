/** What Codex CLI sends by itself, in the names of ai-trace, as src/providers/codex understands it: test/backends/native.test.ts. */
import { byStatus, inContext, keys, matches, sentBy } from './ottl.mjs';

const span = inContext('span');
const log = inContext('log');
const status = log.at('http.response.status_code');
const message = log.at('error.message');
const { event, kind } = keys;
const isStreamEvent = log.is('event.name', 'codex.sse_event');

/** @type {readonly import('./ottl.mjs').Group[]} */
export const codexSpans = [
  {
    about:
      'Codex CLI: a turn, an LLM call, a tool. Under thread.id its spans have a thread of the system, then the conversation.',
    context: 'span',
    condition: sentBy('codex'),
    statements: [
      `delete_key(span.attributes, "thread.id") where IsInt(${span.at('thread.id')})`,
      // Of its code mode, and another thing.
      'delete_key(span.attributes, "session.id")',
      span.set('session.id', span.at('thread.id'), `IsString(${span.at('thread.id')})`),
      span.set('session.id', span.at('conversation.id')),
      span.word(kind, 'AGENT', 'span.name == "session_task.turn"'),
      span.word(kind, 'LLM', 'span.name == "codex.sampling"'),
      span.word(kind, 'TOOL', `span.name == ${span.at('tool_name')}`),
      span.word('gen_ai.provider.name', 'openai', span.is(kind, 'LLM')),
      span.set('gen_ai.tool.name', span.at('tool_name'), span.is(kind, 'TOOL')),
      span.set('gen_ai.tool.call.id', span.at('call_id'), span.is(kind, 'TOOL')),
    ],
  },
];

/** @type {readonly import('./ottl.mjs').Group[]} */
export const codexLogs = [
  {
    about:
      'Codex CLI: what an event tells. An error that follows a refused request tells of the same once more.',
    context: 'log',
    condition: sentBy('codex'),
    statements: [
      log.set('session.id', log.at('sender_thread_id')),
      log.set('session.id', log.at('conversation.id')),
      log.word(
        event,
        'subagent',
        `${log.is('event.name', 'codex.agent_communication')} and ${log.is('kind', 'spawn')} and ${log.at('receiver_thread_id')} != nil`,
      ),
      ...['user_prompt', 'tool_decision', 'tool_result', 'turn_cost'].map((each) =>
        log.word(event, each, log.is('event.name', `codex.${each}`)),
      ),
      log.word(
        event,
        'llm_call',
        `${isStreamEvent} and ${log.is('event.kind', 'response.completed')} and ${log.at('input_token_count')} != nil`,
      ),
      log.word(
        event,
        'llm_error',
        `${log.is('event.name', 'codex.api_request')} and ${log.is('endpoint', '/responses')} and (${status} == nil or ${status} >= 400)`,
      ),
      // 426: the server asks for plain HTTP.
      log.word(
        event,
        'llm_error',
        `${log.is('event.name', 'codex.websocket_connect', 'codex.websocket_request')} and ${log.is('success', 'false')} and (${status} == nil or ${status} != 426)`,
      ),
      log.word(
        event,
        'llm_error',
        `${isStreamEvent} and ${message} != nil and not ${matches(message, 'last status: |high demand')}`,
      ),
    ],
  },
  {
    about: 'Codex CLI: the tokens of an LLM call.',
    context: 'log',
    condition: sentBy('codex', log.is(event, 'llm_call')),
    statements: [
      ['input_tokens', 'input_token_count'],
      ['output_tokens', 'output_token_count'],
      ['cache_read.input_tokens', 'cached_token_count'],
      ['cache_creation.input_tokens', 'cache_write_token_count'],
      ['reasoning.output_tokens', 'reasoning_token_count'],
    ].map(([ours, native]) => log.set(`gen_ai.usage.${ours}`, `Int(${log.at(native)})`)),
  },
  {
    about: 'Codex CLI: the class of an error.',
    context: 'log',
    condition: sentBy('codex', log.is(event, 'llm_error')),
    statements: log.classify('error.type', [
      ['unknown'],
      ['network', `not (${isStreamEvent}) and ${status} == nil`],
      ...byStatus(status),
      [
        'network',
        matches(message, 'stream closed before|error sending request|Transport error|network error'),
      ],
      ['timeout', matches(message, 'idle timeout')],
      ...[
        ['server', 'server_error'],
        ['rate_limit', 'rate_limit_exceeded'],
        ['context_length', 'context_length_exceeded'],
      ].map(([type, code]) => [
        type,
        `${log.is('event.kind', 'response.failed')} and ${matches(message, `"code"\\s*:\\s*"${code}"`)}`,
      ]),
    ]),
  },
  {
    about: 'Codex CLI: who answers, which tool. "success" is true for any command that ran.',
    context: 'log',
    condition: sentBy('codex'),
    statements: [
      log.word('gen_ai.provider.name', 'openai', log.is(event, 'llm_call', 'llm_error')),
      log.set('gen_ai.tool.name', log.at('tool_name'), log.is(event, 'tool_result', 'tool_decision')),
      log.set('gen_ai.tool.call.id', log.at('call_id'), log.is(event, 'tool_result', 'tool_decision')),
      log.word(
        'error.type',
        'tool_error',
        `${log.is(event, 'tool_result')} and (${log.is('success', 'false')} or ${matches(log.at('output'), '(?m)^Process exited with code -?[1-9]')})`,
      ),
    ],
  },
];
