/** What Claude Code sends by itself, in the names of ai-trace, as src/providers/claude understands it: test/backends/native.test.ts. */
import { byStatus, inContext, keys, matches, sentBy } from './ottl.mjs';

const span = inContext('span');
const log = inContext('log');
const { event, kind } = keys;
const status = log.at('status_code');
const message = log.at('error');

/** @type {readonly import('./ottl.mjs').Group[]} */
export const claudeSpans = [
  {
    about: 'Claude Code: a turn, an LLM call, a tool.',
    context: 'span',
    condition: sentBy('claude-code'),
    statements: [
      // Where its settings keep the session out.
      span.set('session.id', span.at('gen_ai.conversation.id'), `${span.at('session.id')} == nil`),
      span.word(kind, 'AGENT', 'span.name == "claude_code.interaction"'),
      span.word(kind, 'LLM', 'span.name == "claude_code.llm_request"'),
      span.word(kind, 'TOOL', 'span.name == "claude_code.tool"'),
    ],
  },
  {
    about: 'Claude Code: the class of an error.',
    context: 'span',
    condition: sentBy('claude-code', span.is(kind, 'LLM'), `${span.at('success')} == false`),
    statements: span.classify('error.type', [
      ['unknown'],
      ...byStatus(span.at('status_code')),
      ['overloaded', `${span.at('status_code')} == 529`],
      ['network', span.is('error_class', 'connection_error')],
      ['timeout', span.is('error_class', 'api_timeout', 'stream_idle_timeout', 'stream_no_events')],
      ['context_length', span.is('error_class', 'prompt_too_long')],
      ['cancelled', span.is('error_class', 'aborted')],
      ['auth', span.is('error_class', 'invalid_api_key', 'auth_error', 'verification_required')],
      ['overloaded', span.is('error_class', 'server_overload', 'repeated_529', 'capacity_off_switch')],
    ]),
  },
];

/** @type {readonly import('./ottl.mjs').Group[]} */
export const claudeLogs = [
  {
    about: 'Claude Code: what an event tells.',
    context: 'log',
    condition: sentBy('claude-code'),
    statements: [
      ['user_prompt', 'user_prompt'],
      ['llm_call', 'api_request'],
      ['llm_error', 'api_error'],
      ['tool_decision', 'tool_decision'],
      ['tool_result', 'tool_result'],
      ['subagent', 'subagent_completed'],
      ['compaction', 'compaction'],
    ].map(([ours, native]) => log.word(event, ours, log.is('event.name', native))),
  },
  {
    about: 'Claude Code: tokens and cost of an LLM call. What the cache gave and took is not in its input.',
    context: 'log',
    condition: sentBy('claude-code', log.is(event, 'llm_call')),
    statements: [
      log.set('gen_ai.usage.input_tokens', log.at('input_tokens')),
      log.add('gen_ai.usage.input_tokens', 'cache_read_tokens'),
      log.add('gen_ai.usage.input_tokens', 'cache_creation_tokens'),
      log.set('gen_ai.usage.output_tokens', log.at('output_tokens')),
      log.set('gen_ai.usage.cache_read.input_tokens', log.at('cache_read_tokens')),
      log.set('gen_ai.usage.cache_creation.input_tokens', log.at('cache_creation_tokens')),
      log.set('gen_ai.usage.cost_usd', log.at('cost_usd')),
      log.word('ai_trace.cost.source', 'reported', `${log.at('cost_usd')} != nil`),
      log.set('gen_ai.response.id', log.at('request_id')),
    ],
  },
  {
    about: 'Claude Code: the class of an error.',
    context: 'log',
    condition: sentBy('claude-code', log.is(event, 'llm_error')),
    statements: log.classify('error.type', [
      ['unknown'],
      ['network', matches(message, '(?i)connection|ECONN|socket|network')],
      ['timeout', matches(message, '(?i)timed? ?out')],
      ...byStatus(status),
      ['overloaded', `${status} == 529`],
      ['context_length', `${status} == 400 and ${matches(message, '(?i)prompt is too long')}`],
    ]),
  },
  {
    about: 'Claude Code: who answers, which tool.',
    context: 'log',
    condition: sentBy('claude-code'),
    statements: [
      log.word('gen_ai.provider.name', 'anthropic', log.is(event, 'llm_call', 'llm_error')),
      log.set('gen_ai.tool.name', log.at('tool_name'), log.is(event, 'tool_result', 'tool_decision')),
      log.set('gen_ai.tool.call.id', log.at('tool_use_id'), log.is(event, 'tool_result', 'tool_decision')),
      log.word(
        'error.type',
        'tool_error',
        `${log.is(event, 'tool_result')} and ${log.is('success', 'false')}`,
      ),
    ],
  },
];
