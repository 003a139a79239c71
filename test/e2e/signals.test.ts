/** Signals while the model is silent: the CLI ends as it would by itself, and there is a receipt. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { type Rig, rig } from '../support/rig.ts';
import { startHeadless } from '../support/run.ts';
import { readReceipt, tracedCommand } from '../support/traced.ts';

type Ending = { code: number; signal: null } | { code: null; signal: NodeJS.Signals };

/** Rows of the launcher's pitfalls: P4 a death as a death, P14 a launcher that swallows signals, P15 a terminal that has gone. */
const cases: {
  row: string;
  name: CliName;
  signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP';
  ending: Ending;
}[] = [
  { row: 'P4', name: 'codex', signal: 'SIGTERM', ending: { code: null, signal: 'SIGTERM' } },
  { row: 'P4', name: 'codex', signal: 'SIGINT', ending: { code: 1, signal: null } },
  { row: 'P15', name: 'codex', signal: 'SIGHUP', ending: { code: null, signal: 'SIGHUP' } },
  { row: 'P14', name: 'gemini', signal: 'SIGTERM', ending: { code: 0, signal: null } },
  { row: 'P14', name: 'gemini', signal: 'SIGINT', ending: { code: 0, signal: null } },
  { row: 'P15', name: 'gemini', signal: 'SIGHUP', ending: { code: 0, signal: null } },
  { row: 'P4', name: 'claude', signal: 'SIGTERM', ending: { code: 143, signal: null } },
  { row: 'P4', name: 'claude', signal: 'SIGINT', ending: { code: 0, signal: null } },
  { row: 'P15', name: 'claude', signal: 'SIGHUP', ending: { code: 129, signal: null } },
];

test.each(cases)('$row $name, $signal', async ({ name, signal, ending }) => {
  const untraced = await stalled(name);
  // Gemini's launcher swallows what is sent to it alone; the terminal's Ctrl-C goes to all.
  const toGroup = name === 'gemini' || signal === 'SIGINT';
  const plain = startHeadless(
    [untraced.executable, ...untraced.args('headless', 'Say hello to me.')],
    untraced,
  );
  await midAnswer(untraced);
  plain.kill(signal, toGroup ? 'group' : 'process');
  expect(await plain.result).toMatchObject({ ...ending, timedOut: false });

  const cli = await stalled(name);
  const wrapped = startHeadless(tracedCommand(cli, 'headless', {}), cli);
  await midAnswer(cli);
  wrapped.kill(signal, signal === 'SIGINT' ? 'group' : 'process');
  expect(await wrapped.result).toMatchObject({ ...ending, timedOut: false });
  expect(readReceipt(cli)).toMatchObject({ exit: ending, turns: 1 });
});

function stalled(name: CliName): Promise<Rig> {
  return rig(name, { main: [{ kind: 'stall', afterEvents: 2 }] });
}

/** Resolves a moment after the answer has begun. */
async function midAnswer({ api }: Rig): Promise<void> {
  await expect
    .poll(() => api.spent.some(({ kind }) => kind === 'unfinished'), { timeout: 20_000 })
    .toBe(true);
  await sleep(300);
}
