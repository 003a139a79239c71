import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { killRounds } from '../../bench/kill/rounds.ts';
import { bundle } from '../../scripts/typescript.mjs';
import { aiTrace } from '../support/traced.ts';

/** Short of `bench/kill.mjs`, but with one round of ten sessions at once. */
const rounds = 10;

test('what ai-trace acknowledged before it was killed arrives in the end', async () => {
  const standin = await bundle('bench/kill/cli.ts');
  onTestFinished(() => rm(dirname(standin), { recursive: true }));
  const outcome = await killRounds({
    aiTrace,
    standin,
    recording: fileURLToPath(new URL('../fixtures/captures/codex/exec-tool', import.meta.url)),
    rounds,
    seed: 1,
  });
  expect(outcome).toMatchObject({ rounds, lost: 0, brokenReceipts: [], flushErrors: [] });
  // The rest would prove nothing if nobody had been killed, or nothing taken before.
  expect(outcome.killed).toBeGreaterThanOrEqual(rounds / 2);
  expect(outcome.acknowledged).toBeGreaterThan(0);
});
