import { describe, expect, test } from 'vitest';
import { totalsOf } from '../../../src/session/totals.ts';
import { decision, recorded, toolCall } from './events.ts';

function totals(...events: Parameters<typeof recorded>[0]) {
  return totalsOf(recorded(events).session);
}

describe('a tool call', () => {
  test('is joined with its decision and its other records by its id', () => {
    const { tools, toolCalls } = totals(
      decision(),
      toolCall({ durationMs: 40, exitCode: 0 }),
      toolCall({ durationMs: 40 }),
    );
    expect(toolCalls).toBe(1);
    expect(tools).toEqual([{ name: 'shell', calls: 1, failures: 0, durationMs: 40 }]);
  });

  test('that failed is a failure', () => {
    expect(totals(toolCall({ success: false })).tools).toMatchObject([{ calls: 1, failures: 1 }]);
  });

  test('that was rejected is a call and no failure', () => {
    const { tools, errors } = totals(decision({ accepted: false }), toolCall({ success: false }));
    expect(tools).toMatchObject([{ calls: 1, failures: 0 }]);
    expect(errors.total).toBe(0);
  });

  test('that was cut off is a call without a time', () => {
    expect(totals(decision()).tools).toEqual([{ name: 'shell', calls: 1, failures: 0, durationMs: 0 }]);
  });

  test('keeps what an earlier record told of it', () => {
    const { session } = recorded([
      toolCall({ exitCode: 3, success: false, nesting: 'nested', durationMs: 5 }),
      { kind: 'tool_call', sessionId: 's', callId: 'tool-1', name: 'shell', endedAt: 4100 },
    ]);
    expect(session.tools.get('tool-1')).toMatchObject({
      exitCode: 3,
      success: false,
      nesting: 'nested',
      durationMs: 5,
      endedAt: 4100,
    });
  });

  test('tools are listed in order of appearance, by name', () => {
    const { tools } = totals(
      toolCall({ callId: '1', name: 'read', durationMs: 1 }),
      toolCall({ callId: '2', name: 'shell', durationMs: 2 }),
      toolCall({ callId: '3', name: 'read', durationMs: 4 }),
    );
    expect(tools.map(({ name, calls, durationMs }) => [name, calls, durationMs])).toEqual([
      ['read', 2, 5],
      ['shell', 1, 2],
    ]);
  });
});

describe('time with the approval in it', () => {
  test('is split where a person decided', () => {
    const { tools, timing } = totals(
      decision({ byPerson: true, at: 3900 }),
      toolCall({ endedAt: 4000, totalMs: 2500 }),
    );
    expect(tools).toMatchObject([{ durationMs: 100 }]);
    expect(timing).toMatchObject({ toolMs: 100, waitingMs: 2400 });
  });

  test('is all execution when a rule decided', () => {
    const { tools, timing } = totals(decision({ at: 3900 }), toolCall({ endedAt: 4000, totalMs: 2500 }));
    expect(tools).toMatchObject([{ durationMs: 2500 }]);
    expect(timing).toMatchObject({ toolMs: 2500, waitingMs: 0 });
  });

  test('of a tool that a person rejected is all wait', () => {
    const { timing } = totals(
      decision({ accepted: false, byPerson: true, at: 4000 }),
      toolCall({ endedAt: 4000, totalMs: 2500, success: false }),
    );
    expect(timing).toMatchObject({ toolMs: 0, waitingMs: 2500 });
  });

  test('told twice counts once', () => {
    const told = toolCall({ endedAt: 4000, totalMs: 2500 });
    const { timing } = totals(decision({ byPerson: true, at: 3900 }), told, told);
    expect(timing).toMatchObject({ toolMs: 100, waitingMs: 2400 });
  });

  test('gives way to an execution time that another record tells', () => {
    const { tools } = totals(toolCall({ totalMs: 2500 }), toolCall({ durationMs: 12 }));
    expect(tools).toMatchObject([{ durationMs: 12 }]);
  });
});

describe('code mode', () => {
  const { tools, toolCalls, timing } = totals(
    toolCall({ callId: 'exec-1', nesting: 'nested', durationMs: 100, endedAt: 4100 }),
    toolCall({ callId: 'exec-2', nesting: 'nested', durationMs: 100, endedAt: 4200 }),
    toolCall({ callId: 'c1', name: 'exec', nesting: 'container', durationMs: 300, endedAt: 4250 }),
  );

  test('counts the calls inside, not the one around them', () => {
    expect(toolCalls).toBe(2);
  });

  test('lists both by name', () => {
    expect(tools).toEqual([
      { name: 'shell', calls: 2, failures: 0, durationMs: 200 },
      { name: 'exec', calls: 1, failures: 0, durationMs: 300 },
    ]);
  });

  test('counts the same time once', () => {
    expect(timing.toolMs).toBe(300);
  });
});
