import { describe, expect, test } from 'vitest';
import { totalsOf } from '../../../../src/session/totals.ts';
import { answers, readSpan } from '../../../support/unified-spans.ts';
import { call, decision, failure, prompt, toolCall, turnEnd } from '../../session/events.ts';
import { plain } from '../plain.ts';
import { startTraces } from './told-traces.ts';

const names = (spans: readonly { name: string }[]) => spans.map(({ name }) => name);

describe('a span leaves', () => {
  test('when nothing has been told of it for as long as its records may take', () => {
    const run = startTraces();
    run.tell(prompt(), failure({ model: 'm' }));
    expect(run.take(0)).toEqual({ names: [], waitMs: 100 });
    expect(run.take(99)).toEqual({ names: [], waitMs: 1 });
    expect(run.take(100)).toEqual({ names: ['chat m'], waitMs: null });
  });

  test('not before it is final, and nobody waits for it', () => {
    const run = startTraces();
    run.tell(prompt(), call());
    expect(run.take(0)).toEqual({ names: [], waitMs: null });
    expect(run.take(5000)).toEqual({ names: [], waitMs: null });
    run.tellAt(6000, turnEnd());
    expect(run.take(6000)).toEqual({ names: ['chat model-a'], waitMs: 100 });
    expect(run.take(6100).names).toEqual(['invoke_agent codex']);
  });

  test('at once where nothing has to settle', () => {
    const run = startTraces();
    run.tell(failure({ model: 'm' }));
    expect(run.take(0, 0)).toEqual({ names: ['chat m'], waitMs: null });
  });

  test('later when another record tells more of it, with what that told', () => {
    const run = startTraces();
    run.tell(prompt(), failure({ type: 'unknown' }), failure({ errorId: 'other', model: 'other' }));
    run.tellAt(100, failure({ type: 'auth', model: 'm' }));
    expect(run.take(100).names).toEqual(['chat other']);
    expect(run.take(199)).toEqual({ names: [], waitMs: 1 });
    const [span] = run.traces.take(200, 100).spans.map(readSpan);
    expect(span).toMatchObject({ name: 'chat m', errorType: 'auth' });
  });

  test('once, whatever is told of it later', () => {
    const run = startTraces();
    run.tell(prompt(), call(), turnEnd());
    run.take(0, 0);
    run.tell(call({ traceId: 'ab' }), turnEnd(), prompt());
    expect(run.take(1000, 0)).toEqual({ names: [], waitMs: null });
    expect(names(run.close())).toEqual(['ai-trace codex']);
  });

  test('once, though a prompt that is told of late moves it to another turn', () => {
    const run = startTraces();
    run.tell(prompt({ at: 1000 }), call({ endedAt: 3000 }), turnEnd({ endedAt: 4000 }));
    run.take(0, 0);
    run.tell(prompt({ at: 2000 }));
    const spans = run.close();
    expect(names(answers(spans))).toEqual([]);
    expect(names(spans)).toEqual(['invoke_agent codex', 'ai-trace codex']);
  });

  test('with all that the turn came to, though most of it left before', () => {
    const run = startTraces();
    run.tell(prompt(), call({ callId: 'one', reportedUsd: 1, durationMs: 500 }));
    run.tell(call({ callId: 'two', reportedUsd: 2, endedAt: 4000, durationMs: 500 }));
    expect(run.take(0, 0).names).toEqual(['chat model-a']);
    run.tell(turnEnd());
    const turn = run.traces.take(100, 0).spans.map(readSpan)[0];
    expect(plain(turn?.attributes ?? [])['ai_trace.turn.cost_usd']).toBe('double 3');
  });

  test('when it belongs to a turn that was over before', () => {
    const run = startTraces();
    run.tell(prompt(), call({ callId: 'one' }), turnEnd());
    run.take(0, 0);
    run.tell(call({ callId: 'late', model: 'late', endedAt: 4500 }));
    const [late] = run.traces.take(100, 0).spans.map(readSpan);
    expect(late?.name).toBe('chat late');
  });
});

test('a turn settles by what is told of itself, whatever prompts follow', () => {
  const run = startTraces();
  run.tellAt(0, prompt({ at: 1000 }));
  run.tellAt(90, prompt({ at: 2000 }));
  run.tellAt(190, prompt({ at: 3000 }));
  expect(run.take(100).names).toEqual(['invoke_agent codex']);
  expect(run.take(190).names).toEqual(['invoke_agent codex']);
});

test('at most so many leave at once as they may, the others before it is looked again', () => {
  const run = startTraces();
  run.tell(failure({ errorId: 'a', model: 'a' }), failure({ errorId: 'b', model: 'b' }));
  const first = run.traces.take(0, 0, 1);
  expect([names(first.spans.map(readSpan)), first.waitMs]).toEqual([['chat a'], 0]);
  run.tell(failure({ errorId: 'c', model: 'c' }));
  const second = run.traces.take(0, 0, 5);
  expect([names(second.spans.map(readSpan)), second.waitMs]).toEqual([['chat b'], null]);
  expect(run.take(0, 0).names).toEqual(['chat c']);
});

test('what was said is forgotten with a turn that has left, its figures are not', () => {
  const run = startTraces();
  run.tell(prompt(), call({ input: 'in', output: 'out' }), toolCall({ arguments: 'a', result: 'r' }));
  const before = totalsOf(run.recorder.session);
  run.take(0, 0);
  expect(run.recorder.session.llmCalls.get('call-1')?.output).toBe('out');
  run.tell(turnEnd());
  run.take(0, 0);
  const { llmCalls, tools } = run.recorder.session;
  expect(JSON.stringify([...llmCalls.values(), ...tools.values()])).not.toMatch(
    /"(input|output|result|arguments)"/,
  );
  expect(totalsOf(run.recorder.session)).toEqual(before);
});

describe('at the end', () => {
  test('the rest leaves, and the session with links to its turns', () => {
    const run = startTraces();
    run.tell(prompt({ at: 1000 }), call(), turnEnd(), prompt({ at: 6000 }), decision({ at: 6500 }));
    const before = run.traces.take(0, 0).spans.map(readSpan);
    const spans = run.close();
    expect(names(before)).toEqual(['invoke_agent codex', 'chat model-a']);
    expect(names(spans)).toEqual(['invoke_agent codex', 'execute_tool shell', 'ai-trace codex']);
    const session = spans.at(-1);
    const turns = [...before, ...spans].filter(({ name }) => name === 'invoke_agent codex');
    expect(session?.links).toEqual(turns.map(({ traceId, spanId }) => ({ traceId, spanId })));
    expect(session).toMatchObject({ parentId: '', kind: 'CHAIN', startedAt: 500, endedAt: 9000 });
  });

  test('the session says what the receipt says', () => {
    const run = startTraces();
    run.tell(prompt(), call({ reportedUsd: 0.25 }));
    const attributes = plain(run.close().at(-1)?.attributes ?? []);
    expect(attributes).toMatchObject({
      'session.id': 's',
      'gen_ai.conversation.id': 's',
      'openinference.span.kind': 'CHAIN',
      'gen_ai.agent.name': 'codex',
      'ai_trace.session.llm_calls': 'int 1',
      'ai_trace.session.input_tokens': 'int 100',
      'ai_trace.session.cost_usd': 'double 0.25',
      'process.exit.code': 'int 0',
    });
    const forbidden = Object.keys(attributes).filter((key) => /^gen_ai\.(usage|request)|^llm\./.test(key));
    expect(forbidden).toEqual([]);
  });

  test.each([
    ['well', { code: 0, signal: null }, null],
    ['with another code', { code: 1, signal: null }, 'auth'],
    ['by a signal', { code: null, signal: 'SIGINT' }, 'auth'],
  ])('the session of a CLI that ended %s', (_, exit, errorType) => {
    const run = startTraces();
    run.tell(prompt(), failure({ type: 'auth' }));
    const session = run.close({ exit }).at(-1);
    expect(session?.errorType).toBe(errorType);
    expect(session?.span.status).toEqual(errorType === null ? undefined : { code: 2 });
  });

  test('a session of which nothing is known is named by the run', () => {
    const [session, ...more] = startTraces().close({ exit: { code: 1, signal: null } });
    expect(more).toEqual([]);
    expect(session?.errorType).toBe('unknown');
    expect(plain(session?.attributes ?? [])).toMatchObject({ 'session.id': 'run-1' });
  });
});
