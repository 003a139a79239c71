import { describe, expect, test } from 'vitest';
import type { KeyValue, LogRecord, Metric, Span } from '../../../src/otlp/types.ts';
import {
  cleanAttributes,
  cleanExemplars,
  createContentPolicy,
  withoutContent,
} from '../../../src/pipeline/content.ts';
import { list, log, span } from '../providers/records.ts';

const keys = (attributes: readonly KeyValue[]) => attributes.map(({ key }) => key);
const secret = () => list({ prompt: 'my secret plan', kept: 'yes' });
const tags = () => list({ 'host.name': 'box', metadata: 'a tag' });

function cleanLog(record: LogRecord): void {
  withoutContent.clean({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
}
function cleanSpan(record: Span): void {
  withoutContent.clean({ resourceSpans: [{ scopeSpans: [{ spans: [record] }] }] });
}

/** What facts/codex.md §10, gemini.md §9 and claude.md §9 say must not leave. */
test.each([
  'prompt',
  'prompt_text',
  'user_prompt',
  'response',
  'response_text',
  'request_text',
  'body',
  'arguments',
  'output',
  'function_args',
  'metadata',
  'tool_input',
  'tool_parameters',
  'full_command',
  'bash_command',
  'diff',
  'file_path',
  'error',
  'error.message',
  'exception.message',
  'exception.stacktrace',
  'reasoning',
  'routing.reasoning',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.definitions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'tool.parameters',
  'input.value',
  'output.value',
  'user.id',
  'user.email',
  'user.account_id',
  'user.account_uuid',
  'organization.id',
  'installation.id',
  'cwd',
  'host.name',
  'process.owner',
  'process.command',
  'process.command_args',
  'vcs.ref.head.name',
  'vcs.ref.head.revision',
])('%s does not leave', (key) => {
  const attributes = list({ before: 'x', [key]: 'my secret plan', after: 'x' });
  cleanAttributes(attributes);
  expect(keys(attributes)).toEqual(['before', 'after']);
});

test.each([
  'prompt_id',
  'prompt.id',
  'prompt_length',
  'response_length',
  'error.type',
  'error_type',
  'status_code',
  'tool_name',
  'function_name',
  'host.arch',
  'os.type',
  'service.name',
  'session.id',
  'exit_code',
  'vcs.repository.name',
])('%s stays', (key) => {
  const attributes = list({ [key]: 'x' });
  cleanAttributes(attributes);
  expect(keys(attributes)).toEqual([key]);
});

describe('content is taken out of', () => {
  test('no attributes at all', () => {
    expect(() => cleanAttributes(undefined)).not.toThrow();
  });

  test('a key that stands twice', () => {
    const attributes = [...secret(), ...secret()];
    cleanAttributes(attributes);
    expect(keys(attributes)).toEqual(['kept', 'kept']);
  });

  test('a finished request, but not what the user has put on its resource', () => {
    const resource = { attributes: tags() };
    withoutContent.clean({ resourceLogs: [{ resource, scopeLogs: [] }] });
    withoutContent.clean({ resourceMetrics: [{ resource, scopeMetrics: [] }] });
    expect(resource.attributes).toEqual(tags());
  });

  test('a log', () => {
    const record = {
      ...log(1, { prompt: 'x', kept: 'y' }),
      body: { stringValue: 'Tool call: x. Success: true.' },
    };
    cleanLog(record);
    expect(keys(record.attributes)).toEqual(['kept']);
    expect(record.body.stringValue).toBe('Tool call: x. Success: true.');
  });

  test('the body of a log that quotes the answer of the API', () => {
    const stringValue = 'API error for gemini-3.5-pro. Error: {"error":\n{"message":"my secret plan"}}';
    const record = { attributes: [], body: { stringValue } };
    cleanLog(record);
    expect(record.body.stringValue).toBe('API error for gemini-3.5-pro.');
  });

  test.each([
    ['a list', { arrayValue: { values: [{ stringValue: 'my secret plan' }] } }],
    ['a map', { kvlistValue: { values: secret() } }],
  ])('the body of a log that is %s, though none of the three CLIs sends one', (_, body) => {
    const record = { attributes: [], body };
    cleanLog(record);
    expect(JSON.stringify(record)).not.toContain('my secret plan');
  });

  test('a log without a body', () => {
    expect(() => cleanLog({ attributes: [] })).not.toThrow();
  });

  test('a span, its events, its links and its status', () => {
    const record = span('x', [1, 2], { prompt: 'x', kept: 'y' });
    record.events.push({ name: 'exception', attributes: secret() });
    record.links.push({ attributes: secret() });
    record.status = { code: 2, message: 'my secret plan' };
    cleanSpan(record);
    expect(keys(record.attributes)).toEqual(['kept']);
    expect(record.events.map(({ attributes }) => keys(attributes))).toEqual([['kept']]);
    expect(record.links.map(({ attributes }) => keys(attributes))).toEqual([['kept']]);
    expect(record.status).toEqual({ code: 2 });
  });

  test.each<[string, (attributes: KeyValue[]) => Metric]>([
    [
      'gauge',
      (attributes) => ({ gauge: { dataPoints: [{ attributes: [], exemplars: [exemplar(attributes)] }] } }),
    ],
    [
      'sum',
      (attributes) => ({ sum: { dataPoints: [{ attributes: [], exemplars: [exemplar(attributes)] }] } }),
    ],
    [
      'histogram',
      (attributes) => ({
        histogram: {
          dataPoints: [{ attributes: [], exemplars: [exemplar(attributes)] }],
        },
      }),
    ],
    [
      'exponential histogram',
      (attributes) => ({
        exponentialHistogram: { dataPoints: [{ attributes: [], exemplars: [exemplar(attributes)] }] },
      }),
    ],
  ])('the exemplars of a %s', (_, metricOf) => {
    const metric = metricOf(secret());
    cleanExemplars(metric);
    expect(JSON.stringify(metric)).not.toContain('my secret plan');
    expect(JSON.stringify(metric)).toContain('kept');
  });

  test.each<Metric>([
    { name: 'x' },
    { name: 'x', summary: { dataPoints: [{ attributes: [], quantileValues: [] }] } },
  ])('a metric without exemplars %#', (metric) => {
    expect(() => cleanExemplars(metric)).not.toThrow();
  });
});

function exemplar(attributes: readonly KeyValue[]) {
  return { filteredAttributes: [...attributes], asDouble: 1 };
}

describe('of an attribute of the CLI’s', () => {
  test.each([
    ['none', { prompt: true, 'user.email': true, model: false }],
    ['redacted', { prompt: false, 'user.email': true, model: false }],
    ['full', { prompt: false, 'user.email': false, model: false }],
  ] as const)('%s takes out', async (mode, expected) => {
    const { takesOut } = await createContentPolicy(mode);
    for (const [key, gone] of Object.entries(expected)) expect(takesOut(key), key).toBe(gone);
  });
});

describe('in a finished request', () => {
  const request = () => {
    const record = log(1, { prompt: 'mail to wren@example.org', kept: 'y' });
    return { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
  };
  const left = async (mode: 'redacted' | 'full') => {
    const cleaned = request();
    (await createContentPolicy(mode)).clean(cleaned);
    return cleaned;
  };

  test('redacted leaves content without its secrets', async () => {
    expect(JSON.stringify(await left('redacted'))).toContain('mail to [redacted:email]');
  });

  test('full changes nothing', async () => {
    expect(await left('full')).toEqual(request());
  });
});
