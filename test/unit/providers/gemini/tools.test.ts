import { describe, expect, test } from 'vitest';
import type { LogRecord, Span } from '../../../../src/otlp/types.ts';
import { gemini } from '../../../../src/providers/gemini/gemini.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, events, log, ofKind, span } from '../records.ts';

const schedule = 'aaaaaaaaaaaaaaaa';

/** The log: written when the tool is done, in the enclosing span, with the approval wait in its duration. */
function toolLog(at: number, durationMs: number, change: Attributes = {}, spanId = schedule): LogRecord {
  return log(
    at,
    {
      'session.id': 's1',
      interactive: true,
      'event.name': 'gemini_cli.tool_call',
      function_name: 'run_shell_command',
      duration_ms: durationMs,
      success: true,
      decision: 'accept',
      prompt_id: 's1########0',
      ...change,
    },
    { spanId },
  );
}

/** The span: execution alone, a child of the same enclosing span. */
function toolSpan(times: [number, number], name = 'run_shell_command', parentSpanId = schedule): Span {
  const attributes = { 'gen_ai.tool.name': name, 'gen_ai.conversation.id': 's1' };
  return span('tool_call', times, attributes, { parentSpanId });
}

/** The span around all tools of an answer. */
function scheduleSpan(times: [number, number], spanId = schedule): Span {
  return span('schedule_tool_calls', times, { 'gen_ai.conversation.id': 's1' }, { spanId });
}

function sessionOf(...records: (LogRecord | Span)[]) {
  return recorded(events(gemini.createMapper(), ...records)).session;
}

function totals(...records: (LogRecord | Span)[]) {
  return totalsOf(recorded(events(gemini.createMapper(), ...records)).session);
}

describe.each([
  ['log first', (a: LogRecord, b: Span) => [a, b]],
  ['span first', (a: LogRecord, b: Span) => [b, a]],
])('a tool told by a log and a span, %s', (_, inOrder) => {
  test('waited for a person, and then ran', () => {
    const { tools, timing, toolCalls } = totals(
      ...inOrder(toolLog(30_000, 29_838), toolSpan([29_932, 30_000])),
    );
    expect(toolCalls).toBe(1);
    expect(tools).toEqual([{ name: 'run_shell_command', calls: 1, failures: 0, durationMs: 68 }]);
    expect(timing).toMatchObject({ toolMs: 68, waitingMs: 29_770 });
  });

  test('did not wait when the difference is the CLI’s own bookkeeping', () => {
    const { timing } = totals(...inOrder(toolLog(5000, 110), toolSpan([4930, 5000])));
    expect(timing).toMatchObject({ toolMs: 70, waitingMs: 0 });
  });

  test('did not wait in a headless run, where nobody is there to be asked', () => {
    const { timing } = totals(
      ...inOrder(toolLog(5000, 2000, { interactive: false }), toolSpan([4930, 5000])),
    );
    expect(timing).toMatchObject({ toolMs: 70, waitingMs: 0 });
  });
});

describe('a tool', () => {
  test('without a span has the time of its log', () => {
    expect(totals(toolLog(5000, 34)).tools).toMatchObject([{ durationMs: 34 }]);
  });

  test('that failed is a failure', () => {
    const failed = { success: false, 'error.type': 'file_not_found', function_name: 'read_file' };
    expect(totals(toolLog(5000, 4, failed)).tools).toMatchObject([
      { name: 'read_file', calls: 1, failures: 1 },
    ]);
  });

  test('that does not exist is a failure without a decision', () => {
    const unknown = { success: false, decision: undefined, 'error.type': 'tool_not_registered' };
    expect(totals(toolLog(5000, 1, unknown)).tools).toMatchObject([{ calls: 1, failures: 1 }]);
  });

  test('told by a span alone is not counted: the log is what counts', () => {
    expect(totals(toolSpan([1, 2])).toolCalls).toBe(0);
  });

  test('that a person rejected never ran: all of its time was the wait', () => {
    const { tools, timing } = totals(toolLog(9000, 4000, { decision: 'reject', success: false }));
    expect(tools).toEqual([{ name: 'run_shell_command', calls: 1, failures: 0, durationMs: 0 }]);
    expect(timing).toMatchObject({ toolMs: 0, waitingMs: 4000 });
  });

  test('that a rule rejected made nobody wait', () => {
    const { tools, timing } = totals(
      toolLog(9000, 4000, { decision: 'reject', success: false, interactive: false }),
    );
    expect(tools).toMatchObject([{ calls: 1, failures: 0 }]);
    expect(timing.waitingMs).toBe(0);
  });
});

describe('several tools', () => {
  test('of one name are joined in order, those of another enclosing span not at all', () => {
    const { tools, timing } = totals(
      toolLog(2000, 1000),
      toolLog(3000, 3000, {}, 'bbbbbbbbbbbbbbbb'),
      toolSpan([2990, 3000], 'run_shell_command', 'bbbbbbbbbbbbbbbb'),
      toolSpan([1900, 2000]),
    );
    expect(tools).toMatchObject([{ calls: 2, durationMs: 110 }]);
    // 1000 to 1900 and 0 to 2990: the first lies within the second.
    expect(timing.waitingMs).toBe(2990);
  });

  // Measured on 0.61.0: one answer with three read_file calls is three logs, alike to the millisecond and the byte.
  test('of one name that end in the same millisecond are counted each', () => {
    const read = { function_name: 'read_file', content_length: 11 };
    const { tools } = totals(
      toolLog(5000, 16, read),
      toolLog(5000, 16, read),
      toolLog(5001, 16, read),
      toolSpan([4990, 4996], 'read_file'),
      toolSpan([4990, 4997], 'read_file'),
      toolSpan([4990, 4998], 'read_file'),
    );
    expect(tools).toMatchObject([{ name: 'read_file', calls: 3 }]);
  });
});

/** As measured: two commands side by side, the second one shorter. */
describe('tools of one name that run side by side', () => {
  const logs = [toolLog(1348, 1101), toolLog(1348, 118)];
  const spans = [toolSpan([316, 365]), toolSpan([293, 1346]), scheduleSpan([238, 1348])];

  test.each([
    ['logs first', [...logs, ...spans]],
    ['spans first', [...spans, ...logs]],
    ['a log between the spans', [spans[0], logs[0], logs[1], spans[1], spans[2]]],
  ])('have each its own times: %s', (_, records) => {
    const { tools } = sessionOf(...records.filter((record) => record !== undefined));
    expect([...tools.values()].map(({ endedAt, durationMs }) => [endedAt, durationMs])).toEqual([
      [1346, 1053],
      [365, 49],
    ]);
  });

  test('and begin in the same millisecond are told apart by their call ids', () => {
    const numbered = (times: [number, number], number: number) => {
      const attributes = {
        'gen_ai.tool.name': 'run_shell_command',
        'gen_ai.tool.call_id': `run_shell_command_1795261499577_${number}`,
      };
      return span('tool_call', times, attributes, { parentSpanId: schedule });
    };
    const { tools } = sessionOf(
      numbered([300, 365], 1),
      numbered([300, 1346], 0),
      scheduleSpan([238, 1348]),
      ...logs,
    );
    expect([...tools.values()].map(({ durationMs }) => durationMs)).toEqual([1046, 65]);
  });
});

describe('who decided', () => {
  const told = (...records: (LogRecord | Span)[]) => events(gemini.createMapper(), ...records);
  const decision = (...records: (LogRecord | Span)[]) => ofKind('tool_decision', told(...records));

  test('a person, when they were waited for: when execution began', () => {
    expect(decision(toolLog(30_000, 29_838), toolSpan([29_932, 30_000]))).toEqual([
      {
        kind: 'tool_decision',
        sessionId: 's1',
        turnKey: 's1########0',
        callId: 'run_shell_command#1',
        name: 'run_shell_command',
        accepted: true,
        byPerson: true,
        at: 29_932,
      },
    ]);
  });

  test('a rule, when nobody was waited for', () => {
    expect(decision(toolLog(5000, 110), toolSpan([4930, 5000]))).toMatchObject([
      { byPerson: false, at: 4930 },
    ]);
  });

  test('a person, when it was allowed for the whole session, however fast', () => {
    const log = toolLog(5000, 110, { decision: 'auto_accept' });
    expect(decision(log, toolSpan([4930, 5000]))).toMatchObject([{ byPerson: true }]);
  });

  test('a rule, in a headless run', () => {
    const log = toolLog(5000, 2000, { interactive: false });
    expect(decision(log, toolSpan([4930, 5000]))).toMatchObject([{ byPerson: false }]);
  });

  test('and the wait is that of the tool, in its turn', () => {
    expect(ofKind('approval_wait', told(toolLog(30_000, 29_838), toolSpan([29_932, 30_000])))).toEqual([
      {
        kind: 'approval_wait',
        sessionId: 's1',
        turnKey: 's1########0',
        callId: 'run_shell_command#1',
        startedAt: 162,
        endedAt: 29_932,
      },
    ]);
  });
});

describe('a tool that was rejected', () => {
  const rejected = { decision: 'reject', success: false };

  test('beside one that ran was rejected while that one waited, not when it had run', () => {
    // As measured: the log of the rejected one comes when the other one is done.
    const records = [
      toolLog(4360, 3893),
      toolLog(4361, 3644, rejected),
      toolSpan([4129, 4358]),
      scheduleSpan([458, 4361]),
    ];
    for (const order of [records, records.toReversed()]) {
      const { tools, waits } = sessionOf(...order);
      const of = [...tools.values()].find((tool) => tool.rejected);
      expect(of).toMatchObject({ finished: false, decidedBy: 'person', decidedAt: 4102 });
      expect(waits).toContainEqual({ callId: of?.callId, startedAt: 458, endedAt: 4102 });
    }
  });

  test.each([
    ['left when the one before it was rejected', { decision: undefined, success: false }],
    ['forbidden', { decision: undefined, success: false, error_type: 'policy_violation' }],
  ])('was rejected by no person when it was %s', (_, change) => {
    const { tools, waits } = sessionOf(toolLog(9000, 4000, change));
    expect([...tools.values()]).toMatchObject([{ rejected: true, decidedBy: 'rule' }]);
    expect(waits).toEqual([]);
  });
});

describe('a tool that was stopped while it ran', () => {
  // As measured: its log has no trace and no span.
  const stopped = toolLog(13_559, 5992, { success: false }, '');
  const spans = [toolSpan([10_719, 13_732]), scheduleSpan([7563, 13_733])];

  test.each([
    ['log first', [stopped, ...spans]],
    ['spans first', [...spans, stopped]],
  ])('ran as long as its span, after the wait: %s', (_, records) => {
    const { tools, waits } = sessionOf(...records);
    expect([...tools.values()]).toMatchObject([{ success: false, durationMs: 3013, endedAt: 13_732 }]);
    expect(waits).toEqual([{ callId: 'run_shell_command#1', startedAt: 7740, endedAt: 10_719 }]);
  });

  test('is not joined with a tool that ran at another time', () => {
    const { tools } = sessionOf(toolSpan([100, 200]), scheduleSpan([90, 210]), stopped);
    expect([...tools.values()]).toMatchObject([{ durationMs: 5992 }]);
  });
});

describe('a tool call tells', () => {
  const first = (...records: (LogRecord | Span)[]) => [...sessionOf(...records).tools.values()][0];

  test('what went wrong, in the CLI’s word', () => {
    const log = toolLog(5000, 4, { success: false, error_type: 'file_not_found' });
    expect(first(log, toolSpan([4997, 5000]))).toMatchObject({ failure: 'file_not_found', success: false });
  });

  test('the server it is of', () => {
    expect(first(toolLog(5000, 4, { tool_type: 'mcp', mcp_server_name: 'github' }))).toMatchObject({
      mcpServer: 'github',
    });
  });

  test('which answer asked for it: the last one to its prompt', () => {
    const answer = (at: number, change: Attributes) =>
      log(at, {
        'session.id': 's1',
        'event.name': 'gemini_cli.api_response',
        prompt_id: 's1########0',
        role: 'main',
        total_token_count: 5,
        ...change,
      });
    const told = events(
      gemini.createMapper(),
      answer(1, {}),
      answer(2, {}),
      answer(3, { role: 'utility_loop_detector' }),
      answer(4, { prompt_id: 's1########1' }),
      toolLog(5000, 110),
      toolSpan([4930, 5000]),
    );
    const asker = ofKind('llm_call', told)[1]?.callId;
    expect(ofKind('tool_call', told).map(({ askedBy }) => askedBy)).toEqual([asker, asker]);
    expect(ofKind('tool_decision', told)).toMatchObject([{ askedBy: asker }]);
  });

  const completed = (output: string) => {
    const of = { 'gen_ai.tool.name': 'run_shell_command', 'gen_ai.output.messages': output };
    return span('tool_call', [4930, 5000], of, { parentSpanId: schedule });
  };

  test('what it was given and what came of it, where the CLI sends it', () => {
    const log = toolLog(5000, 110, {
      function_args: '{"command":"false"}',
      metadata: '{"exitCode":1,"isError":true}',
    });
    const parts = [{ functionResponse: { name: 'run_shell_command', response: { output: 'nothing' } } }];
    const done = completed(JSON.stringify({ status: 'success', response: { responseParts: parts } }));
    expect(first(log, done)).toMatchObject({
      arguments: '{"command":"false"}',
      result: '{"output":"nothing"}',
      exitCode: 1,
    });
  });

  test('it also when the content of the span has been taken out since', () => {
    const parts = [{ functionResponse: { response: { output: 'kept' } } }];
    const done = completed(JSON.stringify({ response: { responseParts: parts } }));
    const mapper = gemini.createMapper();
    mapper.span(done);
    done.attributes = [];
    expect(ofKind('tool_call', events(mapper, toolLog(5000, 110))).at(-1)).toMatchObject({
      result: '{"output":"kept"}',
    });
  });

  test.each([
    '',
    '{"response":{"responseParts":[{"functionResp...[TRUNCATED: original length 12000]',
    'null',
    '{}',
    '{"response":{"responseParts":"[Circular]"}}',
  ])('no result when that is %j', (output) => {
    expect(first(toolLog(5000, 110, { metadata: output }), completed(output))).not.toHaveProperty('result');
  });

  test('nothing else of what its changes to a file were', () => {
    const tool = first(toolLog(5000, 4, { metadata: '{"model_added_lines":3}' }));
    expect(tool).not.toHaveProperty('exitCode');
    expect(tool).not.toHaveProperty('result');
  });
});
