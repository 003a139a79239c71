/** What Gemini CLI sends by itself, in the names of ai-trace, as src/providers/gemini understands it: test/backends/native.test.ts. */
import { byStatus, inContext, keys, matches, sentBy } from './ottl.mjs';

const span = inContext('span');
const log = inContext('log');
const { event, kind } = keys;
const status = log.at('status_code');
const message = log.at('error.message');

/** @type {readonly import('./ottl.mjs').Group[]} */
export const geminiSpans = [
  {
    about: 'Gemini CLI: a turn or a sub-agent, an LLM call, a tool.',
    context: 'span',
    condition: sentBy('gemini-cli'),
    statements: [
      span.set('session.id', span.at('gen_ai.conversation.id')),
      span.word(kind, 'AGENT', 'span.name == "user_prompt" or span.name == "agent_call"'),
      span.word(kind, 'LLM', 'span.name == "llm_call"'),
      span.word(kind, 'TOOL', 'span.name == "tool_call"'),
      span.word('gen_ai.operation.name', 'generate_content', span.is(kind, 'LLM')),
      span.word(
        'gen_ai.provider.name',
        'gcp.gen_ai',
        `${span.is(kind, 'LLM')} and ${span.at('gen_ai.provider.name')} == nil`,
      ),
    ],
  },
  {
    about: "Gemini CLI: the class of an error, from the API's JSON.",
    context: 'span',
    condition: sentBy('gemini-cli', span.is(kind, 'LLM'), 'span.status.code == STATUS_CODE_ERROR'),
    statements: span.classify('error.type', [
      ['unknown'],
      ['network', matches('span.status.message', 'fetch failed|terminated')],
      ['cancelled', matches('span.status.message', 'AbortError')],
      ...[
        ['validation', '4[0-9][0-9]'],
        ['server', '5[0-9][0-9]'],
        ['overloaded', '503'],
        ['auth', '40[13]'],
        ['rate_limit', '429'],
      ].map(([type, code]) => [type, matches('span.status.message', `"code"\\s*:\\s*${code}\\b`)]),
      ['auth', matches('span.status.message', 'API_KEY_INVALID')],
    ]),
  },
];

/** @type {readonly import('./ottl.mjs').Group[]} */
export const geminiLogs = [
  {
    about: 'Gemini CLI: what an event tells.',
    context: 'log',
    condition: sentBy('gemini-cli'),
    statements: [
      ['user_prompt', 'gemini_cli.user_prompt'],
      ['llm_call', 'gemini_cli.api_response'],
      ['llm_error', 'gemini_cli.api_error'],
      ['llm_error', 'gemini_cli.chat.content_retry'],
      ['tool_result', 'gemini_cli.tool_call'],
      ['subagent', 'gemini_cli.agent.start'],
      ['subagent', 'gemini_cli.agent.finish'],
      ['compaction', 'gemini_cli.chat_compression'],
    ].map(([ours, native]) => log.word(event, ours, log.is('event.name', native))),
  },
  {
    about:
      'Gemini CLI: the tokens of an LLM call. Those of tools are not in its input, thoughts not in its output.',
    context: 'log',
    condition: sentBy('gemini-cli', log.is(event, 'llm_call')),
    statements: [
      log.set('gen_ai.usage.input_tokens', log.at('input_token_count')),
      log.add('gen_ai.usage.input_tokens', 'tool_token_count'),
      log.set('gen_ai.usage.output_tokens', log.at('output_token_count')),
      log.add('gen_ai.usage.output_tokens', 'thoughts_token_count'),
      log.set('gen_ai.usage.cache_read.input_tokens', log.at('cached_content_token_count')),
      log.set('gen_ai.usage.reasoning.output_tokens', log.at('thoughts_token_count')),
      log.set('gen_ai.response.model', log.at('model')),
    ],
  },
  {
    about: 'Gemini CLI: the class of an error; its own is that of JavaScript.',
    context: 'log',
    condition: sentBy('gemini-cli', log.is(event, 'llm_error')),
    statements: log.classify('error.type', [
      ['unknown'],
      ['network', matches(message, 'fetch failed|terminated')],
      ['timeout', `${matches(message, 'fetch failed')} and ${log.at('duration_ms')} >= 60000`],
      ['cancelled', matches(message, 'AbortError')],
      ...byStatus(status),
      ['overloaded', `${status} == 503`],
      ['auth', matches(message, 'API_KEY_INVALID')],
    ]),
  },
  {
    about: 'Gemini CLI: who answers, which tool.',
    context: 'log',
    condition: sentBy('gemini-cli', log.is(event, 'llm_call', 'llm_error', 'tool_result')),
    statements: [
      log.word('gen_ai.operation.name', 'generate_content', log.is(event, 'llm_call', 'llm_error')),
      ...log.classify('gen_ai.provider.name', [
        ['gcp.gen_ai', log.is(event, 'llm_call', 'llm_error')],
        [
          'gcp.gemini',
          `${log.is(event, 'llm_call', 'llm_error')} and ${log.is('auth_type', 'gemini-api-key')}`,
        ],
        [
          'gcp.vertex_ai',
          `${log.is(event, 'llm_call', 'llm_error')} and ${log.is('auth_type', 'vertex-ai')}`,
        ],
      ]),
      log.set('gen_ai.tool.name', log.at('function_name'), log.is(event, 'tool_result')),
      log.word(
        'error.type',
        'tool_error',
        `${log.is(event, 'tool_result')} and ${log.at('success')} == false`,
      ),
    ],
  },
];
