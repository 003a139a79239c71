/** `ai-trace doctor` finds its probe in real stores, behind a shipped Alloy. */
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { ensureCli } from '../../scripts/clis.mjs';
import type { Program } from '../support/backends/program.ts';
import { type StoreUrls, startStores } from '../support/backends/stores.ts';
import { cliCases } from '../support/cli-cases.ts';
import { closedUrl } from '../support/collector.ts';
import { doctored } from '../support/doctor.ts';
import { cliEnv, createSandbox } from '../support/sandbox.ts';

const alloy = inject('alloy');
const prometheus = inject('prometheus');
const loki = inject('loki');
const tempo = inject('tempo');

describe.skipIf(!alloy || !prometheus || !loki)('the probe', () => {
  const started: Program[] = [];
  let alloyUrl: string;
  let urls: StoreUrls;
  beforeAll(async () => {
    if (!alloy || !prometheus || !loki) throw new Error('a program is missing');
    ({ alloyUrl, urls } = await startStores({ alloy, prometheus, loki, tempo }, started));
  }, 300_000);
  afterAll(async () => {
    for (const program of started) await program.remove();
  }, 120_000);

  test.each(cliCases)('of $name is found', { timeout: 120_000 }, async ({ name }) => {
    const sandbox = await createSandbox();
    onTestFinished(() => sandbox.remove());
    // Nobody may ask its model.
    const apiUrl = await closedUrl();
    const env = cliEnv(name, { apiUrl, executable: await ensureCli(name), sandbox });
    const stores = Object.entries(urls).filter(([, url]) => url !== null);
    const words = stores.flatMap(([store, url]) => [`--${store}`, `${url}`]);
    const { code, report } = await doctored({ env, cwd: sandbox.cwd }, [
      '--provider',
      name,
      '--forward',
      alloyUrl,
      ...words,
    ]);
    expect(
      report.links.filter(({ state }) => state !== 'ok'),
      JSON.stringify(report.links),
    ).toEqual([]);
    expect(code).toBe(0);
    const found = report.links.filter(({ link }) => link === 'stored');
    expect(found.map(({ of }) => 'name' in of && of.name)).toEqual(
      expect.arrayContaining(stores.map(([store]) => store)),
    );
  });
});
