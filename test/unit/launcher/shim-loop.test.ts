import { expect, test } from 'vitest';
import { readAbove, startedValue, startedVariable } from '../../../src/launcher/shim-loop.ts';

const nobody = { skip: [], program: null, depth: 0, isEndless: false };
const env = (value: unknown) => ({ [startedVariable]: JSON.stringify(value) });

test('without an ai-trace above there is nothing to skip', () => {
  expect(readAbove({}, 1)).toEqual(nobody);
});

test('what the ai-trace above has started is us, when that one is our parent', () => {
  const above = readAbove(env({ pid: 10, programs: ['/a/codex'], depth: 1 }), 10);
  expect(above).toEqual({ skip: ['/a/codex'], program: '/a/codex', depth: 1, isEndless: false });
});

test('otherwise it may be the CLI that runs us', () => {
  const above = readAbove(env({ pid: 10, programs: ['/a/codex'], depth: 1 }), 11);
  expect(above).toMatchObject({ skip: [], program: '/a/codex' });
});

test('each one adds the program it starts to those that led back to it', () => {
  const first = { [startedVariable]: startedValue(readAbove({}, 1), '/a/codex') };
  const second = { [startedVariable]: startedValue(readAbove(first, process.pid), '/b/codex') };
  const third = readAbove(second, process.pid);
  expect(third).toMatchObject({ skip: ['/a/codex', '/b/codex'], program: '/b/codex', depth: 2 });
});

test('behind a CLI the list begins anew, and the depth goes on', () => {
  const first = { [startedVariable]: startedValue(readAbove({}, 1), '/a/codex') };
  const second = { [startedVariable]: startedValue(readAbove(first, -1), '/a/codex') };
  expect(readAbove(second, process.pid)).toMatchObject({ skip: ['/a/codex'], depth: 2 });
});

test('a dozen of ai-trace above each other is no agent’s work', () => {
  expect(readAbove(env({ pid: 10, programs: ['/a'], depth: 11 }), 1).isEndless).toBe(false);
  expect(readAbove(env({ pid: 10, programs: ['/a'], depth: 12 }), 1).isEndless).toBe(true);
});

test.each(['', '{', '5', 'null', '{"pid":"1"}', '{"pid":1,"depth":1,"programs":[5]}', '{"pid":1,"depth":1}'])(
  'what is not understood says nothing: %s',
  (value) => {
    expect(readAbove({ [startedVariable]: value }, 1)).toEqual(nobody);
  },
);
