import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import type { ProviderId } from '../../src/providers/provider.ts';
import { turnOf } from '../../src/session/turn.ts';
import { replay } from '../support/replay.ts';

/** `done`, the class of the error it ended with, or null for a turn that no person asked for. */
type Ending = string | null;

/** First digits of the trace, ms, ending: each turn's end in a recording, in order of arrival. */
type TurnEnd = readonly [trace: string, ms: number, ending: Ending];

async function turnEndsIn(provider: ProviderId, scenario: string): Promise<TurnEnd[]> {
  const dir = fileURLToPath(new URL(`../fixtures/captures/${provider}/${scenario}`, import.meta.url));
  const { session, events } = await replay(providers[provider], dir);
  const ends = events.filter((event) => event.kind === 'turn_end');
  return ends.map((end) => {
    const turn = turnOf(session, end);
    const ending = turn && (turn.failure ?? 'done');
    return [end.traceId?.slice(0, 8) ?? '', Math.round(end.endedAt - end.startedAt), ending];
  });
}

test.each<[ProviderId, string, TurnEnd[]]>([
  ['codex', 'exec-plain', [['d0a447e7', 217, 'done']]],
  ['codex', 'exec-429-then-ok', [['b44ef917', 1242, 'done']]],
  [
    'codex',
    'tui-two-prompts',
    [
      // Each prompt has a hidden thread that makes up a title.
      ['79d2b612', 175, null],
      ['53f74933', 2743, 'done'],
      ['6724a6bf', 234, null],
      ['9005b4be', 2499, 'done'],
    ],
  ],
  ['claude', 'print-429-retries', [['cccdd899', 2889, 'done']]],
  ['claude', 'print-403-fails', [['91bd05f0', 329, 'auth']]],
  [
    'claude',
    'tui-two-prompts',
    [
      ['c8f998ac', 405, 'done'],
      ['ecb188fd', 7811, 'done'],
    ],
  ],
  [
    'claude',
    'print-subagent-async',
    [
      ['f2990e59', 758, 'done'],
      // The prompt that Claude makes for itself when the sub-agent reports.
      ['3850998a', 310, null],
    ],
  ],
  [
    'gemini',
    'tui-two-prompts',
    [
      ['eac3cc27', 196, 'done'],
      ['4410c0ff', 174, 'done'],
      // /quit
      ['d05ad716', 82, null],
    ],
  ],
  // Without a terminal it tells of no turn.
  ['gemini', 'headless-plain', []],
])('the turns of %s/%s end', async (provider, scenario, ends) => {
  expect(await turnEndsIn(provider, scenario)).toEqual(ends);
});

test.each<[ProviderId, number[]]>([
  // Two calls and a title, one call and a title: all the same tokens.
  ['codex', [3, 2]],
  // A router's call and the answer, twice.
  ['gemini', [2, 2]],
])('the turns of a terminal session of %s pay for all calls made in them', async (provider, expected) => {
  const dir = fileURLToPath(new URL(`../fixtures/captures/${provider}/tui-two-prompts`, import.meta.url));
  const { session, events } = await replay(providers[provider], dir);
  const calls = [...session.llmCalls.values()];
  const ends = events.filter((event) => event.kind === 'turn_end').filter((end) => turnOf(session, end));
  const paid = ends.map((end) => turnOf(session, end)?.cost.usd ?? 0);
  const within = ends.map(({ startedAt, endedAt }) =>
    calls.filter((call) => startedAt <= call.endedAt && call.endedAt <= endedAt),
  );
  expect(within.map((some) => some.length)).toEqual(expected);
  expect(paid).toEqual(within.map((some) => some.reduce((sum, call) => sum + call.cost.usd, 0)));
});
