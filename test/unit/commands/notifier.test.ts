import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hasDesktop, Notifier } from '../../../src/commands/notifier.ts';
import type { Setting } from '../../../src/report/notification.ts';
import { type Receipt, receiptOf } from '../../../src/report/receipt.ts';
import type { AgentEvent } from '../../../src/session/event.ts';
import { call, failure, prompt, recorded, turnEnd } from '../session/events.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const traceId = 'trace-1';
const end = turnEnd({ traceId, startedAt: 1000, endedAt: 41_000 });
const asked = [prompt({ traceId }), call({ endedAt: 40_000 })];

function notified(setting: Setting = { mode: 'auto', attended: true }) {
  const recorder = recorded([]);
  const shown: string[] = [];
  const notifier = new Notifier(recorder.session, 'Codex CLI', setting, ({ title, message }) => {
    shown.push(`${title} | ${message}`);
  });
  return {
    shown,
    tell(...events: AgentEvent[]) {
      for (const event of events) {
        recorder.fold(event);
        notifier.onEvent(event);
      }
    },
    finish: (durationMs: number, code = 0) => notifier.sessionEnded(receipt(durationMs, code)),
  };

  function receipt(durationMs: number, code: number): Receipt {
    return receiptOf(recorder.session, {
      runId: 'run',
      provider: 'codex',
      cliVersion: null,
      reportsReasoning: true,
      traceIds: [],
      cwd: '/',
      git: null,
      startedAt: 0,
      endedAt: durationMs,
      exit: { code, signal: null },
      telemetry: {
        received: { logs: 1, spans: 1, metric_points: 0, rejected_requests: 0 },
        forwarded: { requests: 0, bytes: 0 },
        spooled: 0,
        dropped: 0,
        destinations: [],
      },
      warnings: [],
    });
  }
}

const done = 'Codex CLI: turn done | 40.0 s · ~$0.1100';

describe('the end of a turn', () => {
  test('is told when its last records had time to arrive', () => {
    const { shown, tell } = notified();
    tell(prompt({ traceId }), end, call({ endedAt: 40_000 }));
    vi.advanceTimersByTime(1499);
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(shown).toEqual([done]);
  });

  test('is told as what those records say', () => {
    const { shown, tell } = notified();
    tell(...asked, end);
    vi.advanceTimersByTime(1000);
    tell(failure({ at: 40_900, type: 'overloaded' }));
    vi.advanceTimersByTime(1000);
    expect(shown).toEqual(['Codex CLI: turn failed | overloaded · 40.0 s · ~$0.1100']);
  });

  test('of no person is not told', () => {
    const { shown, tell } = notified({ mode: 'always', attended: true });
    tell(prompt({ traceId, author: 'helper' }), call(), end);
    vi.runAllTimers();
    expect(shown).toEqual([]);
  });

  test('waits for nothing when nothing is ever told', () => {
    const { tell } = notified({ mode: 'never', attended: true });
    tell(...asked, end);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the end of the session', () => {
  test('right after a turn that was told is not told again', () => {
    const { shown, tell, finish } = notified();
    tell(...asked, end);
    vi.advanceTimersByTime(1500 + 9_999);
    finish(70_000);
    expect(shown).toEqual([done]);
  });

  test('is told when the turn was a while ago', () => {
    const { shown, tell, finish } = notified();
    tell(...asked, end);
    vi.advanceTimersByTime(1500 + 10_000);
    finish(70_000);
    expect(shown).toEqual([done, 'Codex CLI: session done | 1 m 10 s · $0.1100']);
  });

  test('stands for the turn that ended with it, which is then not told later', () => {
    const { shown, tell, finish } = notified();
    tell(...asked, end);
    finish(42_000, 1);
    vi.runAllTimers();
    expect(shown).toEqual(['Codex CLI: session failed | exit 1 · 42.0 s · $0.1100']);
  });
});

describe('a desktop', () => {
  test.each<[boolean, NodeJS.Platform, NodeJS.ProcessEnv]>([
    [true, 'linux', { DISPLAY: ':0' }],
    [true, 'linux', { WAYLAND_DISPLAY: 'wayland-0' }],
    [false, 'linux', {}],
    [false, 'linux', { DISPLAY: '' }],
    [true, 'darwin', {}],
    [true, 'win32', {}],
  ])('is there: %s, on %s with %o', (there, platform, env) => {
    expect(hasDesktop(platform, env)).toBe(there);
  });
});
