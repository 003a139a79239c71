import { expect, test } from 'vitest';
import type { LogRecord } from '../../../src/otlp/types.ts';
import { setSeverity } from '../../../src/pipeline/severity.ts';
import type { AgentEvent } from '../../../src/session/event.ts';
import { call, decision, failure, prompt, toolCall } from '../session/events.ts';

type Severity = [number: number | undefined, text: string | undefined];

function severityOf(events: readonly AgentEvent[], [severityNumber, severityText]: Severity): Severity {
  const record: LogRecord = {
    attributes: [],
    ...(severityNumber !== undefined && { severityNumber }),
    ...(severityText !== undefined && { severityText }),
  };
  setSeverity(record, events);
  return [record.severityNumber, record.severityText];
}

const unset: Severity = [undefined, undefined];
const info: Severity = [9, 'INFO'];
const warn: Severity = [13, 'WARN'];
const error: Severity = [17, 'ERROR'];

test.each<[string, AgentEvent[], Severity]>([
  ['of nothing known', [], info],
  ['of a call', [call()], info],
  ['of a prompt', [prompt()], info],
  ['of a failed attempt', [failure()], error],
  ['of a tool', [toolCall()], info],
  ['of a tool of which it is not told how it ended', [{ ...toolCall(), success: undefined as never }], info],
  ['of a failed tool', [toolCall({ success: false })], warn],
  ['of an allowed tool', [decision()], info],
  ['of a refused tool', [decision({ accepted: false })], warn],
  ['of several things is that of the worst', [call(), failure(), toolCall({ success: false })], error],
])('the severity %s', (_, events, expected) => {
  expect(severityOf(events, unset)).toEqual(expected);
  expect(severityOf(events, info)).toEqual(expected);
});

test.each<[string, Severity]>([
  ['lower', [5, 'DEBUG']],
  ['in its own words', [10, 'notice']],
  ['higher', [21, 'FATAL']],
])('the CLI’s own word stands where nothing is wrong: %s', (_, own) => {
  expect(severityOf([call()], own)).toEqual(own);
});

test('the CLI’s own word stands where it is graver than ours', () => {
  expect(severityOf([failure()], [21, 'FATAL'])).toEqual([21, 'FATAL']);
  expect(severityOf([toolCall({ success: false })], error)).toEqual(error);
});
