/** Sessions in a terminal: a person types two prompts, allows a tool and quits. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cliCases } from '../support/cli-cases.ts';
import { expectFigures } from '../support/figures.ts';
import { rig } from '../support/rig.ts';
import { readForwarded, readReceipt, tracedTerminal } from '../support/traced.ts';

/** How long the person looks at the question before the answer, ms. */
const thinkingMs = 1500;

test.each(cliCases)('$name', async ({ name, askedCommand, tool, terminal: its }) => {
  const cli = await rig(name, {
    main: [
      { kind: 'tool', calls: [askedCommand('touch ran')] },
      { kind: 'text', text: 'First answer.' },
      { kind: 'text', text: 'Second answer.' },
    ],
  });
  const terminal = tracedTerminal(cli, {}, { cols: 60, rows: 50 });
  await terminal.waitFor(its.ready, 60_000);
  await terminal.submit('Say hello to me.');
  await terminal.waitFor(its.asks);
  await sleep(thinkingMs);
  await terminal.press('enter');
  await terminal.waitFor('First answer.');
  await terminal.submit('And once more.');
  await terminal.waitFor('Second answer.');
  await terminal.submit(its.quit);
  expect(await terminal.exit).toEqual({ code: 0, signal: null });

  expect(existsSync(join(cli.cwd, 'ran'))).toBe(true);
  const receipt = readReceipt(cli);
  expectFigures(receipt, cli.api.spent);
  expect(receipt).toMatchObject({ turns: 2, tool_calls: 1, errors: { total: 0 }, warnings: [] });
  expect(receipt.session_ids).toHaveLength(1);
  expect(receipt.tools).toMatchObject([{ name: tool, calls: 1, failures: 0 }]);
  expect(receipt.timing.waiting_ms).toBeGreaterThanOrEqual(thinkingMs);
  expect(receipt.tools[0]?.duration_ms).toBeLessThan(thinkingMs);

  expect(readForwarded(cli)).not.toMatch(/Say hello|And once more|First answer|touch ran/);

  const lines = terminal.screen({ unwrapped: true }).split('\n');
  const head = lines.findLastIndex((line) => line.startsWith('ai-trace  '));
  expect(lines.slice(head).join('\n')).toContain('2 turns');
  expect(lines.slice(head).filter((line) => line.length > 60)).toEqual([]);
});

test.each(cliCases)(
  '$name is stopped in the middle of an answer, and goes on',
  async ({ name, terminal: its }) => {
    const cli = await rig(name, {
      main: [
        { kind: 'stall', afterEvents: 2 },
        { kind: 'text', text: 'Second answer.' },
      ],
    });
    const terminal = tracedTerminal(cli, {}, { cols: 100, rows: 40 });
    await terminal.waitFor(its.ready, 60_000);
    await terminal.submit('Say hello to me.');
    await expect
      .poll(() => cli.api.spent.some(({ kind }) => kind === 'unfinished'), { timeout: 20_000 })
      .toBe(true);
    await terminal.press(its.interrupt);
    await sleep(1000);
    await terminal.submit('And once more.');
    await terminal.waitFor('Second answer.');
    await terminal.submit(its.quit);
    expect(await terminal.exit).toEqual({ code: 0, signal: null });

    const receipt = readReceipt(cli);
    expect(receipt.turns).toBe(2);
    expect(receipt.errors.by_type).toEqual({ cancelled: 1 });
  },
);
