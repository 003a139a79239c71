import { describe, expect, test } from 'vitest';
import type { LogRecord, Span } from '../../../../src/otlp/types.ts';
import { gemini } from '../../../../src/providers/gemini/gemini.ts';
import { log, span } from '../records.ts';

const callSpan = 'cccccccccccccccc';
const schedule = 'aaaaaaaaaaaaaaaa';
const call = { 'session.id': 's1', prompt_id: 's1########0', role: 'main' };

const request = (at: number) =>
  log(at, { ...call, 'event.name': 'gemini_cli.api_request' }, { spanId: callSpan });
const response = (at: number) => log(at, { ...call, 'event.name': 'gemini_cli.api_response' });
const ids = { 'gen_ai.conversation.id': 's1' };
const called = span('llm_call', [1000, 2000], ids, { spanId: callSpan });
const type = { key: 'exception.type', value: { stringValue: 'AbortError' } };
const stopped = { ...called, events: [{ name: 'exception', attributes: [type] }] };
const toolSpan = span(
  'tool_call',
  [2100, 2200],
  { ...ids, 'gen_ai.tool.name': 'read_file' },
  { parentSpanId: schedule },
);
const scheduled = span('schedule_tool_calls', [2050, 2201], ids, { spanId: schedule });
const toolLog = log(
  2201,
  {
    'session.id': 's1',
    'event.name': 'gemini_cli.tool_call',
    function_name: 'read_file',
    decision: 'accept',
    duration_ms: 110,
  },
  { spanId: schedule },
);
const later = (at: number) => log(at, { 'session.id': 's1', 'event.name': 'gemini_cli.slash_command' });

/** After each record. */
function settling(...records: (LogRecord | Span)[]): number[] {
  const mapper = gemini.createMapper();
  return records.map((record) => {
    if ('name' in record) mapper.span(record);
    else mapper.log(record);
    return mapper.settleMs;
  });
}

/** Logs are sent every 5 s, spans at once. */
const [logsOwed, nothingOwed] = [5200, 400];

describe('the logs are waited for', () => {
  test('of a call that is known by its span, until its answer has come', () => {
    expect(settling(called, request(1000), response(1999))).toEqual([logsOwed, logsOwed, nothingOwed]);
    expect(settling(request(1000), response(1999), called)).toEqual([nothingOwed, nothingOwed, nothingOwed]);
  });

  test('of a call that was stopped, until its request has come: nothing else will', () => {
    expect(settling(stopped, request(1000))).toEqual([logsOwed, nothingOwed]);
    expect(settling(request(1000), stopped)).toEqual([nothingOwed, nothingOwed]);
  });

  test('of a call whose logs were lost, until a later log has come', () => {
    expect(settling(called, later(1500), later(2500))).toEqual([logsOwed, logsOwed, nothingOwed]);
  });

  test('of a tool that is known by its span, until it has come', () => {
    expect(settling(toolSpan, scheduled, toolLog)).toEqual([logsOwed, logsOwed, nothingOwed]);
    expect(settling(toolLog, toolSpan, scheduled)).toEqual([nothingOwed, nothingOwed, nothingOwed]);
  });

  test('of tools that did not run, which have no spans of their own', () => {
    const rejected = log(
      2201,
      { 'session.id': 's1', 'event.name': 'gemini_cli.tool_call', function_name: 'x', decision: 'reject' },
      { spanId: schedule },
    );
    expect(settling(scheduled, rejected)).toEqual([logsOwed, nothingOwed]);
    expect(settling(rejected, scheduled)).toEqual([nothingOwed, nothingOwed]);
  });
});

test('nothing is waited for in the beginning', () => {
  expect(gemini.createMapper().settleMs).toBe(nothingOwed);
});
