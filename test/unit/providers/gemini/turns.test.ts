import { expect, test } from 'vitest';
import type { LogRecord, Span } from '../../../../src/otlp/types.ts';
import { gemini } from '../../../../src/providers/gemini/gemini.ts';
import { events, log, ofKind, span } from '../records.ts';

const ids = { 'gen_ai.conversation.id': 's1' };
const traceId = 'aa01';
const [first, second, third] = ['aaaaaaaaaaaaaaa1', 'aaaaaaaaaaaaaaa2', 'aaaaaaaaaaaaaaa3'] as const;

const prompt = (times: [number, number], spanId: string = first) =>
  span('user_prompt', times, ids, { traceId, spanId });
const followUp = (times: [number, number], parentSpanId: string, spanId: string) =>
  span('system_prompt', times, ids, { traceId, spanId, parentSpanId });
const tools = (times: [number, number], parentSpanId: string) =>
  span('schedule_tool_calls', times, ids, { traceId, spanId: 'bbbbbbbbbbbbbbbb', parentSpanId });
const promptLog = (at: number) =>
  log(at, { 'session.id': 's1', 'event.name': 'gemini_cli.user_prompt', prompt_id: `s1########${at}` });

/** What is told of the ends of turns by each record in turn, and at the end of all. */
function ends(...records: (LogRecord | Span)[]) {
  const mapper = gemini.createMapper();
  const told = records.map((record) => ('name' in record ? mapper.span(record) : mapper.log(record)).events);
  return [...told, mapper.finish()].map((some) =>
    ofKind('turn_end', some).map(({ startedAt, endedAt }) => [startedAt, endedAt]),
  );
}

test('a turn without tools ends with the span of its prompt', () => {
  expect(ends(prompt([10, 90]))).toEqual([[[10, 90]], []]);
});

test('a turn with tools ends when the model has answered to the last of them', () => {
  expect(
    ends(
      tools([20, 50], first),
      prompt([10, 51]),
      tools([60, 80], second),
      followUp([52, 81], first, second),
      followUp([82, 95], second, third),
    ),
  ).toEqual([[], [], [], [], [[10, 95]], []]);
});

test('a turn that was stopped with its tools ends there, which is known at the next prompt', () => {
  expect(ends(tools([20, 50], first), promptLog(12), prompt([10, 51]), promptLog(70))).toEqual([
    [],
    [],
    [],
    [[10, 51]],
    [],
  ]);
});

test('its own prompt, whose log comes late, does not end it', () => {
  expect(
    ends(tools([20, 50], first), prompt([10, 51]), promptLog(12), followUp([52, 81], first, second)),
  ).toEqual([[], [], [], [[10, 81]], []]);
});

test('a turn of which nothing more is heard ends with the session', () => {
  expect(ends(tools([20, 50], first), prompt([10, 51]))).toEqual([[], [], [[10, 51]]]);
});

test('the end is told in the trace of the prompt', () => {
  const told = events(
    gemini.createMapper(),
    tools([20, 50], first),
    prompt([10, 51]),
    followUp([52, 81], first, second),
  );
  expect(told).toEqual([{ kind: 'turn_end', sessionId: 's1', traceId, startedAt: 10, endedAt: 81 }]);
});
