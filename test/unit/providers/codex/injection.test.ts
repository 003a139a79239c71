import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { contextOf } from '../injection.ts';

const config = '/home/u/.codex/config.toml';
const ours = {
  logs: 'otel.exporter={otlp-http={endpoint="http://127.0.0.1:4242/s3cret/v1/logs",protocol="binary"}}',
  traces:
    'otel.trace_exporter={otlp-http={endpoint="http://127.0.0.1:4242/s3cret/v1/traces",protocol="binary"}}',
  metrics:
    'otel.metrics_exporter={otlp-http={endpoint="http://127.0.0.1:4242/s3cret/v1/metrics",protocol="binary"}}',
};
const privacy = [
  'otel.log_user_prompt=false',
  'otel.log_agent_responses=false',
  'otel.log_guardian_assessments=false',
  'otel.log_sse_deltas=false',
  'otel.tool_result={max_bytes=200}',
];

function inject(toml?: string, change: Parameters<typeof contextOf>[0] = {}) {
  const file = change.env?.['CODEX_HOME'] ? `${change.env['CODEX_HOME']}/config.toml` : config;
  return codex.inject(contextOf(change, toml === undefined ? {} : { [file]: toml }).context);
}

/** The values of the `-c` words, which stand before everything else. */
function settings({ args }: { args: string[] }): string[] {
  return args.filter((_, i) => args[i - 1] === '-c');
}

describe('without a configuration', () => {
  test('all three signals are sent here, and the user’s words follow untouched', async () => {
    const words = ['exec', '-m', 'gpt-5.5', '--', '-c', '', 'say "hi"'];
    const { args, conflicts } = await inject(undefined, { args: words });
    const expected = [ours.logs, ours.traces, ours.metrics, ...privacy].flatMap((setting) => ['-c', setting]);
    expect(args).toEqual([...expected, ...words]);
    expect(conflicts).toEqual([]);
  });

  test('the environment makes records leave before a failing run exits', async () => {
    const { env } = await inject();
    expect(env).toMatchObject({
      OTEL_BLRP_SCHEDULE_DELAY: '10',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_RESOURCE_ATTRIBUTES: 'ai_trace.run.id=run-1',
    });
  });

  test('the user’s resource attributes stay', async () => {
    const { env } = await inject(undefined, { env: { OTEL_RESOURCE_ATTRIBUTES: 'team=red' } });
    expect(env['OTEL_RESOURCE_ATTRIBUTES']).toBe('team=red,ai_trace.run.id=run-1');
  });
});

test('content is asked for where it may leave, of tools 16 kB', async () => {
  const wanted = settings(await inject(undefined, { content: true }));
  expect(wanted).toContain('otel.log_user_prompt=true');
  expect(wanted).toContain('otel.log_agent_responses=true');
  expect(wanted).toContain('otel.tool_result={max_bytes=16384}');
});

describe('behind a proxy', () => {
  // Measured on 0.169.0: with HTTP_PROXY alone all of its OTLP, our secret and tool output included, goes to the proxy.
  test.each([
    ['none so far', {}],
    ['other exceptions', { NO_PROXY: 'example.org', no_proxy: 'example.org' }],
  ])('telemetry does not go through it: %s', async (_, exceptions) => {
    const proxied = { HTTP_PROXY: 'http://proxy.example:3128', http_proxy: 'http://proxy.example:3128' };
    const { env } = await inject(undefined, { env: { ...proxied, ...exceptions } });
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const hosts = (env[name] ?? '').split(',');
      expect(hosts, name).toContain('127.0.0.1');
      if ('NO_PROXY' in exceptions) expect(hosts, name).toContain('example.org');
    }
  });
});

describe('a configuration with exporters over HTTP, as words, or none', () => {
  test.each([
    ['no telemetry', 'model = "gpt-5.5"\n'],
    ['another table', '[otel]\nenvironment = "prod"\n'],
    [
      'http',
      '[otel]\nexporter = { otlp-http = { endpoint = "http://c:4318/v1/logs", protocol = "binary" } }\n',
    ],
    ['words', '[otel]\nexporter = "none"\ntrace_exporter = "none"\nmetrics_exporter = "statsig"\n'],
    ['gRPC in a comment', '# exporter = { otlp-grpc = {} }\n[otel]\nexporter = "none"\n'],
    ['a table of another shape', 'otel = 5\nprofiles = "x"\n'],
  ])('is no obstacle: %s', async (_, toml) => {
    const { conflicts, ...injection } = await inject(toml);
    expect(settings(injection)).toEqual([ours.logs, ours.traces, ours.metrics, ...privacy]);
    expect(conflicts).toEqual([]);
  });
});

describe('an exporter over gRPC', () => {
  test.each([
    ['exporter', ours.logs, 'logs'],
    ['trace_exporter', ours.traces, 'traces'],
    ['metrics_exporter', ours.metrics, 'metrics'],
  ])('%s is left alone, the other two are sent here', async (key, left, signal) => {
    const { conflicts, ...injection } = await inject(
      `[otel]\n${key} = { otlp-grpc = { endpoint = "http://c:4317" } }\n`,
    );
    const expected = Object.values(ours).filter((setting) => setting !== left);
    expect(settings(injection)).toEqual([...expected, ...privacy]);
    expect(conflicts).toEqual([{ kind: 'grpc_exporter', file: config, signals: [signal] }]);
  });

  test('as a table with a header of its own', async () => {
    const { conflicts } = await inject('[otel.trace_exporter.otlp-grpc]\nendpoint = "http://c:4317"\n');
    expect(conflicts).toEqual([{ kind: 'grpc_exporter', file: config, signals: ['traces'] }]);
  });

  describe('in the file of a profile', () => {
    const file = '/home/u/.codex/work.config.toml';
    const files = { [file]: '[otel.exporter.otlp-grpc]\nendpoint = "http://c:4317"\n' };

    test.each([[['-p', 'work']], [['--profile=work', 'exec']], [['exec', '--profile', 'work', 'hi']]])(
      'that is asked for: %j',
      async (args) => {
        const { conflicts, ...injection } = await codex.inject(contextOf({ args }, files).context);
        expect(settings(injection)).not.toContain(ours.logs);
        expect(conflicts).toEqual([{ kind: 'grpc_exporter', file, signals: ['logs'] }]);
      },
    );

    test.each([[[]], [['-p', 'home']], [['exec', '-p']]])('that is not: %j', async (args) => {
      const { conflicts, ...injection } = await codex.inject(contextOf({ args }, files).context);
      expect(settings(injection)).toContain(ours.logs);
      expect(conflicts).toEqual([]);
    });
  });

  test('for all signals leaves the settings that keep content back', async () => {
    const grpc = '{ otlp-grpc = { endpoint = "http://c:4317" } }';
    const { conflicts, ...injection } = await inject(
      `[otel]\nexporter = ${grpc}\ntrace_exporter = ${grpc}\nmetrics_exporter = ${grpc}\n`,
    );
    expect(settings(injection)).toEqual(privacy);
    expect(conflicts).toMatchObject([{ signals: ['logs', 'traces', 'metrics'] }]);
  });

  test('is looked for in CODEX_HOME', async () => {
    const { conflicts } = await inject('[otel.exporter.otlp-grpc]\nendpoint = "x"\n', {
      env: { CODEX_HOME: '/elsewhere' },
    });
    expect(conflicts).toMatchObject([{ kind: 'grpc_exporter', file: '/elsewhere/config.toml' }]);
  });

  // Measured on 0.169.0: ours beside it is "more than 1 element in `otel.exporter`", and Codex does not start.
  test('that the user asks for in this command line is left alone too', async () => {
    const words = ['-c', 'otel.exporter.otlp-grpc.endpoint="http://c:4317"'];
    const injection = await inject(undefined, { args: words });
    expect(settings(injection)).not.toContain(ours.logs);
    expect(settings(injection)).toContain(ours.traces);
  });
});

describe('a configuration that cannot be parsed', () => {
  test('without gRPC in its text is Codex’s to judge', async () => {
    const { conflicts, ...injection } = await inject(
      '[otel]\nexporter = { \n otlp-http = { endpoint = "x" },\n}\n',
    );
    expect(settings(injection)).toEqual([ours.logs, ours.traces, ours.metrics, ...privacy]);
    expect(conflicts).toEqual([]);
  });

  test('with gRPC somewhere in its text is left alone', async () => {
    const { conflicts, ...injection } = await inject(
      '[otel]\nexporter = { \n otlp-grpc = { endpoint = "x" },\n}\n',
    );
    expect(settings(injection)).toEqual(privacy);
    expect(conflicts).toEqual([{ kind: 'unparsable_config', file: config }]);
  });
});
