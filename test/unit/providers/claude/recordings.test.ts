import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../../src/otlp/codec.ts';
import { claude } from '../../../../src/providers/claude/claude.ts';
import type { AgentEvent } from '../../../../src/session/event.ts';
import type { Session } from '../../../../src/session/session.ts';
import { readRecording } from '../../../support/replay.ts';
import { recorded } from '../../session/events.ts';

/** The orders in which the logs and the spans of one moment may arrive. */
const arrivals = ['as recorded', 'logs first', 'spans first'] as const;
type Arrival = (typeof arrivals)[number];

function sessionIn(scenario: string, arrival: Arrival = 'as recorded'): Session {
  const dir = fileURLToPath(new URL(`../../../fixtures/captures/claude/${scenario}`, import.meta.url));
  const first = arrival === 'logs first' ? 'logs' : arrival === 'spans first' ? 'traces' : undefined;
  const requests = readRecording(dir).toSorted(
    (a, b) => Number(b.signal === first) - Number(a.signal === first),
  );
  const mapper = claude.createMapper();
  const events: AgentEvent[] = [];
  for (const { signal, contentType, body } of requests) {
    const decoded = decode(signal, contentType, body);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { request } = decoded;
    if ('resourceLogs' in request) {
      const records = request.resourceLogs.flatMap((each) => each.scopeLogs.flatMap((own) => own.logRecords));
      events.push(...records.flatMap((record) => mapper.log(record).events));
    } else if ('resourceSpans' in request) {
      const spans = request.resourceSpans.flatMap((each) => each.scopeSpans.flatMap((own) => own.spans));
      events.push(...spans.flatMap((span) => mapper.span(span).events));
    }
  }
  return recorded([...events, ...mapper.finish()]).session;
}

interface Part {
  startedAt: number;
  endedAt: number;
  text: string;
}

/** All that happened, by its beginning: where, what, and who asked for it. Calls and agents are numbered in that order. */
function storyOf(session: Session): string[] {
  const agents = [...session.subagents.values()].toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
  const calls = [...session.llmCalls.values()].toSorted((a, b) => startOf(a) - startOf(b));
  const place = (agentId?: string) =>
    agentId ? `agent ${agents.findIndex((agent) => agent.agentId === agentId) + 1}` : 'main';
  const callName = (callId?: string) => `call ${calls.findIndex((call) => call.callId === callId) + 1}`;
  const toolName = (callId?: string) => session.tools.get(callId ?? '')?.name;
  const parts: Part[] = [
    ...calls.map((call) => ({
      ...timeOf(call),
      text: `${place(call.agentId)}: ${callName(call.callId)}${call.role === 'utility' ? ' of a helper' : ''}, ${call.finishReason}`,
    })),
    ...[...session.tools.values()].map((tool) => ({
      ...timeOf(tool),
      text: `${place(tool.agentId)}: ${tool.name}, asked by ${callName(tool.askedBy)}${tool.failure ? `, ${tool.failure}` : ''}`,
    })),
    ...session.waits.map((wait) => ({ ...wait, text: `wait for ${toolName(wait.callId)}` })),
    ...agents.map(({ agentId, startedBy, name, isAsync, startedAt = 0, endedAt = 0 }) => ({
      startedAt,
      endedAt,
      text: `${place(agentId)} (${name}) by ${toolName(startedBy)} of ${place(session.tools.get(startedBy ?? '')?.agentId)}${isAsync ? ', in the background' : ''}`,
    })),
    ...session.compactions.map(({ startedAt, endedAt, trigger }) => ({
      startedAt,
      endedAt,
      text: `compaction, ${trigger}`,
    })),
  ];
  return parts.toSorted((a, b) => a.startedAt - b.startedAt).map(({ text }) => text);
}

const startOf = ({ endedAt, durationMs = 0 }: { endedAt: number; durationMs?: number }) =>
  endedAt - durationMs;
const timeOf = (told: { endedAt: number; durationMs?: number }) => ({
  startedAt: startOf(told),
  endedAt: told.endedAt,
});

describe.each(arrivals)('told %s', (arrival) => {
  test.each<[string, string[]]>([
    [
      'print-subagent-sync',
      [
        'main: call 1, tool_use',
        'main: Agent, asked by call 1',
        'agent 1 (general-purpose) by Agent of main',
        'agent 1: call 2, tool_use',
        'agent 1: Bash, asked by call 2',
        'agent 1: call 3, end_turn',
        'main: call 4, end_turn',
      ],
    ],
    [
      'print-subagent-nested',
      [
        'main: call 1, tool_use',
        'main: Agent, asked by call 1',
        'agent 1 (general-purpose) by Agent of main',
        'agent 1: call 2, tool_use',
        'agent 1: Agent, asked by call 2',
        'agent 2 (general-purpose) by Agent of agent 1',
        'agent 2: call 3, tool_use',
        'agent 2: Bash, asked by call 3',
        'agent 2: call 4, end_turn',
        'agent 1: call 5, end_turn',
        'main: call 6, end_turn',
      ],
    ],
    [
      'print-subagent-async',
      [
        'main: call 1, tool_use',
        'main: Agent, asked by call 1',
        'agent 1 (general-purpose) by Agent of main, in the background',
        'agent 1: call 2, tool_use',
        'main: call 3, end_turn',
        'agent 1: Bash, asked by call 2',
        'agent 1: call 4, end_turn',
        // The prompt that Claude makes for itself when the sub-agent reports.
        'main: call 5, end_turn',
      ],
    ],
    [
      'print-parallel-tools',
      [
        'main: call 1, tool_use',
        'main: Bash, asked by call 1',
        'main: Bash, asked by call 1, ShellError',
        'main: call 2, end_turn',
      ],
    ],
    [
      'tui-approved',
      [
        'main: call 1 of a helper, end_turn',
        'main: call 2, tool_use',
        'wait for Bash',
        'main: Bash, asked by call 2',
        'main: call 3, end_turn',
      ],
    ],
    [
      'tui-compact',
      [
        'main: call 1 of a helper, end_turn',
        'main: call 2, end_turn',
        'compaction, manual',
        'main: call 3 of a helper, end_turn',
      ],
    ],
  ])('%s', (scenario, story) => {
    expect(storyOf(sessionIn(scenario, arrival))).toEqual(story);
  });

  test.each(['print-subagent-sync', 'print-subagent-nested', 'print-parallel-tools', 'tui-approved'])(
    'all that happened in %s lies within its turn',
    (scenario) => {
      const { llmCalls, tools, waits, subagents, prompts, turnEnds } = sessionIn(scenario, arrival);
      const [prompt] = prompts;
      const end = turnEnds.find(({ traceId }) => traceId === prompt?.traceId);
      const told = [...llmCalls.values(), ...tools.values()];
      for (const { traceId, turnKey } of [...told, ...subagents.values()]) {
        expect({ traceId, turnKey }).toEqual({ traceId: prompt?.traceId, turnKey: prompt?.turnKey });
      }
      for (const { startedAt = Number.NaN, endedAt } of [
        ...told.map(timeOf),
        ...waits,
        ...subagents.values(),
      ]) {
        expect(startedAt).toBeGreaterThanOrEqual(end?.startedAt ?? Number.NaN);
        expect(endedAt).toBeLessThanOrEqual(end?.endedAt ?? Number.NaN);
      }
    },
  );

  test.each(['print-subagent-sync', 'print-subagent-nested'])(
    'what a sub-agent does in %s lies within it, and it within the tool that started it',
    (scenario) => {
      const { llmCalls, tools, subagents } = sessionIn(scenario, arrival);
      for (const { agentId, startedBy, startedAt = Number.NaN, endedAt = Number.NaN } of subagents.values()) {
        const inside = [...llmCalls.values(), ...tools.values()].filter((told) => told.agentId === agentId);
        expect(inside.length).toBeGreaterThan(0);
        for (const each of inside.map(timeOf)) {
          expect(each.startedAt).toBeGreaterThanOrEqual(startedAt);
          expect(each.endedAt).toBeLessThanOrEqual(endedAt);
        }
        const tool = tools.get(startedBy ?? '');
        expect(startedAt).toBeGreaterThanOrEqual(tool ? startOf(tool) : Number.NaN);
        expect(endedAt).toBeLessThanOrEqual(tool?.endedAt ?? Number.NaN);
      }
    },
  );

  test('a sub-agent in the background outlives the tool that started it, in its turn', () => {
    const { tools, subagents, prompts } = sessionIn('print-subagent-async', arrival);
    const [agent] = subagents.values();
    expect(agent).toMatchObject({ isAsync: true, turnKey: prompts[0]?.turnKey });
    expect(agent?.endedAt).toBeGreaterThan(tools.get(agent?.startedBy ?? '')?.endedAt ?? Number.NaN);
    expect(prompts.map(({ author }) => author)).toEqual(['person', 'synthetic']);
  });

  test('a tool runs from its approval on, exactly as long as its span', () => {
    const { tools, waits } = sessionIn('tui-approved', arrival);
    const [tool] = tools.values();
    expect(tool).toMatchObject({ finished: true, success: true, rejected: false, decidedBy: 'person' });
    expect(tool?.durationMs).toBeCloseTo(262.131, 2);
    expect(waits).toEqual([
      {
        callId: tool?.callId,
        startedAt: expect.closeTo(1795261644634, 2),
        endedAt: expect.closeTo(1795261646841.487, 2),
      },
    ]);
    expect(tool ? startOf(tool) : Number.NaN).toBeCloseTo(1795261646842, 2);
  });

  test('a compaction has its tokens, and the call that made it', () => {
    const { compactions, llmCalls, prompts } = sessionIn('tui-compact', arrival);
    expect(compactions).toEqual([
      {
        kind: 'compaction',
        sessionId: '4a25aa5d-6472-4568-80f1-2340284cb540',
        traceId: prompts[1]?.traceId,
        turnKey: prompts[1]?.turnKey,
        trigger: 'manual',
        success: true,
        tokensBefore: 2785,
        tokensAfter: 2823,
        startedAt: expect.closeTo(1795261651450, 2),
        endedAt: expect.closeTo(1795261651562, 2),
      },
    ]);
    const own = [...llmCalls.values()].at(-1);
    expect(own).toMatchObject({ role: 'utility', turnKey: prompts[1]?.turnKey });
    expect(own ? startOf(own) : Number.NaN).toBeGreaterThan(1795261651450);
    expect(own?.endedAt).toBeLessThan(1795261651562);
  });

  test('a call has the time of its span and what both records tell', () => {
    const [call] = sessionIn('print-parallel-tools', arrival).llmCalls.values();
    expect(call).toMatchObject({
      durationMs: expect.closeTo(209.147, 2),
      timeToFirstChunkMs: 135,
      reasoningLevel: 'medium',
      finishReason: 'tool_use',
      reportedUsd: expect.closeTo(0.0338736, 12),
      usage: { cacheWrite1hTokens: 2004 },
    });
    expect(call).not.toHaveProperty('output');
  });
});
