import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { contextOf } from '../injection.ts';

const config = '/home/u/.codex/config.toml';
const ours = {
  logs: 'otel.exporter={otlp-http={endpoint="http://127.0.0.1:4242/v1/logs",protocol="binary"}}',
  traces: 'otel.trace_exporter={otlp-http={endpoint="http://127.0.0.1:4242/v1/traces",protocol="binary"}}',
  metrics:
    'otel.metrics_exporter={otlp-http={endpoint="http://127.0.0.1:4242/v1/metrics",protocol="binary"}}',
};
const overGrpc = (key: string) => `otel.${key}={otlp-grpc={endpoint="http://127.0.0.1:4343"}}`;
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

/** The values of the `-c` words, which stand before everything else: those for Codex itself. */
function settings({ args }: { args: string[] }): string[] {
  return allSettings(args).filter((setting) => !setting.startsWith('shell_environment_policy.'));
}

/** What tools see in the place of a variable. */
function forTools({ args }: { args: string[] }): Record<string, string> {
  const found = allSettings(args).map((setting) =>
    /^shell_environment_policy\.set\.(\w+)=(.*)$/.exec(setting),
  );
  return Object.fromEntries(
    found.flatMap((match) => (match ? [[match[1], JSON.parse(match[2] ?? '')]] : [])),
  );
}

function allSettings(args: string[]): string[] {
  return args.filter((_, i) => args[i - 1] === '-c');
}

describe('without a configuration', () => {
  test('all three signals are sent here, and the user’s words follow untouched', async () => {
    const words = ['exec', '-m', 'gpt-5.5', '--', '-c', '', 'say "hi"'];
    const { args, conflicts } = await inject(undefined, { args: words });
    expect(settings({ args: args.slice(0, -words.length) })).toEqual([
      ours.logs,
      ours.traces,
      ours.metrics,
      ...privacy,
    ]);
    expect(args.slice(-words.length)).toEqual(words);
    expect(args.slice(0, -words.length).filter((_, i) => i % 2 === 0)).toEqual(
      Array.from({ length: (args.length - words.length) / 2 }, () => '-c'),
    );
    expect(conflicts).toEqual([]);
  });

  test('the environment makes records leave before a failing run exits', async () => {
    const { env } = await inject();
    expect(env).toMatchObject({
      OTEL_BLRP_SCHEDULE_DELAY: '10',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
    });
  });

  test('the user’s resource attributes are left alone', async () => {
    const { env } = await inject(undefined, { env: { OTEL_RESOURCE_ATTRIBUTES: 'team=red' } });
    expect(Object.keys(env)).not.toContain('OTEL_RESOURCE_ATTRIBUTES');
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

describe('the secret', () => {
  const token = 'x-ai-trace-token=s3cret';
  const headersOf = ({ env }: { env: Record<string, string | undefined> }) =>
    Object.fromEntries(Object.entries(env).filter(([name]) => name.endsWith('_HEADERS')));

  test('is in the environment, and in no word', async () => {
    const { args, env } = await inject();
    expect(headersOf({ env })).toEqual({
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: token,
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: token,
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: token,
    });
    expect(args.join(' ')).not.toContain('s3cret');
  });

  // Measured on 0.169.0: a variable for one signal hides the general one from it, even when it is empty.
  test('stands in the place of headers for one signal, and leaves the general ones alone', async () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'a=b', OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'c=d' };
    const injection = await inject(undefined, { env });
    expect(Object.keys(injection.env)).not.toContain('OTEL_EXPORTER_OTLP_HEADERS');
    expect(injection.env['OTEL_EXPORTER_OTLP_LOGS_HEADERS']).toBe(token);
  });

  test('is not given to a signal that goes elsewhere', async () => {
    const injection = await inject(undefined, { args: ['-c', 'otel.exporter="none"'] });
    expect(Object.keys(headersOf(injection))).toEqual([
      'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
      'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
    ]);
  });
});

describe('the tools that Codex runs', () => {
  test('see none of our variables', async () => {
    const injection = await inject();
    const { NO_PROXY: _, no_proxy: __, ...ours } = injection.env;
    const empty = Object.fromEntries(Object.keys(ours).map((name) => [name, '']));
    expect(forTools(injection)).toEqual(empty);
    expect(Object.keys(empty)).toContain('OTEL_EXPORTER_OTLP_TRACES_HEADERS');
  });

  test('see the user’s own in their place, but for headers: a command line can be read by everybody', async () => {
    const env = {
      OTEL_BSP_SCHEDULE_DELAY: '5000',
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'authorization=s3cret-of-theirs',
    };
    const injection = await inject(undefined, { env });
    expect(forTools(injection)).toMatchObject({
      OTEL_BSP_SCHEDULE_DELAY: '5000',
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: '',
      OTEL_EXPORTER_OTLP_TIMEOUT: '',
    });
    expect(injection.args.join(' ')).not.toContain('s3cret-of-theirs');
  });

  test.each(['inherit = "none"', 'inherit = "core"'])(
    'are given nothing where they inherit nothing: %s',
    async (policy) => {
      expect(forTools(await inject(`[shell_environment_policy]\n${policy}\n`))).toEqual({});
    },
  );

  test('keep what the user sets for them', async () => {
    const toml = '[shell_environment_policy.set]\nOTEL_EXPORTER_OTLP_TIMEOUT = "7"\n';
    const seen = forTools(await inject(toml));
    expect(Object.keys(seen)).not.toContain('OTEL_EXPORTER_OTLP_TIMEOUT');
    expect(Object.keys(seen)).toContain('OTEL_BSP_SCHEDULE_DELAY');
  });
});

// Measured on 0.169.0: the first four, whatever their value, stop all three exporters, and the last all spans.
test.each([
  'OTEL_EXPORTER_OTLP_COMPRESSION',
  'OTEL_EXPORTER_OTLP_LOGS_COMPRESSION',
  'OTEL_EXPORTER_OTLP_TRACES_COMPRESSION',
  'OTEL_EXPORTER_OTLP_METRICS_COMPRESSION',
  'OTEL_TRACES_SAMPLER',
])('%s is taken out of the environment', async (name) => {
  const { env } = await inject(undefined, { env: { [name]: 'x' } });
  expect(Object.entries(env)).toContainEqual([name, undefined]);
  expect(Object.keys((await inject()).env)).not.toContain(name);
});

describe('an exporter over gRPC', () => {
  test.each([
    ['exporter', ours.logs],
    ['trace_exporter', ours.traces],
    ['metrics_exporter', ours.metrics],
  ])('%s stays one and comes here, as the other two by HTTP', async (key, byHttp) => {
    const { conflicts, ...injection } = await inject(
      `[otel]\n${key} = { otlp-grpc = { endpoint = "http://c:4317" } }\n`,
    );
    const expected = Object.values(ours).map((setting) => (setting === byHttp ? overGrpc(key) : setting));
    expect(settings(injection)).toEqual([...expected, ...privacy]);
    expect(conflicts).toEqual([]);
  });

  test('is asked for by nobody: no listener for it', async () => {
    const grpcEndpoint = () => Promise.reject(new Error('not wanted'));
    const { conflicts } = await inject('[otel.exporter.otlp-http]\nendpoint = "http://c"\n', {
      grpcEndpoint,
    });
    expect(conflicts).toEqual([]);
  });

  const grpcTable = '[otel.exporter.otlp-grpc]\nendpoint = "http://c:4317"\n';
  const home = '/home/u/.codex';
  test.each([
    ['a table with a header of its own', `${home}/config.toml`, [], {}],
    ['CODEX_HOME', '/elsewhere/config.toml', [], { CODEX_HOME: '/elsewhere' }],
    ['the file of the machine', '/etc/codex/config.toml', ['--ignore-user-config'], {}],
    ['a profile', `${home}/work.config.toml`, ['-p', 'work'], {}],
    ['a profile, glued', `${home}/work.config.toml`, ['-pwork'], {}],
    ['a profile behind =', `${home}/work.config.toml`, ['--profile=work', 'exec'], {}],
    ['a profile behind the command', `${home}/work.config.toml`, ['exec', '--profile', 'work', 'hi'], {}],
    ['managed settings without an endpoint', '/etc/codex/managed_config.toml', [], {}],
  ])('is found: %s', async (what, file, args, env) => {
    const toml = what.startsWith('managed') ? '[otel.exporter.otlp-grpc.headers]\na = "b"\n' : grpcTable;
    const { conflicts, ...injection } = await codex.inject(
      contextOf({ args, env }, { [file]: toml }).context,
    );
    expect(settings(injection)).toContain(overGrpc('exporter'));
    expect(settings(injection)).toContain(ours.traces);
    expect(conflicts).toEqual([]);
  });

  // Measured on 0.169.0, the last one too: a trusted project's other keys count, its [otel] does not.
  test.each([
    ['a profile nobody asks for', `${home}/work.config.toml`, []],
    ['another profile', `${home}/work.config.toml`, ['-p', 'home']],
    ['a profile without a name', `${home}/work.config.toml`, ['exec', '-p']],
    ['a profile behind --', `${home}/work.config.toml`, ['exec', '--', '-p', 'work']],
    ['config.toml that is to be ignored', `${home}/config.toml`, ['exec', '--ignore-user-config']],
    [
      'a profile that is to be ignored',
      `${home}/work.config.toml`,
      ['-p', 'work', 'exec', '--ignore-user-config'],
    ],
    ['the project', '/work/.codex/config.toml', []],
  ])('does not count: %s', async (_, file, args) => {
    const { conflicts, ...injection } = await codex.inject(
      contextOf({ args }, { [file]: grpcTable }).context,
    );
    expect(settings(injection)).toContain(ours.logs);
    expect(conflicts).toEqual([]);
  });
});

describe('an exporter of the command line', () => {
  // All of these leave nothing of ours in 0.169.0; beside the second, ours would stop it from starting.
  test.each([
    ['-c', 'otel.exporter={otlp-grpc={endpoint="http://c:4317"}}'],
    ['-c', 'otel.exporter.otlp-grpc.endpoint="http://c:4317"'],
    ['--config', 'otel.exporter.otlp-http.endpoint=http://c'],
    ['-c', ' otel.exporter = "none"'],
    ['--config=otel.exporter=none'],
    ['-c=otel.exporter=none'],
    ['-cotel.exporter=none'],
  ])('is the user’s word: %s %s', async (...args) => {
    const { conflicts, ...injection } = await inject(undefined, { args });
    const mine = injection.args.slice(0, injection.args.length - args.length);
    expect(settings({ args: mine })).toEqual([ours.traces, ours.metrics, ...privacy]);
    expect(conflicts).toEqual([{ kind: 'own_exporter', signals: ['logs'] }]);
  });

  test('the whole table: nothing is traced', async () => {
    const { conflicts } = await inject(undefined, { args: ['-c', 'otel={environment="x"}'] });
    expect(conflicts).toEqual([{ kind: 'own_exporter', signals: ['logs', 'traces', 'metrics'] }]);
  });

  test.each([
    ['a header', 'otel.exporter.otlp-http.headers.x-a="b"'],
    ['another key', 'otel.environment="dev"'],
    ['another table', 'otelx.exporter="none"'],
    ['another exporter', 'otel.exporter2="none"'],
  ])('that sets only %s takes nothing away', async (_, word) => {
    const { conflicts, args } = await inject(undefined, { args: ['-c', word] });
    expect(args).toContain(ours.logs);
    expect(conflicts).toEqual([]);
  });

  test('that sets a header for gRPC wants gRPC', async () => {
    const words = ['-c', 'otel.exporter.otlp-grpc.headers.x-a="b"'];
    const { args } = await inject(undefined, { args: words });
    expect(args).toContain(overGrpc('exporter'));
  });

  test('behind -- is part of the prompt', async () => {
    const { conflicts } = await inject(undefined, { args: ['exec', '--', '-c', 'otel.exporter="none"'] });
    expect(conflicts).toEqual([]);
  });
});

describe('an exporter with a tls table', () => {
  const http = (tls: string) =>
    `[otel]\ntrace_exporter = { otlp-http = { endpoint = "https://c", protocol = "json", tls = ${tls} } }\n`;

  test('and a certificate for the collector is no obstacle', async () => {
    const { conflicts, args } = await inject(http('{ ca-certificate = "/ca.pem" }'));
    expect(args).toContain(ours.traces);
    expect(conflicts).toEqual([]);
  });

  test('and a certificate of its own stays as it is, and is told', async () => {
    const { conflicts, ...injection } = await inject(
      http('{ client-certificate = "/c", client-private-key = "/k" }'),
    );
    expect(settings(injection)).toEqual([ours.logs, ours.metrics, ...privacy]);
    expect(conflicts).toEqual([{ kind: 'client_certificate', signals: ['traces'] }]);
  });

  test('over gRPC is no obstacle', async () => {
    const toml = http('{ client-certificate = "/c", client-private-key = "/k" }').replace(
      'otlp-http',
      'otlp-grpc',
    );
    const { conflicts, args } = await inject(toml);
    expect(args).toContain(overGrpc('trace_exporter'));
    expect(conflicts).toEqual([]);
  });
});

describe('managed settings', () => {
  test.each(['managed_config.toml', 'requirements.toml'])('in %s win, and are told', async (name) => {
    const file = `/etc/codex/${name}`;
    const toml = '[otel]\nexporter = "none"\ntrace_exporter = { otlp-grpc = { endpoint = "http://c" } }\n';
    const { conflicts, ...injection } = await codex.inject(contextOf({}, { [file]: toml }).context);
    expect(settings(injection)).toEqual([ours.metrics, ...privacy]);
    expect(conflicts).toEqual([
      { kind: 'managed_settings', file, keys: ['otel.exporter', 'otel.trace_exporter'], isSilent: false },
    ]);
  });
});

describe('a configuration that cannot be parsed', () => {
  test('without gRPC in its text is Codex’s to judge', async () => {
    const { conflicts, ...injection } = await inject('[otel]\nexporter = { otlp-http = { endpoint = "x" }\n');
    expect(settings(injection)).toEqual([ours.logs, ours.traces, ours.metrics, ...privacy]);
    expect(conflicts).toEqual([]);
  });

  test('with gRPC somewhere in its text is left alone', async () => {
    const { conflicts, ...injection } = await inject('[otel]\nexporter = { otlp-grpc = { endpoint = "x" }\n');
    expect(settings(injection)).toEqual(privacy);
    expect(conflicts).toEqual([{ kind: 'unparsable_config', file: config }]);
  });
});
