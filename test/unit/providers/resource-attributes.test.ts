import { expect, test } from 'vitest';
import { withRunId } from '../../../src/providers/resource-attributes.ts';

test.each([
  [undefined, 'ai_trace.run.id=r'],
  ['', 'ai_trace.run.id=r'],
  ['  ', 'ai_trace.run.id=r'],
  ['team=red', 'team=red,ai_trace.run.id=r'],
  ['team=red,', 'team=red,ai_trace.run.id=r'],
  [' team=red,env=a%2Cb ', 'team=red,env=a%2Cb,ai_trace.run.id=r'],
])('%j becomes %j', (own, expected) => {
  expect(withRunId(own, 'r')).toBe(expected);
});
