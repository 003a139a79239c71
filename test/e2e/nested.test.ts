/** An agent that runs an agent: two sessions, one trace, and nothing counted twice. */
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { hex } from '../../src/otlp/hex.ts';
import type { KeyValue } from '../../src/otlp/types.ts';
import type { Receipt } from '../../src/report/receipt.ts';
import { cliCases } from '../support/cli-cases.ts';
import { type Collector, startCollector } from '../support/collector.ts';
import { expectFigures } from '../support/figures.ts';
import { type Rig, rig } from '../support/rig.ts';
import { runHeadless } from '../support/run.ts';
import { createSandbox } from '../support/sandbox.ts';
import { Terminal } from '../support/terminal.ts';
import { aiTrace } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;

/** One command line of a shell. */
const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');

/** A CLI whose model asks for a command. */
function outerRig(name: CliName, command: string): Promise<Rig> {
  const call = cliCases.find((each) => each.name === name)?.command(command);
  return rig(name, { main: call ? [{ kind: 'tool', calls: [call] }, done] : [] });
}

/** Runs the outer CLI under ai-trace, for a user with a collector of their own. */
async function run(outer: Rig, own: readonly string[] = [], env: Record<string, string> = {}) {
  const words = outer.args('headless', 'Say hello to me.');
  const command = [process.execPath, aiTrace, ...own, outer.name, ...words];
  const result = await runHeadless(command, {
    env: { ...outer.env, ...env },
    cwd: outer.cwd,
    timeoutMs: 120_000,
  });
  expect(result.timedOut, result.stderr).toBe(false);
  expect(result.code, result.stderr).toBe(0);
  return receiptOf(outer);
}

/** The only one in the state folder of its home. */
function receiptOf({ home }: Rig): Receipt {
  const folder = join(home, '.local/state/ai-trace/sessions');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  expect(files).toHaveLength(1);
  return JSON.parse(readFileSync(join(folder, files[0] ?? ''), 'utf8'));
}

const text = (rig: Rig, file: string) => readFileSync(join(rig.cwd, file), 'utf8');

interface SessionSpan {
  name: string | undefined;
  runId: unknown;
  parentRunId: unknown;
  traceId: string;
  spanId: string;
  parentSpanId: string;
}

const attributeOf = (attributes: readonly KeyValue[] = [], key: string) =>
  attributes.find((each) => each.key === key)?.value?.stringValue;

/** The spans of whole sessions that the collector has. */
function sessionSpans({ requests }: Collector): SessionSpan[] {
  const resources = requests.flatMap(({ request }) =>
    'resourceSpans' in request ? request.resourceSpans : [],
  );
  return resources.flatMap(({ resource, scopeSpans }) => {
    const spans = scopeSpans
      .flatMap((scope) => scope.spans)
      .filter(({ name }) => name?.startsWith('ai-trace '));
    return spans.map(({ name, traceId, spanId, parentSpanId, attributes }) => ({
      name,
      runId: attributeOf(resource?.attributes, 'ai_trace.run.id'),
      parentRunId: attributeOf(attributes, 'ai_trace.parent.run_id'),
      traceId: hex(traceId),
      spanId: hex(spanId),
      parentSpanId: hex(parentSpanId),
    }));
  });
}

/** Of the last log record of each session, the run and the run above it. */
function summaries({ requests }: Collector) {
  const resources = requests.flatMap(({ request }) =>
    'resourceLogs' in request ? request.resourceLogs : [],
  );
  return resources.flatMap(({ resource, scopeLogs }) =>
    scopeLogs
      .flatMap(({ logRecords }) => logRecords)
      .filter(({ eventName }) => eventName === 'ai_trace.session.summary')
      .map(({ attributes }) => [
        attributeOf(resource?.attributes, 'ai_trace.run.id'),
        attributeOf(attributes, 'ai_trace.parent.run_id'),
      ]),
  );
}

/** What the tool runs: the inner CLI in its own home, with what it says in files. */
function toolCommand({ args, cwd, env }: Rig, program: readonly string[]): string {
  const words = args('headless', 'Say it again.');
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const command = quoted(['env', ...variables, ...program, ...words]);
  return `cd '${cwd}' && ${command} > out 2> err < /dev/null; echo $? > code`;
}

/** A session whose tool runs another, for a user with a collector of their own. */
async function nested(outerName: CliName, innerName: CliName) {
  const collector = await startCollector();
  const inner = await rig(innerName, { main: [done] });
  const outer = await outerRig(outerName, toolCommand(inner, [process.execPath, aiTrace, innerName]));
  const receipt = await run(outer, [], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=red',
  });
  expect(text(inner, 'code'), text(inner, 'err')).toBe('0\n');
  return { collector, inner, outer, outerReceipt: receipt, innerReceipt: receiptOf(inner) };
}

describe.each([
  { outerName: 'codex', innerName: 'claude' },
  { outerName: 'gemini', innerName: 'gemini' },
  { outerName: 'claude', innerName: 'codex' },
] as const)('$outerName runs ai-trace $innerName', ({ outerName, innerName }) => {
  test('as a session of its own, below the outer one', async () => {
    const { collector, inner, outer, outerReceipt, innerReceipt } = await nested(outerName, innerName);
    expectFigures(outerReceipt, outer.api.spent);
    expectFigures(innerReceipt, inner.api.spent);
    for (const receipt of [outerReceipt, innerReceipt]) {
      expect(receipt).toMatchObject({ turns: 1, warnings: [], errors: { total: 0 } });
      expect(receipt.session_ids).toHaveLength(1);
      // The user's own, for the inner one, too.
      expect(receipt.telemetry.destinations).toEqual([{ url: collector.url, state: 'ok', last_error: null }]);
    }

    const spans = sessionSpans(collector);
    expect(spans).toHaveLength(2);
    const [above, below] = [outerReceipt, innerReceipt].map(({ run_id: id }) =>
      spans.find((each) => each.runId === id),
    );
    expect(above).toMatchObject({ name: `ai-trace ${outerName}`, parentRunId: undefined, parentSpanId: '' });
    expect(below).toMatchObject({
      name: `ai-trace ${innerName}`,
      parentRunId: outerReceipt.run_id,
      traceId: above?.traceId,
      parentSpanId: above?.spanId,
    });
    expect(summaries(collector)).toEqual(
      expect.arrayContaining([
        [outerReceipt.run_id, undefined],
        [innerReceipt.run_id, outerReceipt.run_id],
      ]),
    );
  });
});

test.each([
  { name: 'codex', counted: false },
  { name: 'claude', counted: false },
  // Its tools inherit its telemetry settings, and there is nothing to be done about it.
  { name: 'gemini', counted: true },
] as const)(
  '$name within $name, without ai-trace: counted $counted, and no turn of a person',
  async ({ name, counted }) => {
    const inner = await rig(name, { main: [done] });
    const outer = await outerRig(name, toolCommand(inner, [inner.executable]));
    const receipt = await run(outer, ['--forward', 'none']);
    expect(text(inner, 'code'), text(inner, 'err')).toBe('0\n');
    expectFigures(receipt, counted ? [...outer.api.spent, ...inner.api.spent] : outer.api.spent);
    expect(receipt).toMatchObject({ turns: 1, tool_calls: 1, warnings: [] });
    expect(receipt.session_ids).toHaveLength(1);
  },
);

describe('the environment of tools', () => {
  const own = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=red',
    OTEL_RESOURCE_ATTRIBUTES: 'team=red',
    OTEL_SERVICE_NAME: 'mine',
  };

  /** What a command of the agent sees, without and with ai-trace. */
  async function environments(name: CliName) {
    const command = 'env > seen';
    const plain = await outerRig(name, command);
    await runHeadless([plain.executable, ...plain.args('headless', 'Say hello to me.')], {
      env: { ...plain.env, ...own },
      cwd: plain.cwd,
    });
    const wrapped = await outerRig(name, command);
    await run(wrapped, ['--forward', 'none'], own);
    return [plain, wrapped].map((each) => telemetryVariables(text(each, 'seen')));
  }

  function telemetryVariables(env: string): Record<string, string> {
    const pairs = env
      .split('\n')
      .map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)] as const);
    return Object.fromEntries(pairs.filter(([name]) => /^(OTEL_|AI_TRACE_|\w+_TELEMETRY)/.test(name)));
  }

  const forInnerRuns = { AI_TRACE_ACTIVE: expect.any(String), AI_TRACE_STARTED: expect.any(String) };

  test('of codex is the user’s; of ours only empty variables are left', async () => {
    const [plain, wrapped = {}] = await environments('codex');
    const filled = Object.fromEntries(Object.entries(wrapped).filter(([, value]) => value !== ''));
    expect(filled).toEqual({ ...plain, ...forInnerRuns });
    expect(plain).toMatchObject(own);
  });

  test('of claude has no address and no secret: it takes them out itself', async () => {
    const [plain, wrapped] = await environments('claude');
    expect(wrapped).toEqual({
      ...plain,
      ...forInnerRuns,
      CLAUDE_CODE_ENABLE_TELEMETRY: '1',
      CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
    });
  });

  test('of gemini keeps the user’s endpoint, headers and names beside ours', async () => {
    const [plain, wrapped] = await environments('gemini');
    expect(plain).toMatchObject(own);
    expect(wrapped).toMatchObject({ ...plain, ...forInnerRuns });
    const ours = Object.keys(wrapped ?? {}).filter(
      (name) => !(name in (plain ?? {})) && !name.startsWith('GEMINI_'),
    );
    expect(ours.toSorted()).toEqual([
      'AI_TRACE_ACTIVE',
      'AI_TRACE_STARTED',
      'OTEL_BSP_SCHEDULE_DELAY',
      'OTEL_EXPORTER_OTLP_TIMEOUT',
      'OTEL_LOG_LEVEL',
      'OTEL_NODE_RESOURCE_DETECTORS',
      'OTEL_SDK_DISABLED',
      'OTEL_TRACES_SAMPLER',
    ]);
  });
});

test('codex keeps a policy of the user’s for the environment of tools', async () => {
  const codex = await outerRig('codex', 'env > seen');
  appendFileSync(
    join(codex.home, '.codex/config.toml'),
    '\n[shell_environment_policy]\nexclude = ["FORBIDDEN_*"]\nset = { GIVEN = "yes", OTEL_EXPORTER_OTLP_TIMEOUT = "7" }\n',
  );
  await run(codex, ['--forward', 'none'], { FORBIDDEN_FRUIT: 'apple' });
  const seen = text(codex, 'seen').split('\n');
  expect(seen).toContain('GIVEN=yes');
  expect(seen).toContain('OTEL_EXPORTER_OTLP_TIMEOUT=7');
  expect(seen).toContain('OTEL_EXPORTER_OTLP_LOGS_HEADERS=');
  expect(seen.join('\n')).not.toContain('FORBIDDEN');
});

test('a run in the same terminal as the one it is part of shows no receipt of its own', async () => {
  const { home, cwd, remove } = await createSandbox();
  onTestFinished(remove);
  await mkdir(join(home, 'bin'));
  const script = (name: string, lines: string) =>
    writeFile(join(home, 'bin', name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  await script('codex', `'${process.execPath}' '${aiTrace}' claude; echo outer done`);
  await script('claude', 'test -t 2 && echo inner has a terminal');
  const terminal = new Terminal([process.execPath, aiTrace, '--forward', 'none', 'codex'], {
    env: {
      HOME: home,
      PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
      TERM: 'xterm',
      AI_TRACE_PRICE_UPDATES: '0',
    },
    cwd,
  });
  onTestFinished(() => terminal.close());
  expect(await terminal.exit).toEqual({ code: 0, signal: null });
  const [before = '', after = ''] = terminal.screen().split('outer done');
  expect(before).toContain('inner has a terminal');
  expect(before).not.toContain('ai-trace  ');
  expect(after.match(/^ai-trace {2}/gm)).toHaveLength(1);
});
