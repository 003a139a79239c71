import { describe, expect, test } from 'vitest';
import { totalsOf } from '../../../../src/session/totals.ts';
import { answers, readSpan, spentBy, spentIn } from '../../../support/unified-spans.ts';
import { call, prompt, total, turnEnd } from '../../session/events.ts';
import { plain } from '../plain.ts';
import { startTraces } from './told-traces.ts';

describe('the LLM spans together spend what the receipt says', () => {
  /** What has left before and what leaves at the end. */
  function sumOf(run: ReturnType<typeof startTraces>, before: readonly ReturnType<typeof readSpan>[] = []) {
    const spans = [...before, ...run.close()];
    const told = spentBy(totalsOf(run.recorder.session));
    const sent = spentIn(spans);
    expect(sent.usage).toEqual(told.usage);
    expect(sent.usd).toBeCloseTo(told.usd, 9);
    return spans.filter(({ isCorrection }) => isCorrection);
  }

  test('without any correction, where the CLI’s totals tell nothing new', () => {
    const run = startTraces();
    run.tell(prompt(), call({ reportedUsd: 0.5 }), total({ value: 0.5 }));
    run.tell(total({ measure: 'input', value: 100 }), total({ measure: 'output', value: 10 }));
    expect(sumOf(run)).toEqual([]);
  });

  test('with a call that only the totals tell of', () => {
    const run = startTraces();
    run.tell(prompt(), call({ reportedUsd: 0.5 }), total({ value: 0.75 }));
    run.tell(total({ measure: 'input', value: 130 }), total({ measure: 'output', value: 12 }));
    const [correction, ...more] = sumOf(run);
    expect(more).toEqual([]);
    expect(correction).toMatchObject({ name: 'chat model-a', kind: 'LLM', startedAt: 9000, endedAt: 9000 });
    expect(plain(correction?.attributes ?? [])).toMatchObject({
      'gen_ai.usage.input_tokens': 'int 30',
      'gen_ai.usage.output_tokens': 'int 2',
      'gen_ai.usage.cost_usd': 'double 0.25',
      'ai_trace.call.unattributed': true,
      'session.id': 's',
    });
  });

  test('with tokens of which no price is told: they are no silent $0', () => {
    const run = startTraces();
    run.tell(prompt(), call({ reportedUsd: 0.5 }), total({ measure: 'input', value: 130 }));
    run.tell(total({ measure: 'output', value: 10 }));
    const [correction] = sumOf(run);
    const attributes = plain(correction?.attributes ?? []);
    expect(attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 'int 30' });
    expect(Object.keys(attributes).filter((key) => /cost_usd|usage\.cost|llm\.cost/.test(key))).toEqual([]);
  });

  test('with a model that only the totals tell of, below the session', () => {
    const run = startTraces();
    run.tell(prompt(), total({ model: 'model-b', role: 'utility', value: 0.125 }));
    run.tell(total({ model: 'model-b', role: 'utility', measure: 'input', value: 7 }));
    const spans = run.close();
    const session = spans.at(-1);
    const [correction] = spans.filter(({ isCorrection }) => isCorrection);
    expect(correction).toMatchObject({ parentId: session?.spanId, traceId: session?.traceId, usd: 0.125 });
  });

  test('with what the CLI said a turn cost, after its calls had left', () => {
    const run = startTraces();
    run.tell(prompt({ traceId: 'ab' }), call({ traceId: 'ab' }));
    run.tell(turnEnd({ traceId: 'ab', turnId: 'turn-1' }));
    const before = run.traces.take(0, 0).spans.map(readSpan);
    expect(answers(before)).toHaveLength(1);
    run.tell({ kind: 'turn_cost', sessionId: 's', turnId: 'turn-1', usd: 5 });
    const [correction] = sumOf(run, before);
    expect(correction?.usd).toBeCloseTo(5 - 0.11, 9);
    expect(plain(correction?.attributes ?? [])).toMatchObject({ 'gen_ai.usage.input_tokens': 'int 0' });
  });

  test('with what was learnt of a call after its span had left', () => {
    const run = startTraces();
    run.tell(prompt(), call({ usage: { ...call().usage, inputTokens: 50 } }), turnEnd());
    const before = run.traces.take(0, 0).spans.map(readSpan);
    run.tell(call());
    expect(sumOf(run, before)).toHaveLength(1);
  });

  test('also where tokens have no price', () => {
    const run = startTraces({}, () => null);
    run.tell(prompt(), call());
    expect(sumOf(run)).toEqual([]);
  });
});
