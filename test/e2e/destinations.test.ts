/** Where the telemetry goes: to a collector, or nowhere because none is there; the session is the same. */
import { describe, expect, test } from 'vitest';
import { cliCases } from '../support/cli-cases.ts';
import { closedUrl, startCollector } from '../support/collector.ts';
import { expectFigures } from '../support/figures.ts';
import { rig } from '../support/rig.ts';
import { runHeadless } from '../support/run.ts';
import { readReceipt, traced, tracedCommand } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;

describe.each(cliCases)('$name', ({ name }) => {
  test('sends all it received to a collector', async () => {
    const collector = await startCollector();
    const cli = await rig(name, { main: [done] });
    const { receipt, code } = await traced(cli, {
      own: ['--forward', collector.url, '--forward-header', 'x-tenant=blue', '--tag', 'team=red'],
    });
    expect(code).toBe(0);
    expectFigures(receipt, cli.api.spent);
    expect(new Set(collector.requests.map(({ signal }) => signal))).toEqual(
      new Set(['logs', 'traces', 'metrics']),
    );
    for (const { headers } of collector.requests) {
      expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'x-tenant': 'blue' });
    }
    expect(receipt.telemetry).toMatchObject({ spooled: 0, dropped: 0 });
    expect(receipt.telemetry.destinations).toContainEqual({
      url: collector.url,
      state: 'ok',
      last_error: null,
    });
  });

  test('is whole where no collector listens', async () => {
    const url = await closedUrl();
    const cli = await rig(name, { main: [done] });
    const { code, stdout, stderr, receipt } = await traced(cli, {
      own: ['--forward', url, '--summary', 'always'],
    });
    expect(code).toBe(0);
    expect(stdout.toString()).toBe('All done.\n');
    expectFigures(receipt, cli.api.spent);
    expect(stderr.split(`nothing was listening on ${url}`)).toHaveLength(2);
    expect(receipt.warnings).toEqual([]);
    expect(receipt.telemetry.destinations).toContainEqual({
      url,
      state: 'unreachable',
      last_error: 'ECONNREFUSED',
    });
  });

  test('is whole where nothing is forwarded, and no trace is told of', async () => {
    const cli = await rig(name, { main: [done] });
    const command = tracedCommand(cli, 'headless', {});
    const words = command.map((word) => (word.startsWith('file:') ? 'none' : word));
    const { env, cwd } = cli;
    const { code } = await runHeadless(words, { env, cwd, timeoutMs: 120_000 });
    const receipt = readReceipt(cli);
    expect(code).toBe(0);
    expectFigures(receipt, cli.api.spent);
    expect(receipt.trace_ids).toEqual([]);
    expect(receipt.telemetry).toMatchObject({
      forwarded: { requests: 0, bytes: 0 },
      spooled: 0,
      dropped: 0,
      destinations: [],
    });
  });

  test('ends although the collector never answers', async () => {
    const collector = await startCollector({ hangs: true });
    const cli = await rig(name, { main: [done] });
    const { code, receipt } = await traced(cli, { own: ['--forward', collector.url] });
    expect(code).toBe(0);
    expectFigures(receipt, cli.api.spent);
    expect(receipt.telemetry.destinations).toContainEqual({
      url: collector.url,
      state: 'unreachable',
      last_error: expect.any(String),
    });
  });
});
