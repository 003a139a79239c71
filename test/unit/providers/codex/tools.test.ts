import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, codexLog, events, span } from '../records.ts';

const base = { 'conversation.id': 'c1' };

function result(at: number, change: Attributes = {}) {
  return codexLog(at, {
    ...base,
    'event.name': 'codex.tool_result',
    tool_name: 'exec_command',
    call_id: 'call_1',
    duration_ms: '12',
    success: 'true',
    ...change,
  });
}

function decided(at: number, change: Attributes = {}) {
  return codexLog(at, {
    ...base,
    'event.name': 'codex.tool_decision',
    tool_name: 'exec_command',
    call_id: 'call_1',
    decision: 'approved',
    source: 'Config',
    ...change,
  });
}

function sessionOf(...records: Parameters<typeof events> extends [unknown, ...infer R] ? R : never) {
  return recorded(events(codex.createMapper(), ...records)).session;
}

function output(code: number): string {
  return `Chunk ID: a51600\nWall time: 0.0000 seconds\nProcess exited with code ${code}\nOriginal token count: 0\nOutput:\n`;
}

describe('a command', () => {
  test.each([
    ['that ends with 0', { output: output(0) }, { success: true, exitCode: 0 }],
    [
      'that ends with 3, though the record says success',
      { output: output(3) },
      { success: false, exitCode: 3 },
    ],
    ['that dies of a signal', { output: output(-1) }, { success: false, exitCode: -1 }],
    [
      'that still runs',
      { output: 'Chunk ID: 1\nProcess running with session ID 7\nOutput:\n' },
      { success: true },
    ],
    ['without output', {}, { success: true }],
    ['that failed by the record', { success: 'false' }, { success: false }],
    ['whose record says nothing', { success: undefined }, {}],
  ])('%s', (_, change, expected) => {
    const tool = sessionOf(result(5000, change)).tools.get('call_1');
    expect({ success: tool?.success, exitCode: tool?.exitCode }).toEqual({
      success: undefined,
      exitCode: undefined,
      ...expected,
    });
  });

  test('that prints the words of an exit code itself is judged by the real one', () => {
    const talk = `${output(0)}Process exited with code 9\n`;
    expect(sessionOf(result(5000, { output: talk })).tools.get('call_1')).toMatchObject({ exitCode: 0 });
  });

  test('that the sandbox denied failed, whatever the record says', () => {
    const denied = codexLog(4000, {
      ...base,
      'event.name': 'codex.sandbox_outcome',
      tool_name: 'exec_command',
      call_id: 'call_1',
      outcome: 'denied',
      initial_duration_ms: 5,
    });
    expect(sessionOf(denied, result(5000)).tools.get('call_1')).toMatchObject({
      success: false,
      failure: 'sandbox_denied',
    });
    // Run again outside the sandbox it may succeed.
    const again = sessionOf(denied, result(5000, { output: output(0) })).tools.get('call_1');
    expect(again?.success).toBe(true);
    expect(again).not.toHaveProperty('failure');
  });
});

describe('the approval', () => {
  test('of a person is a wait, not execution', () => {
    const session = sessionOf(decided(4988, { source: 'User' }), result(5000, { duration_ms: '2417' }));
    expect(session.waits).toEqual([{ callId: 'call_1', startedAt: 2583, endedAt: 4988 }]);
    const { timing, tools } = totalsOf(session);
    expect(timing).toMatchObject({ toolMs: 12, waitingMs: 2405 });
    expect(tools).toMatchObject([{ durationMs: 12 }]);
  });

  test('of a rule is no wait', () => {
    expect(totalsOf(sessionOf(decided(4988), result(5000))).timing).toMatchObject({ waitingMs: 0 });
  });

  test.each(['approved', 'approved_for_session', 'approved_execpolicy_amendment'])(
    '%s lets it run',
    (decision) => {
      expect(sessionOf(decided(1, { decision })).tools.get('call_1')?.rejected).toBe(false);
    },
  );

  test.each(['denied', 'abort', 'timed_out'])('%s does not', (decision) => {
    const session = sessionOf(decided(1, { decision, source: 'User' }), result(2, { success: 'false' }));
    expect(session.tools.get('call_1')?.rejected).toBe(true);
    expect(totalsOf(session).tools).toMatchObject([{ calls: 1, failures: 0 }]);
  });
});

describe('what a call was given and what came of it', () => {
  test('is told as Codex tells it', () => {
    const told = { arguments: '{"cmd":"ls"}', output: output(0), mcp_server: 'docs' };
    expect(sessionOf(result(5000, told)).tools.get('call_1')).toMatchObject({
      arguments: '{"cmd":"ls"}',
      result: output(0),
      mcpServer: 'docs',
    });
  });

  test('is nothing where it is empty', () => {
    const tool = sessionOf(result(5000, { arguments: '', output: '', mcp_server: '' })).tools.get('call_1');
    for (const key of ['arguments', 'result', 'mcpServer', 'failure']) expect(tool).not.toHaveProperty(key);
  });
});

describe('a call that was cut off', () => {
  test('stays unfinished, and is none that failed', () => {
    const session = sessionOf(decided(4000));
    expect(session.tools.get('call_1')).toMatchObject({ finished: false, rejected: false, decidedAt: 4000 });
    expect(totalsOf(session).tools).toMatchObject([{ calls: 1, failures: 0 }]);
  });

  const command = (change: Attributes = {}) =>
    span('unified_exec.exec_command', [1000, 3400], { ...base, call_id: 'call_1', ...change });

  test('while a person was asked leaves the wait alone', () => {
    const session = sessionOf(command());
    expect(session.waits).toEqual([{ callId: 'call_1', startedAt: 1000, endedAt: 3400 }]);
    expect(session.tools.size).toBe(0);
  });

  test('and is told with the next prompt, when all of that time has come', () => {
    const mapper = codex.createMapper();
    const prompt = (at: number, id = 'c1') =>
      mapper.log(codexLog(at, { 'conversation.id': id, 'event.name': 'codex.user_prompt' })).events;
    mapper.span(command());
    for (const early of [prompt(900), prompt(5000, 'c2')]) expect(early).toMatchObject([{ kind: 'prompt' }]);
    expect(prompt(4000)).toMatchObject([{ kind: 'approval_wait', callId: 'call_1' }, { kind: 'prompt' }]);
    expect(mapper.finish()).toEqual([]);
  });

  test.each([
    ['that had been allowed', [decided(1100), command()]],
    ['that had been allowed, which is told later', [command(), decided(1100)]],
    ['that ended', [command({ outcome: 'exited' })]],
    ['without an id', [command({ call_id: undefined })]],
  ])('a command %s was no wait', (_, records) => {
    expect(sessionOf(...records).waits).toEqual([]);
  });
});

describe('code mode', () => {
  const nested = (at: number, id: string) => result(at, { call_id: `exec-${id}`, output: output(0) });
  const outer = (at: number, id = 'call_outer', name = 'exec') =>
    result(at, { call_id: id, tool_name: name });

  test('the call around the nested ones is no work of its own', () => {
    const totals = totalsOf(sessionOf(nested(1000, 'a'), nested(2000, 'b'), outer(3000)));
    expect(totals.toolCalls).toBe(2);
    expect(totals.tools).toMatchObject([
      { name: 'exec_command', calls: 2 },
      { name: 'exec', calls: 1 },
    ]);
  });

  test('a call around nothing is', () => {
    expect(totalsOf(sessionOf(outer(3000))).toolCalls).toBe(1);
  });

  test('each call around nested ones is told from the next one around nothing', () => {
    expect(totalsOf(sessionOf(nested(1, 'a'), outer(2, 'o1'), outer(3, 'o2'))).toolCalls).toBe(2);
  });

  test('nested calls of another conversation are not inside it', () => {
    const elsewhere = nested(1, 'a');
    elsewhere.attributes.splice(0, 1, { key: 'conversation.id', value: { stringValue: 'c2' } });
    expect(totalsOf(sessionOf(elsewhere, outer(2))).toolCalls).toBe(2);
  });

  test('another tool that ends in between is not the one around them', () => {
    const totals = totalsOf(sessionOf(nested(1, 'a'), outer(2, 'patch', 'apply_patch'), outer(3)));
    expect(totals.toolCalls).toBe(2);
  });
});
