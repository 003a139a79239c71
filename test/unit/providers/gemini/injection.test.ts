import { expect, test } from 'vitest';
import { gemini } from '../../../../src/providers/gemini/gemini.ts';
import { contextOf } from '../injection.ts';

test('the whole set of variables is given: each is the cure for a setting that would defeat the rest', async () => {
  const { context, written } = contextOf({ env: { OTEL_SDK_DISABLED: 'true' } });
  expect((await gemini.inject(context)).env).toEqual({
    GEMINI_TELEMETRY_ENABLED: 'true',
    GEMINI_TELEMETRY_TARGET: 'local',
    GEMINI_TELEMETRY_OTLP_PROTOCOL: 'http',
    GEMINI_TELEMETRY_OTLP_ENDPOINT: 'http://127.0.0.1:4242/s3cret',
    GEMINI_TELEMETRY_OUTFILE: '',
    GEMINI_TELEMETRY_USE_CLI_AUTH: 'false',
    GEMINI_TELEMETRY_USE_COLLECTOR: 'false',
    GEMINI_TELEMETRY_TRACES_ENABLED: 'true',
    GEMINI_TELEMETRY_LOG_PROMPTS: 'false',
    OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_NODE_RESOURCE_DETECTORS: 'env',
    OTEL_SDK_DISABLED: 'false',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_LOG_LEVEL: '',
  });
  expect(written).toEqual({});
});

test('prompts are asked for where content may leave', async () => {
  const { env } = await gemini.inject(contextOf({ content: true }).context);
  expect(env['GEMINI_TELEMETRY_LOG_PROMPTS']).toBe('true');
});

test('the user’s words are left as they are, the flags that are gone included', async () => {
  const words = ['-p', '', '--telemetry', '--', '--help'];
  const { args, conflicts } = await gemini.inject(contextOf({ args: words }).context);
  expect(args).toEqual(words);
  expect(conflicts).toEqual([]);
});

test('what the user tells of the resource is left alone: tools see it, too', async () => {
  const { context } = contextOf({ env: { OTEL_RESOURCE_ATTRIBUTES: 'team=red', OTEL_SERVICE_NAME: 'mine' } });
  const { env } = await gemini.inject(context);
  expect(Object.keys(env)).not.toContain('OTEL_RESOURCE_ATTRIBUTES');
  expect(Object.keys(env)).not.toContain('OTEL_SERVICE_NAME');
});
