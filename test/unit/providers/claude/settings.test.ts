import { describe, expect, test } from 'vitest';
import { mergedSettings } from '../../../../src/providers/claude/settings.ts';
import { contextOf, type Files } from '../injection.ts';

const file = '/run/private/claude-settings.json';

function inject(args: string[], files: Files = {}, env: Record<string, string> = {}) {
  const { context, written } = contextOf({ args, env }, files);
  const injection = mergedSettings(context);
  const text = written['claude-settings.json'];
  return { ...injection, settings: text === undefined ? undefined : JSON.parse(text) };
}

describe('the variables', () => {
  const { env, settings, conflicts } = inject([]);

  test('send everything here and keep content back', () => {
    expect(env).toEqual({
      CLAUDE_CODE_ENABLE_TELEMETRY: '1',
      CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4242/s3cret',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: '',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: '',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: '',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: '',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: '',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'cumulative',
      OTEL_METRIC_EXPORT_INTERVAL: '10000',
      OTEL_LOGS_EXPORT_INTERVAL: '200',
      OTEL_TRACES_EXPORT_INTERVAL: '200',
      OTEL_METRICS_INCLUDE_SESSION_ID: 'true',
      OTEL_LOG_USER_PROMPTS: '0',
      OTEL_LOG_ASSISTANT_RESPONSES: '0',
      OTEL_LOG_TOOL_DETAILS: '0',
      OTEL_LOG_TOOL_CONTENT: '0',
      OTEL_LOG_RAW_API_BODIES: '0',
      OTEL_TRACES_SAMPLER: 'always_on',
      ENABLE_BETA_TRACING_DETAILED: '',
      BETA_TRACING_ENDPOINT: '',
    });
  });

  test('ask for content where it may leave, but not for whole requests', () => {
    expect(mergedSettings(contextOf({ content: true }).context).env).toMatchObject({
      OTEL_LOG_USER_PROMPTS: '1',
      OTEL_LOG_ASSISTANT_RESPONSES: '1',
      OTEL_LOG_TOOL_DETAILS: '1',
      OTEL_LOG_TOOL_CONTENT: '1',
      OTEL_LOG_RAW_API_BODIES: '0',
    });
  });

  test('are the same in the settings and in the environment', () => {
    expect(settings).toEqual({ env });
    expect(conflicts).toEqual([]);
  });
});

describe('the words', () => {
  test('none: ours alone', () => {
    expect(inject([]).args).toEqual(['--settings', file]);
  });

  test('ours stand before the user’s, which stay as they are', () => {
    expect(inject(['-p', 'hi', '']).args).toEqual(['--settings', file, '-p', 'hi', '']);
  });

  test.each([
    ['JSON', ['--settings', '{"model":"opus","env":{"A":"1"}}']],
    ['JSON after spaces', ['--settings', ' {"model":"opus","env":{"A":"1"}}']],
    ['JSON behind =', ['--settings={"model":"opus","env":{"A":"1"}}']],
    ['a relative path', ['--settings', 'mine.json']],
    ['a path behind =', ['--settings=/etc/mine.json']],
    ['the last of two', ['--settings', '{"model":"sonnet","env":{"B":"2"}}', '--settings', 'mine.json']],
    ['the last of two, both forms', ['--settings={"theme":"dark"}', '--settings', '/etc/mine.json']],
  ])('the user’s settings are read and merged: %s', (_, words) => {
    const own = '{"model":"opus","env":{"A":"1"}}';
    const { args, settings, env } = inject([...words, '-p', 'hi'], {
      '/work/mine.json': own,
      '/etc/mine.json': own,
    });
    expect(args).toEqual(['--settings', file, '-p', 'hi']);
    expect(settings).toEqual({ model: 'opus', env: { A: '1', ...env } });
  });

  test('ours win over the same variables of the user', () => {
    const own = { env: { OTEL_LOG_USER_PROMPTS: '1', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://c' } };
    const { settings } = inject(['--settings', JSON.stringify(own)]);
    expect(settings.env).toMatchObject({ OTEL_LOG_USER_PROMPTS: '0', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: '' });
  });

  test('behind -- are never options', () => {
    const words = ['-p', '--', '--settings', '{"model":"opus"}'];
    const { args, settings } = inject(words);
    expect(args).toEqual(['--settings', file, ...words]);
    expect(settings).not.toHaveProperty('model');
  });

  test('--settings without a value is Claude’s to complain about', () => {
    expect(inject(['-p', '--settings']).args).toEqual(['--settings', file, '-p', '--settings']);
  });
});

describe('settings that cannot be read', () => {
  test.each([
    ['no such file', 'missing.json'],
    ['damaged JSON', '{"model":'],
    ['a file that is not JSON', 'text.json'],
    ['a file that holds no object', 'list.json'],
  ])('%s: the words stay, and the environment alone carries ours', (_, value) => {
    const words = ['--settings', value, '-p', 'hi'];
    const { args, env, settings, conflicts } = inject(words, {
      '/work/text.json': 'hello',
      '/work/list.json': '[1]',
    });
    expect(args).toEqual(words);
    expect(env).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4242/s3cret' });
    expect(settings).toBeUndefined();
    expect(conflicts).toEqual([{ kind: 'unreadable_settings', value }]);
  });
});

test('the user’s resource attributes are left alone', () => {
  const own = JSON.stringify({ env: { OTEL_RESOURCE_ATTRIBUTES: 'from=flag' } });
  const { env, settings } = inject(['--settings', own], {}, { OTEL_RESOURCE_ATTRIBUTES: 'from=env' });
  expect(Object.keys(env)).not.toContain('OTEL_RESOURCE_ATTRIBUTES');
  expect(settings).toMatchObject({ env: { OTEL_RESOURCE_ATTRIBUTES: 'from=flag' } });
});

describe('managed settings', () => {
  const managed = '/etc/claude-code/managed-settings.json';

  test('that fix telemetry are told, and the run goes on', () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'a=b', CLAUDE_CODE_ENABLE_TELEMETRY: '0', OTHER: '1' };
    const { conflicts, args } = inject(['-p', 'hi'], { [managed]: JSON.stringify({ env }) });
    expect(conflicts).toEqual([
      {
        kind: 'managed_settings',
        file: managed,
        keys: ['OTEL_EXPORTER_OTLP_HEADERS', 'CLAUDE_CODE_ENABLE_TELEMETRY'],
        isSilent: true,
      },
    ]);
    expect(args).toEqual(['--settings', file, '-p', 'hi']);
  });

  test.each([
    ['others', '{"env":{"OTHER":"1"},"model":"opus"}'],
    ['none', '{}'],
    ['damaged', '{'],
    ['of another shape', '{"env":"OTEL_"}'],
  ])('that say nothing of it are no conflict: %s', (_, text) => {
    expect(inject([], { [managed]: text }).conflicts).toEqual([]);
  });

  const endpoint = '{"env":{"OTEL_EXPORTER_OTLP_ENDPOINT":"http://c"}}';
  const headers = '{"env":{"OTEL_EXPORTER_OTLP_HEADERS":"a=b"}}';
  const helper = '{"otelHeadersHelper":"/bin/headers"}';
  const dropIn = '/etc/claude-code/managed-settings.d/10-otel.json';
  test.each([
    ['an endpoint', { [managed]: endpoint }, [managed], false],
    ['headers alone', { [managed]: headers }, [managed], true],
    ['a program that makes headers', { [managed]: helper }, [managed], true],
    ['a drop-in', { [dropIn]: headers }, [dropIn], true],
    [
      'headers, and the endpoint in a drop-in',
      { [managed]: headers, [dropIn]: endpoint },
      [managed, dropIn],
      false,
    ],
    ['a drop-in of another kind', { [`${dropIn}.bak`]: headers }, [], false],
  ])('send elsewhere, or nothing: %s', (_, files, told, isSilent) => {
    const { conflicts } = inject([], files as Files);
    expect(conflicts).toMatchObject(told.map((name) => ({ kind: 'managed_settings', file: name, isSilent })));
    expect(conflicts).toHaveLength(told.length);
  });

  test.each([
    ['darwin', '/Library/Application Support/ClaudeCode/managed-settings.json'],
    ['win32', 'C:\\Program Files\\ClaudeCode\\managed-settings.json'],
  ] as const)('are looked for where %s has them', (platform, name) => {
    const { conflicts } = mergedSettings(contextOf({ platform }, { [name]: endpoint }).context);
    expect(conflicts).toMatchObject([{ file: name }]);
  });

  test('that switch off the spans are told', () => {
    const { conflicts } = inject([], { [managed]: '{"env":{"CLAUDE_CODE_ENHANCED_TELEMETRY_BETA":"0"}}' });
    expect(conflicts).toMatchObject([{ keys: ['CLAUDE_CODE_ENHANCED_TELEMETRY_BETA'] }]);
  });

  test('are told beside settings that cannot be read', () => {
    const { conflicts } = inject(['--settings', 'missing'], { [managed]: '{"env":{"OTEL_X":"1"}}' });
    expect(conflicts.map(({ kind }) => kind)).toEqual(['managed_settings', 'unreadable_settings']);
  });
});

// facts/claude.md §9, measured on 2.1.329: with these two, logs and traces go there instead of to us; blank ones end that.
test('the user’s detailed beta tracing does not take the telemetry elsewhere', () => {
  const { settings } = inject(
    [],
    {},
    { ENABLE_BETA_TRACING_DETAILED: '1', BETA_TRACING_ENDPOINT: 'http://c' },
  );
  expect(settings.env).toMatchObject({ ENABLE_BETA_TRACING_DETAILED: '', BETA_TRACING_ENDPOINT: '' });
});
