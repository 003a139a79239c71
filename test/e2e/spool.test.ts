/** What a collector did not take is on disk, and arrives later: by the next session, or by `ai-trace flush`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { countRecords } from '../../src/otlp/count.ts';
import { cliCases } from '../support/cli-cases.ts';
import { startFaultyCollector } from '../support/faults/collector.ts';
import type { Rig } from '../support/rig.ts';
import { rig } from '../support/rig.ts';
import { runHeadless } from '../support/run.ts';
import { aiTrace, traced } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;

async function deadCollector() {
  const collector = await startFaultyCollector({ behaviour: { kind: 'closed' } });
  onTestFinished(() => collector.close());
  const records = () =>
    collector.taken.reduce((sum, { signal, request }) => sum + countRecords(signal, request as never), 0);
  return { collector, records };
}

function flush({ env, cwd }: Rig, ...words: string[]) {
  return runHeadless([process.execPath, aiTrace, 'flush', ...words], { env, cwd, timeoutMs: 60_000 });
}

/** Everything that ai-trace keeps on disk for later. */
function spoolOf({ home }: Rig): Buffer[] {
  const dir = join(home, '.local/state/ai-trace/spool');
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}

describe.each(cliCases)('$name', ({ name }) => {
  test('what no collector took is flushed', async () => {
    const { collector, records } = await deadCollector();
    const cli = await rig(name, { main: [done] });
    const { receipt } = await traced(cli, { own: ['--forward', collector.url] });
    const { spooled, dropped } = receipt.telemetry;
    expect(spooled).toBeGreaterThan(0);
    expect(dropped).toBe(0);
    const early = await flush(cli, '--forward', collector.url);
    expect(early.stdout.toString()).toMatch(/stay on disk: nothing was listening/);
    expect(early.code).toBe(1);

    await collector.become({ kind: 'ok' });
    const { code, stdout } = await flush(cli);
    expect(stdout.toString()).toMatch(new RegExp(`^sent ${spooled} records \\(.*\\) to ${collector.url}\n$`));
    expect(code).toBe(0);
    expect(records()).toBe(spooled);
    expect(spoolOf(cli)).toEqual([]);
    expect((await flush(cli)).stdout.toString()).toBe('nothing waits to be sent\n');
  });

  test('what no collector took is sent by the next session', async () => {
    const { collector, records } = await deadCollector();
    const cli = await rig(name, { main: [done, done] });
    const first = await traced(cli, { own: ['--forward', collector.url] });
    await collector.become({ kind: 'ok' });
    const second = await traced(cli, { own: ['--forward', collector.url] });
    expect(second.receipt.telemetry).toMatchObject({ spooled: 0, dropped: 0 });
    // A session may end before it is through with what was left; then it is left to the next.
    await flush(cli);
    const runs = collector.taken.map(({ request }) => JSON.stringify(request));
    for (const { receipt } of [first, second]) {
      expect(runs.some((each) => each.includes(receipt.run_id))).toBe(true);
    }
    expect(records()).toBeGreaterThan(first.receipt.telemetry.spooled);
    expect(spoolOf(cli)).toEqual([]);
  });
});

test('headers are never on disk, and what was to be sent with them waits for them', async () => {
  const { collector, records } = await deadCollector();
  const cli = await rig('claude', { main: [done] });
  const token = 'made-up-token-0123456789';
  const own = ['--forward', collector.url, '--forward-header', `authorization=Bearer ${token}`];
  const { receipt } = await traced(cli, { own });
  expect(receipt.telemetry.spooled).toBeGreaterThan(0);
  expect(spoolOf(cli).some((bytes) => bytes.includes(token))).toBe(false);

  await collector.become({ kind: 'ok' });
  const without = await flush(cli, '--forward', collector.url);
  expect(without.stdout.toString()).toMatch(/wants headers or a certificate/);
  expect(without.code).toBe(1);
  expect(records()).toBe(0);

  const { code } = await flush(cli, ...own);
  expect(code).toBe(0);
  expect(records()).toBe(receipt.telemetry.spooled);
});

test('with --spool-limit 0 nothing is on disk, and the loss is counted', async () => {
  const { collector } = await deadCollector();
  const cli = await rig('claude', { main: [done] });
  const { receipt } = await traced(cli, { own: ['--forward', collector.url, '--spool-limit', '0'] });
  expect(receipt.telemetry.spooled).toBe(0);
  expect(receipt.telemetry.dropped).toBeGreaterThan(0);
  expect(receipt.warnings).toEqual([]);
  expect(readdirSync(join(cli.home, '.local/state/ai-trace'))).toEqual(['sessions']);
});

test('a wrong word behind flush is told, and nothing is done', async () => {
  const cli = await rig('claude', { main: [done] });
  const { code, stdout, stderr } = await flush(cli, '--bogus');
  expect(code).toBe(2);
  expect(stdout.toString()).toBe('');
  expect(stderr).toMatch(/^ai-trace: unknown option '--bogus'/);
});
