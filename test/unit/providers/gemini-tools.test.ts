import { describe, expect, test } from 'vitest';
import type { LogRecord, Span } from '../../../src/otlp/types.ts';
import { gemini } from '../../../src/providers/gemini.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { recorded } from '../session/events.ts';
import { type Attributes, events, log, span } from './records.ts';

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
