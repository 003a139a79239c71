import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { untilFlushed } from '../../../src/commands/cli-flush.ts';
import { startTicksOf } from '../../../src/launcher/leftovers.ts';
import type { Listener } from '../../../src/pipeline/listener/listener.ts';

const stepMs = 10;

/** A clock that only the test moves: it goes on by a step each time the last request is asked for. */
let now: number;
let clock: MockInstance<typeof Date.now>;
beforeEach(() => {
  now = 10_000;
  clock = vi.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => clock.mockRestore());

/** When the connections close and requests stop coming, ms after the end of the CLI. */
interface Activity {
  connected?: number;
  requests?: number;
}

function listenerWith({ connected = 0, requests = 0 }: Activity): Listener {
  const end = now;
  let last = 0;
  return {
    url: '',
    origin: '',
    connections: () => (now - end < connected ? 1 : 0),
    lastRequestAt: () => {
      now += stepMs;
      if (now - end <= requests) last = now;
      return last;
    },
    oversized: () => 0,
    strangers: () => 0,
    timeouts: () => 0,
    warmUp: () => {},
    close: async () => {},
  };
}

/** Passes when it took so long by that clock, or a step longer. */
async function expectWait(
  expected: number,
  activity: Activity,
  limitMs = 1000,
  startTicks: number | null = null,
): Promise<void> {
  const start = now;
  await untilFlushed(listenerWith(activity), startTicks, limitMs);
  expect(now - start).toBeOneOf([expected, expected + stepMs]);
}

describe('what is left to flush is waited for', () => {
  test('hardly at all when all connections are closed', () => expectWait(10, {}));

  test('until the connections are closed', () => expectWait(110, { connected: 110 }));

  test('until it has been quiet, though somebody keeps a connection open', () =>
    expectWait(300, { connected: 5000 }));

  test('until it has been quiet after the last request', () =>
    expectWait(400, { connected: 5000, requests: 100 }));

  test('no longer than the limit, though requests keep coming', () =>
    expectWait(200, { connected: 5000, requests: 5000 }, 200));

  test('not at all without any time', () => expectWait(0, { connected: 5000 }, 0));
});

// Told by /proc; elsewhere nothing tells when a process started.
test.skipIf(process.platform !== 'linux')('processes that the CLI left behind are waited for', async () => {
  const orphan = Number(
    execFileSync('sh', ['-c', 'sleep 30 >/dev/null 2>&1 & echo $!'], { encoding: 'utf8' }),
  );
  const startTicks = startTicksOf(orphan);
  expect(startTicks).not.toBeNull();
  try {
    await expectWait(300, {}, 1000, startTicks);
  } finally {
    process.kill(orphan, 'SIGKILL');
  }
});
