import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gemini } from '../../../../src/providers/gemini/gemini.ts';
import type { Session } from '../../../../src/session/session.ts';
import { replay } from '../../../support/replay.ts';

/** What the mapper makes of recordings of the real CLI, with times in whole ms since the prompt. */
async function recording(scenario: string) {
  const dir = fileURLToPath(new URL(`../../../fixtures/captures/gemini/${scenario}`, import.meta.url));
  const { session, events } = await replay(gemini, dir);
  const promptedAt = session.prompts[0]?.at ?? Number.NaN;
  return { session, events, since: (at: number) => Math.round(at - promptedAt) };
}

/** Calls by their role and place, to name them by. */
function nameOf(session: Session, callId: string | undefined): string | undefined {
  const calls = [...session.llmCalls.values()];
  const call = calls.find((other) => other.callId === callId);
  const ofRole = calls.filter((other) => other.role === call?.role);
  return call && `${call.role} ${ofRole.indexOf(call) + 1}`;
}

describe('a sub-agent', async () => {
  const { session, since } = await recording('headless-subagent');
  const [prompt] = session.prompts;
  const agentId = 'be220e89-9657-43c8-93af-c8befe65add5';

  test('was started by the tool call of the main conversation, in its turn, and lasted as long', () => {
    const [agent, ...others] = [...session.subagents.values()];
    expect(others).toEqual([]);
    expect(agent).toMatchObject({
      agentId,
      name: 'codebase_investigator',
      startedBy: 'invoke_agent#2',
      sessionId: prompt?.sessionId,
      turnKey: prompt?.turnKey,
    });
    expect([since(agent?.startedAt ?? 0), since(agent?.endedAt ?? 0)]).toEqual([236, 301]);
  });

  test('has its own call and tool, the others are the person’s', () => {
    const calls = [...session.llmCalls.values()];
    expect(
      calls.map(({ role, agentId, endedAt, durationMs, finishReason }) => ({
        role,
        agentId,
        time: [since(endedAt - (durationMs ?? 0)), since(endedAt)],
        finishReason,
      })),
    ).toEqual([
      { role: 'utility', agentId: undefined, time: [15, 55], finishReason: 'stop' },
      { role: 'main', agentId: undefined, time: [66, 208], finishReason: 'stop' },
      { role: 'subagent', agentId, time: [246, 262], finishReason: 'stop' },
      { role: 'main', agentId: undefined, time: [310, 325], finishReason: 'stop' },
    ]);
    const tools = [...session.tools.values()];
    expect(
      tools.map(({ name, agentId, askedBy, decidedBy, decidedAt, endedAt }) => ({
        name,
        agentId,
        askedBy: nameOf(session, askedBy),
        decidedBy,
        time: [since(decidedAt ?? 0), since(endedAt)],
      })),
    ).toEqual([
      { name: 'complete_task', agentId, askedBy: 'subagent 1', decidedBy: 'rule', time: [292, 293] },
      { name: 'invoke_agent', agentId: undefined, askedBy: 'main 1', decidedBy: 'rule', time: [227, 301] },
    ]);
    const turns = new Set([...calls, ...tools].map(({ turnKey }) => turnKey));
    expect([...turns]).toEqual([prompt?.turnKey]);
  });
});

test('two commands side by side have each its own times', async () => {
  const { session, since } = await recording('headless-parallel-tools');
  expect(
    [...session.tools.values()].map(({ askedBy, decidedAt, endedAt, durationMs }) => ({
      askedBy: nameOf(session, askedBy),
      time: [since(decidedAt ?? 0), since(endedAt)],
      durationMs: Math.round(durationMs ?? 0),
    })),
  ).toEqual([
    { askedBy: 'main 1', time: [293, 1346], durationMs: 1053 },
    { askedBy: 'main 1', time: [316, 365], durationMs: 49 },
  ]);
  expect(session.waits).toEqual([]);
});

describe('a command that a person allowed', async () => {
  const { session, events, since } = await recording('tui-approved');
  const [tool] = [...session.tools.values()];

  test('waited for them, and then ran', () => {
    expect(tool).toMatchObject({ decidedBy: 'person', success: true, rejected: false, finished: true });
    expect([since(tool?.decidedAt ?? 0), since(tool?.endedAt ?? 0)]).toEqual([2381, 2596]);
    expect(session.waits.map((wait) => [wait.callId, since(wait.startedAt), since(wait.endedAt)])).toEqual([
      [tool?.callId, 349, 2381],
    ]);
    expect(nameOf(session, tool?.askedBy)).toBe('main 1');
  });

  test('and its turn ended when the model had answered to it', () => {
    const [turn] = events.filter((event) => event.kind === 'turn_end');
    expect([since(turn?.startedAt ?? 0), since(turn?.endedAt ?? 0)]).toEqual([-41, 2702]);
    const ends = [...session.llmCalls.values()].map(({ endedAt }) => since(endedAt));
    expect(ends).toEqual([94, 329, 2700]);
  });
});

test('where prompts are logged all content is told', async () => {
  const { session } = await recording('headless-shell-tool');
  expect(session.prompts.map(({ text }) => text)).toEqual(['run a shell command']);
  const calls = [...session.llmCalls.values()];
  expect(calls.map(({ input, output }) => [input?.[0], output?.[0]])).toEqual([
    ['[', '{'],
    ['[', '['],
    ['[', '['],
  ]);
  const [tool] = session.tools.values();
  expect(JSON.parse(tool?.arguments ?? '')).toEqual({ command: 'echo lab-shell-out', description: 'say hi' });
  expect(JSON.parse(tool?.result ?? '')).toEqual({
    output: expect.stringContaining('Output: lab-shell-out'),
  });
});

test('where they are not, none is', async () => {
  const { session } = await recording('tui-approved');
  const told = [...session.prompts, ...session.llmCalls.values(), ...session.tools.values()];
  const content = ['text', 'input', 'output', 'arguments', 'result'];
  expect(told.flatMap((one) => Object.keys(one)).filter((key) => content.includes(key))).toEqual([]);
});

test('an attempt that failed is numbered, timed and of its turn', async () => {
  const { session } = await recording('headless-429-then-ok');
  const [prompt] = session.prompts;
  expect([...session.errors.values()]).toMatchObject([
    {
      type: 'rate_limit',
      statusCode: 429,
      attempt: 1,
      durationMs: expect.any(Number),
      model: 'gemini-3.8-flash',
      turnKey: prompt?.turnKey,
    },
  ]);
});
