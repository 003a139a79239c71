import { expect, test } from 'vitest';
import { activeEnvironment, activeVariable, outerRunOf } from '../../../src/commands/outer-run.ts';

const run = {
  runId: '6a82880d-072c-4d24-a83d-2b5d15fd1f18',
  traceParent: '00-0af7651916cd43dd8448eb211c80319c-6a82880d072c4d24-01',
  forward: ['http://127.0.0.1:4318'],
};
const alive = () => true;

test('a run is told to those that its CLI starts', () => {
  const env = activeEnvironment(run) as NodeJS.ProcessEnv;
  expect(outerRunOf(env)).toMatchObject(run);
});

test('files of one run are not for those within it', () => {
  const { [activeVariable]: _, ...others } = activeEnvironment(run);
  expect(others).toEqual({ AI_TRACE_SUMMARY_FILE: undefined, AI_TRACE_RECORD: undefined });
});

test('a run that has ended is none: what an agent leaves behind keeps the variable', () => {
  const env = activeEnvironment(run) as NodeJS.ProcessEnv;
  expect(outerRunOf(env, () => false)).toBeNull();
  // No process has this number.
  expect(outerRunOf({ [activeVariable]: JSON.stringify({ ...run, pid: 2 ** 30 }) })).toBeNull();
});

test('a run without spans of its own making has no place for others below it', () => {
  const env = { [activeVariable]: JSON.stringify({ ...run, traceParent: null, pid: 1 }) };
  expect(outerRunOf(env, alive)?.traceParent).toBeNull();
});

test.each([
  '',
  '{',
  'null',
  '5',
  '{"runId":"a"}',
  '{"pid":1,"runId":5,"forward":[]}',
  '{"pid":1,"runId":"a"}',
])('what is not understood is no run: %s', (value) => {
  expect(outerRunOf({ [activeVariable]: value }, alive)).toBeNull();
});

test('without the variable there is none', () => {
  expect(outerRunOf({}, alive)).toBeNull();
});
