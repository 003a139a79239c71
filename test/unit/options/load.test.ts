import { describe, expect, it } from 'vitest';
import type { OptionFs } from '../../../src/options/config-file.ts';
import { loadOptions, type OptionSources } from '../../../src/options/load.ts';

const userFile = '/home/u/.config/ai-trace/config.toml';
const projectFile = '/home/u/repo/.ai-trace.toml';

function fsOf(files: Record<string, string>): OptionFs {
  return {
    read: (file) => files[file],
    exists: (path) => Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
    isPrivate: (file) => !file.includes('/shared/'),
  };
}

function load(sources: Partial<OptionSources> & { files?: Record<string, string> } = {}) {
  const { files = {}, ...others } = sources;
  const base = { flags: {}, env: {}, cwd: '/home/u/repo/sub', home: '/home/u', userFile };
  return loadOptions({ ...base, fs: fsOf({ '/home/u/repo/.git/HEAD': '', ...files }), ...others });
}

async function optionsOf(sources: Parameters<typeof load>[0] = {}) {
  const loaded = await load(sources);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
  return loaded.options;
}

async function warningsOf(sources: Parameters<typeof load>[0]) {
  const loaded = await load(sources);
  return loaded.ok ? loaded.warnings : loaded.problem;
}

describe('without any source', () => {
  it('is the default', async () => {
    expect(await load()).toEqual({
      ok: true,
      options: {
        forward: [{ kind: 'http', url: 'http://127.0.0.1:4318', headers: {}, tls: null }],
        traces: 'unified',
        traceScope: 'turn',
        sampleRate: 1,
        content: 'none',
        attribution: ['repository'],
        tags: {},
        summary: 'auto',
        summaryFile: null,
        notify: 'auto',
        record: null,
        quiet: false,
        disable: false,
        spoolLimitBytes: 104_857_600,
        commands: {},
        priceUpdates: true,
      },
      prices: undefined,
      warnings: [],
    });
  });
});

describe('price updates', () => {
  const files = { [userFile]: 'price_updates = false' };

  it('are switched off in the file or the environment, which is the stronger', async () => {
    expect((await optionsOf({ files })).priceUpdates).toBe(false);
    expect((await optionsOf({ env: { AI_TRACE_PRICE_UPDATES: '0' } })).priceUpdates).toBe(false);
    expect((await optionsOf({ env: { AI_TRACE_PRICE_UPDATES: 'on' }, files })).priceUpdates).toBe(true);
  });

  it('take nothing but true and false', async () => {
    const key = 'price_updates';
    expect(await warningsOf({ env: { AI_TRACE_PRICE_UPDATES: 'daily' } })).toMatchObject({
      source: 'AI_TRACE_PRICE_UPDATES',
      key,
    });
    expect(await warningsOf({ files: { [userFile]: 'price_updates = "no"' } })).toMatchObject({
      source: userFile,
      key,
    });
  });
});

describe('precedence', () => {
  const flags = { summary: 'never', tag: ['who=flag', 'flag=1'] };
  const env = { AI_TRACE_SUMMARY: 'always', AI_TRACE_TAGS: 'who=env, env=1' };
  const files = {
    [projectFile]: '[tags]\nwho = "project"\nproject = "1"',
    [userFile]: 'summary = "auto"\nquiet = true\n[tags]\nwho = "user"\nuser = "1"',
  };

  it('is flag, environment, project file, user file', async () => {
    expect((await optionsOf({ flags, env, files })).summary).toBe('never');
    expect((await optionsOf({ env, files })).summary).toBe('always');
    expect((await optionsOf({ files })).tags['who']).toBe('project');
    expect((await optionsOf({ files })).quiet).toBe(true);
    expect((await optionsOf({ env: { AI_TRACE_QUIET: '0' }, files })).quiet).toBe(false);
  });

  it('adds tags up key by key', async () => {
    const { tags } = await optionsOf({ flags, env, files });
    expect(tags).toEqual({ who: 'flag', flag: '1', env: '1', project: '1', user: '1' });
  });

  it('takes the destinations of one source only', async () => {
    const file = { [userFile]: 'forward = ["http://a:1", "http://b:1"]' };
    const { forward } = await optionsOf({ env: { AI_TRACE_FORWARD: 'http://c:1,file:/d' }, files: file });
    expect(forward).toEqual([
      { kind: 'http', url: 'http://c:1', headers: {}, tls: null },
      { kind: 'file', path: '/d' },
    ]);
  });

  it('counts an empty variable as not set', async () => {
    expect((await optionsOf({ env: { AI_TRACE_SUMMARY: '', AI_TRACE_FORWARD: ' ' } })).summary).toBe('auto');
  });
});

describe('paths', () => {
  it('are made absolute', async () => {
    const { record, summaryFile } = await optionsOf({
      flags: { record: 'rec' },
      env: { AI_TRACE_SUMMARY_FILE: '~/last.json' },
    });
    expect([record, summaryFile]).toEqual(['/home/u/repo/sub/rec', '/home/u/last.json']);
  });
});

describe('a run within another', () => {
  const outerForward = ['http://outer:1', 'file:/outer.jsonl'];
  const outer = [
    { kind: 'http', url: 'http://outer:1', headers: {}, tls: null },
    { kind: 'file', path: '/outer.jsonl' },
  ];

  it('sends where the outer one does, whatever the user file and the OTEL variables say', async () => {
    const files = { [userFile]: 'forward = "http://file:1"' };
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:1' };
    expect((await optionsOf({ outerForward, files, env })).forward).toEqual(outer);
  });

  it.each([[{ flags: { forward: ['http://own:1'] } }], [{ env: { AI_TRACE_FORWARD: 'http://own:1' } }]])(
    'has its own flags and variables before that: %j',
    async (own) => {
      expect((await optionsOf({ outerForward, ...own })).forward).toMatchObject([{ url: 'http://own:1' }]);
    },
  );

  it('takes nothing else from there', async () => {
    const plain = await optionsOf({});
    expect(await optionsOf({ outerForward })).toEqual({ ...plain, forward: outer });
  });
});

describe('headers', () => {
  const otel = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example:4318/',
    OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20YTpi , x-tenant=me%2Cyou',
  };
  const otelHeaders = { authorization: 'Basic YTpi', 'x-tenant': 'me,you' };

  it("of the user's OTEL variables go to the user's own endpoint", async () => {
    const url = 'https://collector.example:4318';
    expect((await optionsOf({ env: otel })).forward).toEqual([
      { kind: 'http', url, headers: otelHeaders, tls: null },
    ]);
  });

  it('of the OTEL variables go nowhere else', async () => {
    const { forward } = await optionsOf({ env: otel, flags: { forward: ['http://other:1'] } });
    expect(forward).toEqual([{ kind: 'http', url: 'http://other:1', headers: {}, tls: null }]);
    const noEndpoint = { OTEL_EXPORTER_OTLP_HEADERS: otel.OTEL_EXPORTER_OTLP_HEADERS };
    expect((await optionsOf({ env: noEndpoint })).forward).toMatchObject([{ headers: {} }]);
  });

  it('of the OTEL variables go to that endpoint when it is given in another way, too', async () => {
    const { forward } = await optionsOf({
      env: otel,
      flags: { forward: ['https://collector.example:4318', 'http://other:1'] },
    });
    expect(forward).toMatchObject([{ headers: otelHeaders }, { headers: {} }]);
  });

  it('given to ai-trace go everywhere, before those of the OTEL variables', async () => {
    const flags = { forwardHeader: ['X-Tenant=ours'] };
    expect((await optionsOf({ env: otel, flags })).forward).toMatchObject([
      { headers: { authorization: 'Basic YTpi', 'x-tenant': 'ours' } },
    ]);
    const two = { ...flags, forward: ['http://a:1', 'http://b:1'] };
    expect((await optionsOf({ flags: two })).forward).toMatchObject([
      { headers: { 'x-tenant': 'ours' } },
      { headers: { 'x-tenant': 'ours' } },
    ]);
  });

  it('that are malformed in the OTEL variable are left out with a warning', async () => {
    const env = { ...otel, OTEL_EXPORTER_OTLP_HEADERS: 'good=1,bad,worse=%E0%A4%A,two words=x,' };
    expect((await optionsOf({ env })).forward).toMatchObject([{ headers: { good: '1' } }]);
    expect(await warningsOf({ env })).toEqual([{ kind: 'malformed_headers' }]);
  });

  it('may be a table or an array in the file', async () => {
    const table = { [userFile]: '[forward_headers]\nX-A = "1"' };
    const array = { [userFile]: 'forward_headers = ["X-A=1"]' };
    const expected = [{ headers: { 'x-a': '1' } }];
    expect((await optionsOf({ files: table })).forward).toMatchObject(expected);
    expect((await optionsOf({ files: array })).forward).toMatchObject(expected);
  });
});

describe('a file of headers', () => {
  const flags = { forward: ['http://a:1', 'grpc://b:2'], forwardHeadersFile: 'headers' };
  const file = '/home/u/repo/sub/headers';
  const headersIn = async (text: string) => {
    const [first] = (await optionsOf({ flags, files: { [file]: text } })).forward;
    return first && 'headers' in first ? first.headers : null;
  };

  it('is read line by line, in both ways of writing', async () => {
    const text =
      '\ufeff# of the team\r\nAuthorization: Basic YTpi==\r\n\r\n x-tenant = me\n  # x: y\nx-url=http://a:1/?b=c\nx-empty:';
    expect(await headersIn(text)).toEqual({
      authorization: 'Basic YTpi==',
      'x-tenant': 'me',
      'x-url': 'http://a:1/?b=c',
      'x-empty': '',
    });
  });

  it('goes to every collector, behind headers given one by one', async () => {
    const files = { [file]: 'x-a: file\nx-b: file' };
    const { forward } = await optionsOf({ flags: { ...flags, forwardHeader: ['X-A=flag'] }, files });
    const headers = { 'x-a': 'flag', 'x-b': 'file' };
    expect(forward).toMatchObject([{ headers }, { headers }]);
  });

  it.each([
    ['x-a: ok\nsecret', 'line 2 is neither "Name: value" nor "name=value"'],
    ['x a: secret', 'line 1 is no header: not a header name'],
    [': secret', 'line 1 is no header: not a header name'],
    ['x: secret\u20ac', 'line 1 is no header: control characters and non-Latin letters are not allowed'],
  ])('is refused with its line, not its text: %j', async (text, reason) => {
    const key = 'forward_headers_file';
    expect(await warningsOf({ flags, files: { [file]: text } })).toEqual({
      source: '--forward-headers-file',
      key,
      value: file,
      reason,
    });
  });

  it('has to be there', async () => {
    const env = { AI_TRACE_FORWARD_HEADERS_FILE: '~/none' };
    expect(await warningsOf({ env })).toEqual({
      source: 'AI_TRACE_FORWARD_HEADERS_FILE',
      key: 'forward_headers_file',
      value: '/home/u/none',
      reason: 'there is no such file',
    });
  });

  it('that others may read is used, with a warning', async () => {
    const env = { AI_TRACE_FORWARD_HEADERS_FILE: '/shared/headers' };
    expect(await load({ env, files: { '/shared/headers': 'x: y' } })).toMatchObject({
      options: { forward: [{ headers: { x: 'y' } }] },
      warnings: [{ kind: 'readable_headers_file', file: '/shared/headers' }],
    });
  });
});

describe('certificates', () => {
  const files = { '/pem/ca': 'pem', '/pem/cert': 'pem', '/pem/key': 'pem' };
  const env = { AI_TRACE_FORWARD_CA: '/pem/ca' };
  const own = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c:1',
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/otel/ca',
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'otel/cert',
    OTEL_EXPORTER_OTLP_CLIENT_KEY: '/otel/key',
  };
  const tlsOf = async (sources: Parameters<typeof load>[0]) =>
    (await optionsOf({ files, ...sources })).forward.map((each) => ('tls' in each ? each.tls : undefined));

  it('are for the collectors that are reached by TLS', async () => {
    const flags = { forward: ['http://a:1', 'https://b:1', 'grpc://c:1', 'grpcs://d:1', 'file:/e'] };
    const tls = { ca: '/pem/ca', cert: null, key: null };
    expect(await tlsOf({ env, flags })).toEqual([null, tls, null, tls, undefined]);
  });

  it('of the OTEL variables go to the user’s own endpoint only', async () => {
    const tls = { ca: '/otel/ca', cert: '/home/u/repo/sub/otel/cert', key: '/otel/key' };
    expect(await tlsOf({ env: own })).toEqual([tls]);
    expect(await tlsOf({ env: own, flags: { forward: ['https://b:1'] } })).toEqual([null]);
  });

  it('given to ai-trace come first, a certificate with its own key', async () => {
    expect(await tlsOf({ env: { ...own, ...env } })).toMatchObject([{ ca: '/pem/ca', key: '/otel/key' }]);
    expect(await tlsOf({ env: { ...own, AI_TRACE_FORWARD_CERT: '/pem/cert' } })).toEqual([
      { ca: '/otel/ca', cert: '/pem/cert', key: null },
    ]);
  });

  it.each([
    ['forward_ca', 'forwardCa'],
    ['forward_cert', 'forwardCert'],
    ['forward_key', 'forwardKey'],
  ])('have to be there: %s', async (key, flag) => {
    const reason = 'there is no such file';
    expect(await warningsOf({ flags: { [flag]: 'none.pem' } })).toEqual({
      source: `--${key.replace('_', '-')}`,
      key,
      value: '/home/u/repo/sub/none.pem',
      reason,
    });
    expect(await warningsOf({ files: { [userFile]: `${key} = "/none.pem"` } })).toEqual({
      source: userFile,
      key,
      value: '/none.pem',
      reason,
    });
  });
});

describe('the limit on disk', () => {
  it.each([
    ['250', 262_144_000],
    ['0', 0],
    ['0.5', 524_288],
  ])('is given in MiB: %s', async (text, bytes) => {
    expect((await optionsOf({ env: { AI_TRACE_SPOOL_LIMIT: text } })).spoolLimitBytes).toBe(bytes);
    expect((await optionsOf({ files: { [userFile]: `spool_limit = ${text}` } })).spoolLimitBytes).toBe(bytes);
  });

  it.each(['-1', '10MiB', '1e3', 'Infinity'])('is no %s', async (text) => {
    expect(await warningsOf({ flags: { spoolLimit: text } })).toEqual({
      source: '--spool-limit',
      key: 'spool_limit',
      value: text,
      reason: 'not a number of MiB',
    });
  });
});

describe("the user's own collector", () => {
  it.each([
    ['http://localhost:4317', '', 'grpc://localhost:4317'],
    ['https://localhost:4317/', '', 'grpcs://localhost:4317'],
    ['https://collector.example', '', 'grpcs://collector.example:443'],
    ['http://collector.example/path', 'false', 'grpc://collector.example:80'],
    ['localhost:4317', '', 'grpcs://localhost:4317'],
    ['localhost:4317', 'true', 'grpc://localhost:4317'],
    // A scheme is the stronger.
    ['https://localhost:4317', 'true', 'grpcs://localhost:4317'],
    ['[::1]:4317', 'TRUE', 'grpc://[::1]:4317'],
    ['grpc://localhost:4317', '', 'grpc://localhost:4317'],
  ])('is used when it speaks gRPC: %s (insecure: %j)', async (endpoint, insecure, url) => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_INSECURE: insecure,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=me',
    };
    expect(await load({ env })).toMatchObject({
      options: { forward: [{ kind: 'grpc', url, headers: { 'x-tenant': 'me' }, tls: null }] },
      warnings: [],
    });
  });

  it('is a problem when its gRPC address is none, without its credentials', async () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    for (const endpoint of ['unix:///run/otlp.sock', 'https://user:secret@a:4317']) {
      const problem = await warningsOf({ env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
      expect(problem).toMatchObject({ source: 'OTEL_EXPORTER_OTLP_ENDPOINT', key: 'forward' });
      expect(JSON.stringify(problem)).not.toMatch(/user|secret/);
    }
  });

  it('is a problem when its address is none', async () => {
    const loaded = await load({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' } });
    expect(loaded).toMatchObject({ ok: false, problem: { source: 'OTEL_EXPORTER_OTLP_ENDPOINT' } });
  });
});

describe('a bad value', () => {
  const problemOf = async (sources: Parameters<typeof load>[0]) => {
    const loaded = await load(sources);
    return loaded.ok ? null : loaded.problem;
  };

  it('names its source and key', async () => {
    const reason = 'not one of auto, always, never';
    const bad = { key: 'summary', value: 'maybe', reason };
    expect(await problemOf({ flags: { summary: 'maybe' } })).toEqual({ source: '--summary', ...bad });
    expect(await problemOf({ env: { AI_TRACE_SUMMARY: 'maybe' } })).toEqual({
      source: 'AI_TRACE_SUMMARY',
      ...bad,
    });
    expect(await problemOf({ files: { [userFile]: 'summary = "maybe"' } })).toEqual({
      source: userFile,
      ...bad,
    });
  });

  it('counts even where a stronger source overrides it', async () => {
    const problem = await problemOf({ flags: { summary: 'auto' }, env: { AI_TRACE_SUMMARY: 'maybe' } });
    expect(problem).toMatchObject({ source: 'AI_TRACE_SUMMARY' });
  });

  it.each([
    ['quiet = "yes"', 'quiet', 'true or false'],
    ['summary = true', 'summary', 'a string'],
    ['forward = 4318', 'forward', 'a string or an array of strings'],
    ['forward = ["http://a:1", 2]', 'forward', 'a string or an array of strings'],
    ['tags = { build = 5 }', 'tags', 'a table of strings or an array of "K=V"'],
    ['record = ["a"]', 'record', 'a string'],
  ])('of the wrong type in a file: %s', async (text, key, expected) => {
    const problem = await problemOf({ files: { [userFile]: text } });
    expect(problem).toMatchObject({ source: userFile, key, reason: `must be ${expected}` });
  });

  it.each([
    ['AI_TRACE_QUIET', 'maybe', 'quiet'],
    ['AI_TRACE_FORWARD', ',', 'forward'],
    ['AI_TRACE_FORWARD', 'none,http://a:1', 'forward'],
    ['AI_TRACE_TAGS', 'a=1,b', 'tags'],
    ['AI_TRACE_NOTIFY', 'yes', 'notify'],
  ])('in the environment: %s=%s', async (source, value, key) => {
    expect(await problemOf({ env: { [source]: value } })).toMatchObject({ source, key });
  });

  it('in [commands] names the provider', async () => {
    const problem = await problemOf({ files: { [userFile]: '[commands]\ncodex = 5' } });
    expect(problem).toMatchObject({ source: userFile, key: 'commands.codex', value: '5' });
  });

  it.each(['[]', '[""]', '["npx", 5]', '{}'])('in [commands] is no program: %s', async (command) => {
    const problem = await problemOf({ files: { [userFile]: `[commands]\ncodex = ${command}` } });
    expect(problem).toMatchObject({ source: userFile, key: 'commands.codex' });
  });
});

describe('files', () => {
  it('may set only harmless keys for a project', async () => {
    const text =
      'forward = "http://evil:1"\nforward_headers_file = "/etc/passwd"\nforward_ca = "ca.pem"\nquiet = "not even read"\nspool_limit = 0\nnotify = "never"\n[commands]\ncodex = "/evil"\n[tags]\nteam = "a"';
    const files = { [projectFile]: text };
    const options = await optionsOf({ files });
    expect(options.forward).toMatchObject([{ url: 'http://127.0.0.1:4318' }]);
    expect([options.commands, options.tags, options.notify]).toEqual([{}, { team: 'a' }, 'never']);
    expect(await warningsOf({ files })).toEqual(
      ['forward', 'forward_headers_file', 'forward_ca', 'quiet', 'spool_limit', 'commands'].map((key) => ({
        kind: 'unsafe_key',
        file: projectFile,
        key,
      })),
    );
  });

  it('with unknown keys are used, with a warning', async () => {
    const files = { [userFile]: 'colour = "red"\nsummary = "never"', [projectFile]: 'colour = "red"' };
    expect((await optionsOf({ files })).summary).toBe('never');
    expect(await warningsOf({ files })).toEqual([
      { kind: 'unknown_key', file: projectFile, key: 'colour' },
      { kind: 'unknown_key', file: userFile, key: 'colour' },
    ]);
  });

  it('that are no TOML are left out, with a warning', async () => {
    const files = { [userFile]: 'summary = never', [projectFile]: '[tags]\nteam = "a"' };
    expect(await optionsOf({ files })).toMatchObject({ summary: 'auto', tags: { team: 'a' } });
    expect(await warningsOf({ files })).toEqual([
      { kind: 'unreadable_file', file: userFile, reason: expect.stringMatching(/^\S.*line 1$/) },
    ]);
  });

  it('that cannot be read are left out, with a warning', async () => {
    const fs: OptionFs = {
      read: () => {
        throw new Error('EACCES: permission denied');
      },
      exists: () => false,
      isPrivate: () => true,
    };
    expect(await warningsOf({ fs })).toEqual([
      { kind: 'unreadable_file', file: userFile, reason: 'EACCES: permission denied' },
    ]);
  });

  it('may write dotted tags plainly', async () => {
    const files = { [userFile]: '[tags]\nteam = "a"\ndeployment.environment.name = "ci"' };
    expect((await optionsOf({ files })).tags).toEqual({ team: 'a', 'deployment.environment.name': 'ci' });
  });

  it('hold commands and prices for the user', async () => {
    const text =
      '[commands]\ncodex = "~/bin/codex"\nclaude = ["npx", "-y", "claude-next"]\n[prices."my-model"]\ninput = 2.5';
    const loaded = await load({ files: { [userFile]: text } });
    expect(loaded).toMatchObject({
      options: { commands: { codex: ['/home/u/bin/codex'], claude: ['npx', '-y', 'claude-next'] } },
      prices: { 'my-model': { input: 2.5 } },
      warnings: [],
    });
  });
});
