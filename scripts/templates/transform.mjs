/** The statements of all templates: they give CLIs that send here by themselves the names that ai-trace gives. */
import { load } from '../typescript.mjs';
import { claudeLogs, claudeSpans } from './claude.mjs';
import { codexLogs, codexSpans } from './codex.mjs';
import { geminiLogs, geminiSpans } from './gemini.mjs';
import { inContext, keys, matches, withoutAiTrace } from './ottl.mjs';

const { identityKeys, nativeContentKeys } = await load('src/pipeline/content-keys.ts');
const { event, kind } = keys;
const resource = inContext('resource');
const span = inContext('span');
const log = inContext('log');
const datapoint = inContext('datapoint');
const serviceName = resource.at('service.name');
const isCodex = matches(serviceName, '^codex(_exec|_cli_rs|-app-server)$');
const isAnyCli = `${withoutAiTrace} and ${matches(serviceName, '^(codex|gemini-cli|claude-code)$')}`;

/** @type {import('./ottl.mjs').Group} */
const resources = {
  about:
    'A CLI that sends here without ai-trace: one name for each. The version that Gemini CLI tells is that of Node.',
  context: 'resource',
  condition: `${resource.at('ai_trace.run.id')} == nil and ${matches(serviceName, '^(codex(_exec|_cli_rs|-app-server)|gemini-cli|claude-code)$')}`,
  statements: [
    resource.set('ai_trace.native.service.name', serviceName, isCodex),
    resource.word('service.name', 'codex', isCodex),
    `delete_key(resource.attributes, "service.version") where ${resource.is('service.name', 'gemini-cli')}`,
    resource.word('service.namespace', 'ai-trace'),
    resource.without(identityKeys),
  ],
};

/** @type {import('./ottl.mjs').Group} */
const spans = {
  about:
    'All of them: the operation in the words of the GenAI conventions, and a status that says what failed.',
  context: 'span',
  condition: isAnyCli,
  statements: [
    span.word('gen_ai.operation.name', 'invoke_agent', span.is(kind, 'AGENT')),
    span.word('gen_ai.operation.name', 'execute_tool', span.is(kind, 'TOOL')),
    span.word(
      'gen_ai.operation.name',
      'chat',
      `${span.is(kind, 'LLM')} and ${span.at('gen_ai.operation.name')} == nil`,
    ),
    `set(span.status.code, STATUS_CODE_ERROR) where ${span.at(kind)} != nil and ${span.at('error.type')} != nil`,
  ],
};

/** @type {import('./ottl.mjs').Group} */
const calls = {
  about: 'All of them: model and operation of an LLM call.',
  context: 'log',
  condition: `${isAnyCli} and ${log.is(event, 'llm_call', 'llm_error')}`,
  statements: [
    log.set('gen_ai.request.model', log.at('model')),
    log.word('gen_ai.operation.name', 'chat', `${log.at('gen_ai.operation.name')} == nil`),
  ],
};

/** @type {import('./ottl.mjs').Group} */
const points = {
  about:
    'All of them: the session is no label, for each would be a series; it tells the counters of two runs apart, as the instance.',
  context: 'datapoint',
  condition: isAnyCli,
  statements: [
    `set(${resource.at('service.instance.id')}, ${datapoint.at('session.id')}) where ${resource.at('service.instance.id')} == nil`,
    'delete_key(datapoint.attributes, "session.id")',
    datapoint.without([...identityKeys, ...nativeContentKeys]),
  ],
};

/** @type {import('./ottl.mjs').Group} */
const labels = {
  about:
    'From ai-trace too: where a session ran, as labels. One run has one of each, so there are no more series than before.',
  context: 'datapoint',
  statements: ['vcs.repository.name', 'vcs.ref.head.name', 'host.name', 'user.name'].map((key) =>
    datapoint.set(key, resource.at(key)),
  ),
};

/** @returns {import('./ottl.mjs').Group} */
function removal(context) {
  return {
    about: 'Who said what: some CLIs send it whatever their settings say. Take this block out to keep it.',
    context,
    condition: isAnyCli,
    statements: [
      inContext(context).without([...identityKeys, ...nativeContentKeys]),
      ...(context === 'span' ? ['set(span.status.message, "")'] : []),
    ],
  };
}

/** @type {import('./ottl.mjs').Transform} */
export const transform = {
  trace: [
    resources,
    ...codexSpans,
    ...geminiSpans,
    ...claudeSpans,
    spans,
    removal('span'),
    removal('spanevent'),
  ],
  log: [resources, ...codexLogs, ...geminiLogs, ...claudeLogs, calls, removal('log')],
  metric: [resources, points, labels],
};
