/** The shape of recorded sessions: who called what, when, and for whom. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { msFromNanos } from '../../../../src/otlp/time.ts';
import { codex } from '../../../../src/providers/codex/codex.ts';
import type { Session } from '../../../../src/session/session.ts';
import { replay } from '../../../support/replay.ts';

function recording(scenario: string) {
  const dir = new URL(`../../../fixtures/captures/codex/${scenario}`, import.meta.url);
  return replay(codex, fileURLToPath(dir));
}

const startOf = ({ endedAt, durationMs = Number.NaN }: { endedAt: number; durationMs?: number }) =>
  endedAt - durationMs;

/** What happened, in order of its beginning, as `kind name`. */
function orderOf({ prompts, llmCalls, errors, tools, waits, compactions }: Session): string[] {
  const things: [at: number, what: string][] = [
    ...prompts.map(({ at, author }): [number, string] => [at, `prompt ${author}`]),
    ...[...llmCalls.values()].map((call): [number, string] => [startOf(call), `call ${call.role}`]),
    ...[...errors.values()].map(({ at, durationMs = Number.NaN, type }): [number, string] => [
      at - durationMs,
      `error ${type}`,
    ]),
    ...[...tools.values()].map((tool): [number, string] => [
      tool.finished ? startOf(tool) : (tool.decidedAt ?? Number.NaN),
      `tool ${tool.name}`,
    ]),
    ...waits.map(({ startedAt }): [number, string] => [startedAt, 'wait']),
    ...compactions.map(({ startedAt, trigger }): [number, string] => [startedAt, `compaction ${trigger}`]),
  ];
  return things.toSorted(([a], [b]) => a - b).map(([, what]) => what);
}

describe('exec-parallel-tools', () => {
  test('has two commands at once between two calls', async () => {
    const { session } = await recording('exec-parallel-tools');
    expect(orderOf(session)).toEqual([
      'prompt person',
      'call main',
      'tool exec_command',
      'tool exec_command',
      'call main',
    ]);
    const [failed, slow] = [...session.tools.values()];
    expect(failed).toMatchObject({
      finished: true,
      success: false,
      exitCode: 3,
      arguments: '{"cmd":"exit 3"}',
    });
    expect(slow).toMatchObject({ finished: true, success: true, exitCode: 0 });
    expect(slow?.durationMs).toBeGreaterThanOrEqual(1000);
    expect(failed?.endedAt).toBeLessThan(slow?.endedAt ?? 0);
    const [, second] = [...session.llmCalls.values()];
    expect(second && startOf(second)).toBeGreaterThan(slow?.endedAt ?? Number.NaN);
  });
});

describe('exec-stopped', () => {
  test('has a command that was allowed and never ended', async () => {
    const { session } = await recording('exec-stopped');
    expect(orderOf(session)).toEqual(['prompt person', 'call main', 'tool exec_command']);
    expect([...session.tools.values()]).toMatchObject([
      { finished: false, rejected: false, decidedBy: 'rule', decidedAt: expect.any(Number) },
    ]);
    expect(session.errors.size).toBe(0);
  });
});

describe('tui-one-trace', () => {
  test('keeps apart what one trace holds', async () => {
    const { session } = await recording('tui-one-trace');
    expect([...session.traceIds]).toEqual(['0af7651916cd43dd8448eb211c80319c']);
    expect(orderOf(session)).toEqual([
      'prompt person',
      'call main',
      'prompt helper',
      'call utility',
      'compaction manual',
      'call utility',
      'prompt person',
      'call main',
      'tool exec_command',
      'prompt person',
      'error cancelled',
    ]);
  });

  test('ends what was stopped with its turn', async () => {
    const { session } = await recording('tui-one-trace');
    const [main] = session.ids.keys();
    const turns = session.turnEnds.filter(({ sessionId }) => sessionId === main);
    expect(turns).toHaveLength(3);
    expect([...session.errors.values()]).toMatchObject([{ type: 'cancelled', at: turns[2]?.endedAt }]);
    expect([...session.tools.values()]).toMatchObject([{ finished: false, rejected: false }]);
  });

  test('has the summary’s call inside the compaction', async () => {
    const { session } = await recording('tui-one-trace');
    const [compaction] = session.compactions;
    const summaries = [...session.llmCalls.values()].filter(
      ({ role, sessionId }) => role === 'utility' && sessionId === compaction?.sessionId,
    );
    expect(summaries).toHaveLength(1);
    for (const call of summaries) {
      expect(startOf(call)).toBeGreaterThan(compaction?.startedAt ?? Number.NaN);
      expect(call.endedAt).toBeLessThan(compaction?.endedAt ?? Number.NaN);
    }
  });
});

describe('exec-subagent', () => {
  test('has one sub-agent with one call, started by the tool that spawned it', async () => {
    const { session } = await recording('exec-subagent');
    const [main = '', agentId = ''] = session.ids.keys();
    const agents = [...session.subagents.values()];
    expect(agents).toMatchObject([{ sessionId: main, agentId, startedBy: 'call_spawn', isAsync: true }]);
    expect([...session.llmCalls.values()].map((call) => [call.sessionId, call.agentId])).toEqual([
      [main, undefined],
      [main, undefined],
      [agentId, agentId],
      [main, undefined],
    ]);
    expect([...session.tools.values()].map(({ name, agentId: of }) => [name, of])).toEqual([
      ['spawn_agent', undefined],
      ['wait_agent', undefined],
    ]);
    const [agent] = agents;
    const call = [...session.llmCalls.values()].find((each) => each.agentId === agentId);
    expect(call && startOf(call)).toBeGreaterThan(agent?.startedAt ?? Number.NaN);
    expect(call?.endedAt).toBeLessThan(agent?.endedAt ?? Number.NaN);
    // The sub-agent's turn is none of the person's; theirs was not told of before the end.
    expect(session.turnEnds).toEqual([]);
  });
});

describe('exec-code-mode', () => {
  test('has the commands inside the program that ran them', async () => {
    const { session } = await recording('exec-code-mode');
    const [one, two, program] = [...session.tools.values()];
    expect([one?.nesting, two?.nesting, program?.nesting]).toEqual(['nested', 'nested', 'container']);
    expect(orderOf(session)).toEqual([
      'prompt person',
      'call main',
      'tool exec',
      'tool exec_command',
      'tool exec_command',
      'call main',
    ]);
    expect(two?.endedAt).toBeLessThan(program?.endedAt ?? Number.NaN);
  });
});

describe('tui-two-prompts', () => {
  test('has a person asked twice, who allowed the first command and stopped the second', async () => {
    const { session } = await recording('tui-two-prompts');
    const [tool] = [...session.tools.values()];
    const [allowed, stopped] = session.waits;
    expect(session.tools.size).toBe(1);
    expect(allowed).toMatchObject({ callId: tool?.callId, endedAt: tool?.approvedAt });
    expect(Math.round((stopped?.endedAt ?? 0) - (stopped?.startedAt ?? 0))).toBe(2394);
    const last = session.turnEnds.at(-1);
    expect(stopped?.endedAt).toBeLessThan(last?.endedAt ?? Number.NaN);
    expect(orderOf(session).slice(-5)).toEqual([
      'prompt person',
      'call main',
      'prompt helper',
      'call utility',
      'wait',
    ]);
  });
});

test.each([
  'exec-plain',
  'exec-tool',
  'exec-websocket-tool',
  'exec-code-mode',
  'exec-subagent',
  'tui-two-prompts',
])('%s: each call took the time of a sampling span', async (scenario) => {
  const { session, sent } = await recording(scenario);
  const spans = sent.flatMap(({ request }) =>
    'resourceSpans' in request
      ? request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
      : [],
  );
  const starts = spans
    .filter(({ name }) => name === 'codex.sampling')
    .map(({ startTimeUnixNano }) => msFromNanos(startTimeUnixNano) ?? 0)
    .toSorted((a, b) => a - b);
  const calls = [...session.llmCalls.values()].map(startOf).toSorted((a, b) => a - b);
  expect(calls).toHaveLength(starts.length);
  for (const [i, start] of starts.entries()) expect((calls[i] ?? 0) - start).toBeGreaterThan(0);
  for (const [i, start] of starts.entries()) expect((calls[i] ?? 0) - start).toBeLessThan(6);
});
