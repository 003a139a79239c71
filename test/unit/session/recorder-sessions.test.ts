import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../../src/session/event.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { call, prompt, recorded, total, turnEnd } from './events.ts';

const started = (sessionId: string, helper = false): AgentEvent => ({ kind: 'session', sessionId, helper });

describe('sessions', () => {
  test('are kept in order of appearance, once each', () => {
    const { session } = recorded([started('a'), prompt({ sessionId: 'b' }), started('a'), started('c')]);
    expect([...session.ids.keys()]).toEqual(['a', 'b', 'c']);
  });

  test('are active when something was asked, answered or run in them', () => {
    const { session } = recorded([started('start-up'), started('real'), prompt({ sessionId: 'real' })]);
    expect(session.ids.get('start-up')).toEqual({ helper: false, active: false });
    expect(session.ids.get('real')).toEqual({ helper: false, active: true });
  });

  test('are not active for a running total alone', () => {
    expect(recorded([total({ sessionId: 'm' })]).session.ids.get('m')?.active).toBe(false);
  });

  test('stay active when they are started again', () => {
    const { session } = recorded([prompt({ sessionId: 'a' }), started('a')]);
    expect(session.ids.get('a')?.active).toBe(true);
  });

  test('keep the traces that hold prompts, calls and tools', () => {
    const { session } = recorded([
      { ...started('s'), traceId: 'start-up' } as AgentEvent,
      prompt({ traceId: 't1' }),
      call({ traceId: 't1' }),
      turnEnd({ traceId: 'noise' }),
      call({ callId: 'call-2', traceId: 't2' }),
    ]);
    expect([...session.traceIds]).toEqual(['t1', 't2']);
  });
});

describe('a helper session', () => {
  const events = [
    started('main'),
    prompt({ sessionId: 'main' }),
    started('title', true),
    prompt({ sessionId: 'title', author: 'helper', at: 1100 }),
    call({ sessionId: 'title', role: 'utility', callId: 'title' }),
    call({ sessionId: 'main', callId: 'main' }),
  ] satisfies AgentEvent[];

  test('belongs to the person’s session', () => {
    const recorder = recorded(events);
    expect(recorder.mainSessionId).toBe('main');
    expect(recorder.ownerOf('title')).toBe('main');
    expect(recorder.ownerOf('main')).toBe('main');
    expect(recorder.ownerOf(undefined)).toBe('main');
    expect(recorder.ownerOf('never seen')).toBe('never seen');
  });

  test('is spend, and no turn of the user', () => {
    const totals = totalsOf(recorded(events).session);
    expect(totals).toMatchObject({ turns: 1, llmCalls: 2 });
    expect(totals.models.map(({ role, usage }) => [role, usage.inputTokens])).toEqual([
      ['utility', 100],
      ['main', 100],
    ]);
  });

  test('before any other has no owner but itself', () => {
    const recorder = recorded([started('title', true)]);
    expect(recorder.mainSessionId).toBeUndefined();
    expect(recorder.ownerOf('title')).toBe('title');
    expect(recorder.ownerOf(undefined)).toBeUndefined();
  });

  test('after a new session of the person belongs to that one', () => {
    const recorder = recorded([...events, started('second'), started('title-2', true)]);
    expect(recorder.ownerOf('title-2')).toBe('second');
  });
});

describe('prompts', () => {
  test('delivered twice are one turn', () => {
    expect(totalsOf(recorded([prompt(), prompt()]).session).turns).toBe(1);
  });

  test('of the CLI itself are kept and are no turns', () => {
    const { session } = recorded([
      prompt({ at: 1 }),
      prompt({ at: 2, author: 'synthetic' }),
      prompt({ at: 3, author: 'helper' }),
    ]);
    expect(session.prompts).toHaveLength(3);
    expect(totalsOf(session).turns).toBe(1);
  });

  test('of two sessions at the same time are two', () => {
    expect(totalsOf(recorded([prompt(), prompt({ sessionId: 'other' })]).session).turns).toBe(2);
  });
});

test('what the CLI says about itself is kept, the last word each', () => {
  const { session } = recorded([
    { kind: 'cli', version: '1.2.3' },
    { kind: 'cli', billing: 'unknown' },
    { kind: 'cli', billing: 'api' },
  ]);
  expect(session).toMatchObject({ cliVersion: '1.2.3', billing: 'api' });
  expect(session.ids.size).toBe(0);
});
