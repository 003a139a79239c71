import { expect, test } from 'vitest';
import { hex } from '../../../../src/otlp/hex.ts';
import { parseTraceParent } from '../../../../src/pipeline/unified/trace-context.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

test('a parent is read in all its parts', () => {
  const parent = parseTraceParent(`00-${trace}-${span}-01`);
  expect(parent).toMatchObject({ isSampled: true });
  expect([hex(parent?.traceId), hex(parent?.spanId)]).toEqual([trace, span]);
});

test.each([
  ['00', false],
  ['01', true],
  ['02', false],
  ['03', true],
  ['ff', true],
])('of the flags %s only the last bit says whether it is sampled', (flags, isSampled) => {
  expect(parseTraceParent(`00-${trace}-${span}-${flags}`)?.isSampled).toBe(isSampled);
});

test.each([
  ['of a later version', `01-${trace}-${span}-01`],
  ['of a later version that has more to say', `cc-${trace}-${span}-01-what-the-future-holds`],
  ['with white space around', ` 00-${trace}-${span}-01\n`],
])('a parent %s is understood', (_, value) => {
  expect(hex(parseTraceParent(value)?.spanId)).toBe(span);
});

test.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['a text that is no parent', 'yes'],
  ['the version that is forbidden', `ff-${trace}-${span}-01`],
  ['more in the version that has no more', `00-${trace}-${span}-01-more`],
  ['a dash too many', `00-${trace}-${span}-01-`],
  ['more without a dash', `01-${trace}-${span}-01more`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${span}-01`],
  ['a span of zeros', `00-${trace}-${'0'.repeat(16)}-01`],
  ['a short trace', `00-${trace.slice(1)}-${span}-01`],
  ['a long span', `00-${trace}-${span}0-01`],
  ['upper case', `00-${trace.toUpperCase()}-${span}-01`],
  ['what is no hex', `00-${trace.replace('0', 'g')}-${span}-01`],
  ['no flags', `00-${trace}-${span}`],
  ['flags of one digit', `00-${trace}-${span}-1`],
  ['no version', `${trace}-${span}-01`],
])('%s is no parent', (_, value) => {
  expect(parseTraceParent(value)).toBeNull();
});
