import { describe, expect, test } from 'vitest';
import type { LogRecord, Span } from '../../../../src/otlp/types.ts';
import { claude } from '../../../../src/providers/claude/claude.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, events, list, log, ofKind, span } from '../records.ts';

const base = { 'session.id': 's1', 'anthropic.provider': 'firstParty' };
const traceId = 'aa01';
const ids = { tool: '10', wait: '20', execution: '30', turn: '99' } as const;

type NativeRecord = LogRecord | Span;
const mapped = (...records: NativeRecord[]) => events(claude.createMapper(), ...records);
const sessionOf = (...records: NativeRecord[]) => recorded(mapped(...records)).session;
const toolsOf = (...records: NativeRecord[]) => totalsOf(sessionOf(...records)).tools;
const toolOf = (...records: NativeRecord[]) => sessionOf(...records).tools.get('toolu_1');

const ofBash = { tool_name: 'Bash', tool_use_id: 'toolu_1' };
const ofPrompt = { ...base, 'prompt.id': 'p1' };

const decision = (attributes: Attributes = {}) =>
  log(
    400,
    {
      ...ofPrompt,
      ...ofBash,
      'event.name': 'tool_decision',
      decision: 'accept',
      source: 'config',
      request_id: 'req_1',
      ...attributes,
    },
    { traceId, spanId: ids.wait },
  );
const result = (attributes: Attributes = {}) =>
  log(
    432,
    {
      ...ofPrompt,
      ...ofBash,
      'event.name': 'tool_result',
      duration_ms: '31',
      success: 'true',
      request_id: 'req_1',
      ...attributes,
    },
    { traceId, spanId: ids.turn },
  );
const waited = (source: string, times: [number, number] = [100, 399]) =>
  span(
    'claude_code.tool.blocked_on_user',
    times,
    { ...base, source },
    { traceId, spanId: ids.wait, parentSpanId: ids.tool },
  );
const execution = (attributes: Attributes = {}) =>
  span(
    'claude_code.tool.execution',
    [400.5, 431.25],
    { ...base, tool_use_id: 'toolu_1', success: true, ...attributes },
    { traceId, spanId: ids.execution, parentSpanId: ids.tool },
  );
const tool = (attributes: Attributes = {}, output: Attributes = {}): Span => ({
  ...span(
    'claude_code.tool',
    [100, 432],
    { ...base, ...ofBash, ...attributes },
    { traceId, spanId: ids.tool, parentSpanId: ids.turn },
  ),
  events: [{ name: 'tool.output', attributes: list(output) }],
});

/** The five records of a tool in the order of their writing, and as one signal or the other is late. */
const orders: [string, (records: NativeRecord[]) => NativeRecord[]][] = [
  ['as written', (records) => records],
  ['logs first', (records) => [...records.filter(isLog), ...records.filter((each) => !isLog(each))]],
  ['spans first', (records) => [...records.filter((each) => !isLog(each)), ...records.filter(isLog)]],
];
const isLog = (record: NativeRecord) => !('name' in record);

describe('a tool', () => {
  test('that ran is told by its result', () => {
    expect(mapped(result())).toEqual([
      {
        kind: 'tool_call',
        sessionId: 's1',
        turnKey: 'p1',
        traceId,
        callId: 'toolu_1',
        name: 'Bash',
        success: true,
        askedBy: 'req_1',
        durationMs: 31,
        endedAt: 432,
      },
    ]);
  });

  test.each(orders)('has the exact times of its execution, %s', (_, inOrder) => {
    const records = inOrder([waited('config'), decision(), execution(), tool(), result()]);
    expect(sessionOf(...records).waits).toEqual([]);
    expect(toolOf(...records)).toEqual({
      sessionId: 's1',
      turnKey: 'p1',
      traceId,
      callId: 'toolu_1',
      name: 'Bash',
      finished: true,
      success: true,
      rejected: false,
      decidedBy: 'rule',
      decidedAt: 400,
      askedBy: 'req_1',
      endedAt: 431.25,
      durationMs: 30.75,
    });
  });

  test.each(orders)('that failed tells how, %s', (_, inOrder) => {
    const records = inOrder([
      decision(),
      execution({ success: false, error_class: 'ShellError' }),
      tool(),
      result({ success: 'false', error_type: 'ShellError' }),
    ]);
    expect(toolOf(...records)).toMatchObject({ success: false, failure: 'ShellError', durationMs: 30.75 });
    expect(toolsOf(...records)).toMatchObject([{ calls: 1, failures: 1 }]);
  });

  test('of which the logs were lost is told by its spans', () => {
    expect(mapped(execution(), tool())).toEqual([
      {
        kind: 'tool_call',
        sessionId: 's1',
        traceId,
        callId: 'toolu_1',
        name: 'Bash',
        success: true,
        durationMs: 30.75,
        endedAt: 431.25,
      },
    ]);
  });

  test('of which the last span was lost is told at the end', () => {
    expect(mapped(decision(), execution())).toMatchObject([
      { kind: 'tool_decision' },
      { kind: 'tool_call', name: 'Bash', durationMs: 30.75 },
    ]);
  });

  test('that was killed is one that never ended', () => {
    expect(toolOf(decision())).toMatchObject({ finished: false, rejected: false, decidedAt: 400 });
  });

  test.each(orders)('that a person refused was rejected, and has no times, %s', (_, inOrder) => {
    const refused = decision({ decision: 'reject', source: 'user_reject' });
    const records = inOrder([waited('user_reject'), refused, tool()]);
    expect(toolOf(...records)).toMatchObject({ finished: false, rejected: true, decidedBy: 'person' });
    expect(sessionOf(...records).waits).toEqual([{ callId: 'toolu_1', startedAt: 100, endedAt: 399 }]);
    expect(toolsOf(...records)).toEqual([{ name: 'Bash', calls: 1, failures: 0, durationMs: 0 }]);
  });

  test.each(orders)('of a sub-agent is in it, and so is its wait, %s', (_, inOrder) => {
    const inside = { agent_id: 'a1' };
    const asked = decision({ ...inside, source: 'user_temporary' });
    const told = mapped(
      ...inOrder([waited('user_temporary'), asked, execution(), tool(inside), result(inside)]),
    );
    const kinds = ['tool_decision', 'approval_wait', 'tool_call'] as const;
    for (const kind of kinds) {
      const own = ofKind(kind, told);
      expect(own.length).toBeGreaterThan(0);
      expect(own.map(({ agentId }) => agentId)).toEqual(own.map(() => 'a1'));
    }
  });
});

describe('a wait for a person', () => {
  test.each(orders)('is of the tool that was decided on in it, %s', (_, inOrder) => {
    const asked = decision({ source: 'user_temporary' });
    const told = mapped(...inOrder([waited('user_temporary'), asked, execution(), tool(), result()]));
    expect(ofKind('approval_wait', told)).toEqual([
      expect.objectContaining({ callId: 'toolu_1', startedAt: 100, endedAt: 399, sessionId: 's1', traceId }),
    ]);
    expect(recorded(told).session.waits).toHaveLength(1);
  });

  test('is of the tool around it where the decision was lost', () => {
    expect(mapped(waited('user_temporary'), tool())).toMatchObject([
      { kind: 'approval_wait', callId: 'toolu_1' },
    ]);
  });

  test('that belongs to no tool is told at the end', () => {
    expect(mapped(waited('user_temporary'))).toEqual([
      { kind: 'approval_wait', sessionId: 's1', traceId, startedAt: 100, endedAt: 399 },
    ]);
  });

  test('is told before the decision that reveals its tool, which is what the record is', () => {
    const told = mapped(waited('user_temporary'), decision({ source: 'user_temporary' }));
    expect(told.map(({ kind }) => kind)).toEqual(['approval_wait', 'tool_decision']);
  });
});

describe('the content of a tool', () => {
  const given = { tool_input: '{"command":"echo one"}' };

  test.each(orders)('is what it was given and what came of it, %s', (_, inOrder) => {
    const records = inOrder([decision(), execution(), tool({}, { output: 'one' }), result(given)]);
    expect(toolOf(...records)).toMatchObject({ arguments: given.tool_input, result: 'one' });
  });

  test.each([
    [{ content: 'a file' }, 'a file'],
    [{ diff: '[]' }, '[]'],
    [{ output: '<REDACTED>' }, undefined],
    [{ output: '' }, undefined],
    [{}, undefined],
  ])('of output %j is %j', (output, expected) => {
    expect(toolOf(execution(), tool({}, output))?.result).toBe(expected);
  });

  test('that is kept back is none', () => {
    expect(toolOf(result({ tool_input: '<REDACTED>' }))).not.toHaveProperty('arguments');
  });
});

describe('a tool of an MCP server', () => {
  const unnamed = { tool_name: 'mcp_tool', tool_source: 'mcp' };
  const named = { tool_name: 'mcp__demo__greet' };

  test.each(orders)('has its server from its span, %s', (_, inOrder) => {
    const records = inOrder([decision(unnamed), execution(), tool(named), result(unnamed)]);
    expect(toolOf(...records)).toMatchObject({ mcpServer: 'demo' });
  });

  test('is named by its span in all that is told later', () => {
    const told = mapped(execution(), tool(named), decision(unnamed), result(unnamed));
    expect(new Set(told.map((event) => 'name' in event && event.name))).toEqual(
      new Set(['mcp__demo__greet']),
    );
  });

  test.each([
    ['details', '{"mcp_server_name":"demo","mcp_tool_name":"greet"}', 'mcp__demo__greet', 'demo'],
    ['no details', undefined, 'mcp_tool', undefined],
    ['other details', '{"full_command":"x"}', 'mcp_tool', undefined],
    ['damaged details', '{', 'mcp_tool', undefined],
    ['details of another shape', 'null', 'mcp_tool', undefined],
  ])('is told by its log with %s', (_, tool_parameters, name, mcpServer) => {
    const told = toolOf(result({ ...unnamed, tool_parameters }));
    expect({ name: told?.name, mcpServer: told?.mcpServer }).toEqual({ name, mcpServer });
  });
});

describe('tools', () => {
  test('are joined by their id, and their numbers read from strings', () => {
    expect(toolsOf(decision(), result())).toEqual([{ name: 'Bash', calls: 1, failures: 0, durationMs: 31 }]);
  });

  test.each([
    ['config', false],
    ['hook', false],
    ['user_temporary', true],
    ['user_permanent', true],
    ['user_reject', true],
    ['user_abort', true],
  ])('decided by %s: asked a person = %s', (source, byPerson) => {
    expect(mapped(decision({ decision: 'accept', source }))).toMatchObject([{ byPerson }]);
    expect(mapped(waited(source))).toHaveLength(byPerson ? 1 : 0);
  });
});
